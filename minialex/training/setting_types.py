"""The values of a hand-edited config.json, each checked against the annotation of its setting."""

import json
from collections.abc import Iterable
from dataclasses import Field, field
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from minialex.checks import check_between, check_numbers, did_you_mean, expected
from minialex.devices.host import MOST_WORKERS

MOST = {  # of each integer that has to be positive
    "epochs": 100_000, "batch": 2**24, "image_size": 2**14, "scale": 2**14, "channels": 2**14, "workers": MOST_WORKERS,
    "limit": 2**40, "width": 2**14,
}  # fmt: skip
LEAST_RATE = 1e-300  # every positive number that a training could use


def later(default) -> Any:
    """Declare a setting that older runs lack; it has its default where config.json has no such key."""
    return field(default=default, metadata={"later": True})


def checked_value(path: Path, setting: Field, values: dict) -> Any:
    """Return the value of a setting in config.json; ValueError if it is absent or of another type."""
    if setting.name not in values:
        if "later" in setting.metadata:
            return setting.default
        raise expected(path, "the settings of a run", f"none for {setting.name}", "start a new run")
    value = values[setting.name]
    if not is_of_type(value, setting.type):
        raise expected(path, f"{setting.name} to be {kind_text(setting.type)}", repr(value), "correct it there")
    return tuple(value) if isinstance(value, list) else value


def read_values(folder: Path, names: Iterable[str]) -> dict:
    """Return the settings in a run's config.json, each under one of these names.

    Errors: FileNotFoundError if there is none; ValueError if the file contains anything else, or a setting that only a
            newer version has.
    """
    path = folder / "config.json"
    if not path.is_file():
        got = "one without config.json"
        raise expected(folder, "the folder of a run", got, "minialex train makes one", FileNotFoundError)
    try:
        values = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise expected(path, "JSON", f"something else or a part ({error})", "start a new run") from None
    if not isinstance(values, dict):
        raise expected(path, "the settings of a run", type(values).__name__, "start a new run")
    known = list(names)
    for name in values.keys() - known:
        advice = did_you_mean(name, known) or "remove it, or pip install --upgrade minialex"
        raise expected(path, "settings that this version has", repr(name), advice)
    return values


def check_ranges(values: dict) -> None:
    """Check settings that have the right type: integers and rates that are given are positive, and not immense."""
    for name, most in MOST.items():
        if values[name] is not None:
            check_between("settings", 1, most, **{name: values[name]})
    for name in ("lr", "clip"):
        if values[name] is not None:
            check_numbers("settings", LEAST_RATE, float("inf"), **{name: values[name]})


def is_of_type(value: Any, kind: Any) -> bool:
    """Tell whether a value of JSON is of an annotated type: lists are tuples, numbers are finite and >= 0."""
    if isinstance(kind, UnionType):
        return any(is_of_type(value, one) for one in get_args(kind))
    if get_origin(kind) is tuple:
        return isinstance(value, list) and all(is_of_type(entry, get_args(kind)[0]) for entry in value)
    if kind in (int, float):
        return isinstance(value, int | kind) and not isinstance(value, bool) and 0 <= value < float("inf")
    return isinstance(value, kind)


KINDS = {str: "text", int: "an integer >= 0", float: "a number >= 0", bool: "true or false", type(None): "null"}


def kind_text(kind: Any) -> str:
    """Return what values of JSON an annotation allows."""
    if isinstance(kind, UnionType):
        return " or ".join(map(kind_text, get_args(kind)))
    return f"a list, each {KINDS[get_args(kind)[0]]}" if get_origin(kind) is tuple else KINDS[kind]
