"""Files of a run that were edited or damaged after the run has written them: config.json and metrics.csv.

Both are text, which people open; the checkpoint contains what they said. A run is resumed with edited files only when
its user says so. Where images are, what computes and how long may change at any time.
"""

from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import Any

from minialex.checks import abridged, expected
from minialex.training.config import RunConfig
from minialex.training.history import table_of

PLACES = ("devices", "workers", "split")  # where a run computes
FREE = ("data", "epochs", *PLACES)  # settings that may change from one part of a run to the next
OF_THE_NET = ("model", "preset", "image_size", "scale", "classes", "channels", "standardize")  # and of its inputs


class Edited(RuntimeError):
    """A file of a run that is not what the run has written."""


def check_settings(folder: Path, config: RunConfig, kept: dict[str, Any] | None, names: tuple[str, ...] = ()) -> None:
    """Compare the settings of config.json with those that a file of weights was written with.

    Args:   kept, those (None: of a file that does not contain them); names, of the settings to compare (none: all but
            those that may change).
    Errors: Edited, naming each that differs.
    """
    now = as_json(config)
    differing = [
        f"{name} is {now[name]!r:.50}, was {kept[name]!r:.50}"
        for name in names or [name for name in now if name not in FREE]
        if isinstance(kept, dict) and name in kept and name in now and kept[name] != now[name]
    ]
    if differing:
        what = "the settings that the run was trained with"
        raise expected(folder / "config.json", what, abridged(differing, 5), accepting(folder), Edited)


def check_metrics(folder: Path, history: list[dict], *, longer: bool = False) -> None:
    """Compare metrics.csv, if there is one, with the history in the checkpoint.

    A kill between the two leaves it one line shorter.

    Args:   longer, whether it may have more lines: those of epochs after an older checkpoint.
    Errors: Edited, naming the line that differs.
    """
    path = folder / "metrics.csv"
    if not path.exists():
        return
    lines, known = path.read_bytes().decode("utf-8-sig", "replace").splitlines(), table_of(history).splitlines()
    if lines in (known, known[:-1]) or (longer and lines[: len(known)] == known):
        return
    pairs = zip_longest(lines, known, fillvalue="the end")
    number, (line, wanted) = next((n, pair) for n, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    what = f"what the checkpoint contains, {wanted[:60]!r} in line {number}"
    advice = f"{accepting(folder)}: it is then written again from the checkpoint"
    raise expected(path, what, repr(line[:60]), advice, Edited)


def accepting(folder: Path) -> str:
    """Return what to do about an edited file."""
    return f"undo it, or accept it with minialex train --resume --accept-edits --out {folder}"


def as_json(config: RunConfig) -> dict[str, Any]:
    """Return the settings as config.json has them: tuples are lists there."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(config).items()}
