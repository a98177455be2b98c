"""The assignments: their names, which are those of their files, and their checks."""

import re
from pathlib import Path

from minialex.checks import did_you_mean, expected

CHECKS = Path(__file__).parent / "checks"
ASSIGNMENTS = {
    "relu": "the rectified linear unit",
    "dense": "the fully-connected layer",
    "softmax_loss": "softmax and its loss",
    "conv": "the convolutional layer",
    "max_pool": "max pooling",
    "lrn": "local response normalization",
    "dropout": "dropout",
    "update_rule": "momentum and weight decay",
    "net": "a small AlexNet of two groups",
    "bug_hunt": "seven broken layers",
    "ablation": "an ablation, and its number of seeds",
}


def checks_of(name: str) -> Path:
    """Return the pytest file of an assignment's checks."""
    return CHECKS / f"test_{name}.py"


def assignment_of(path: Path, name: str | None = None) -> str:
    """Return the assignment of a submission: the name that is given, or the one that its file's name contains.

    Errors: ValueError for an unknown name, or a file that names none or several: smith_relu.py, but not smith.py.
    """
    names = ", ".join(ASSIGNMENTS)
    if name is not None:
        if name not in ASSIGNMENTS:
            raise expected("--assignment", f"one of {names}", repr(name), did_you_mean(name, ASSIGNMENTS) or "choose")
        return name
    words = "_" + "_".join(re.findall(r"[a-z0-9]+", path.stem.lower())) + "_"
    named = [one for one in ASSIGNMENTS if f"_{one}_" in words]
    if len(named) != 1:
        got = "several" if named else "none"
        advice = did_you_mean(path.stem, ASSIGNMENTS) or "rename it, or say --assignment NAME"
        raise expected(path, f"one of {names} in the file's name", got, advice)
    return named[0]
