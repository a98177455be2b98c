"""The values of a hand-edited config.json, each checked against the annotation of its setting."""

import json
from dataclasses import Field
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from minialex.checks import expected


def read_values(folder: Path) -> dict:
    """Read config.json in the folder of a run; FileNotFoundError or ValueError if it is not what we write."""
    path = folder / "config.json"
    if not path.is_file():
        got = "one without config.json"
        raise expected(folder, "the folder of a run", got, "minialex train makes one", FileNotFoundError)
    try:
        values = json.loads(path.read_text())
    except ValueError as error:
        got = f"something else or a part ({error})"
        raise expected(path, "JSON", got, "start a new run") from None
    if not isinstance(values, dict):
        raise expected(path, "the settings of a run", type(values).__name__, "start a new run")
    return values


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
