"""config.json: what was asked for when a run began, with what its data said: the names of its classes."""

import json
from pathlib import Path

KINDS = {
    "model": str, "preset": str, "data": str, "image_size": int, "scale": int, "augment": list, "classes": list,
    "devices": str, "workers": int | None, "epochs": int, "batch": int, "lr": int | float,
    "divide_after": list | None, "seed": int, "limit": int | None,
}  # fmt: skip
ENTRIES = {"augment": str, "classes": str, "divide_after": int}  # what the lists hold


def read_config(folder: Path) -> dict:
    """The settings of the run in this folder, each of the kind that it must be: people do edit them.

    Errors: FileNotFoundError if the folder holds no run; ValueError, naming the file, if it is damaged.
    """
    path = folder / "config.json"
    if not path.is_file():
        raise FileNotFoundError(
            f"{folder}: expected the folder of a run, it has no config.json; minialex train makes one"
        )
    try:
        config = json.loads(path.read_text())
    except ValueError as error:
        raise ValueError(f"{path}: expected JSON, got something else or a part ({error}); start a new run") from None
    if not isinstance(config, dict):
        raise ValueError(f"{path}: expected the settings of a run, got {type(config).__name__}; start a new run")
    for key, kinds in KINDS.items():
        if key not in config:
            raise ValueError(f"{path}: expected the settings of a run, got none for {key}; start a new run")
        if not fits(config[key], kinds, ENTRIES.get(key, object)):
            raise ValueError(f"{path}: expected another kind of {key}, got {config[key]!r}; start a new run")
    return config


def fits(value, kinds, entries) -> bool:
    """Whether a value, and all that is in it if it is a list, is of these kinds; numbers here begin at 0."""
    if isinstance(value, bool) or (isinstance(value, int | float) and value < 0):
        return False
    return isinstance(value, kinds) and (not isinstance(value, list) or all(isinstance(v, entries) for v in value))
