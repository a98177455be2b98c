"""The wording of hints: the tutor's verdict in one line, an example worked by hand with its numbers."""

import numpy as np

from minialex.grading.setting import Setting
from minialex.tutor.verdict import Mistake, Verdict

SHOWN = 16  # elements of an array in a hint
NAMES = {"x": "dx", "W": "dW", "b": "db"}


def hint_of(verdict: Verdict, setting: Setting, *, quiet: bool = False, also_y: bool = False) -> str:
    """Return the hint on a wrong array.

    Args:   quiet, without a guess; also_y, whether y is wrong at this setting too.
    """
    worst = verdict.text.split("  ")[-1].strip()  # without the relative error
    if quiet:
        return f"{NAMES.get(verdict.variable, verdict.variable)} is wrong, {worst}" if verdict.variable else worst
    parts = [verdict.advice, worst, example(verdict, setting)]
    return joined([*parts, "forward is wrong here too: mend it first" if also_y else ""])


def joined(parts: list[str]) -> str:
    """Return the parts that are not empty as sentences in one line."""
    first, *others = [part if part.endswith(("?", ".")) else f"{part}." for part in parts if part]
    return " ".join([first, *(part[0].upper() + part[1:] for part in others)]).removesuffix(".")


def example(verdict: Verdict, setting: Setting) -> str:
    """Return the numbers of an example worked by hand, where they are few."""
    key = verdict.variable
    if not setting.by_hand or key not in setting.right or np.size(setting.right[key]) > SHOWN:
        return ""
    given = {"x": setting.x, **setting.params} | ({} if key == "y" else {"dy": setting.dy})
    told = ", ".join(f"{name} = {text(value)}" for name, value in given.items() if value is not None)
    return f"By hand: {told} give {NAMES.get(key, key)} = {text(setting.right[key])}"


def text(values) -> str:
    """Return an array in one line: [[1, 2.5], [3, 4]]."""
    return str(np.array(values, dtype="float64").round(4).tolist()).replace(".0]", "]").replace(".0,", ",")


def sentence(mistake: Mistake) -> str:
    """Return a mistake with its place."""
    return f"{mistake.place}: {mistake}" if mistake.place else str(mistake)
