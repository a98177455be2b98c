"""The update rule beside ours: its values, whether it works in place, and the mistakes that are usual there."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from minialex.grading.student import Student
from minialex.training.sgd import descend
from minialex.tutor.ratios import close
from minialex.tutor.verdict import Mistake

Rule = Callable[..., tuple[np.ndarray, np.ndarray]]  # w, v, g, and these numbers -> w and v after it


def ours(w, v, g, lr: float, momentum: float, decay: float) -> tuple[np.ndarray, np.ndarray]:
    """Return w and v after a step of the paper's rule."""
    w, v = np.array(w, dtype="float64"), np.array(v, dtype="float64")
    descend(w, v, np.array(g, dtype="float64"), lr, momentum, decay)
    return w, v


def moved(w, v) -> tuple[np.ndarray, np.ndarray]:
    return w + v, v


def pytorch(w, v, g, lr, momentum, decay):
    v = momentum * v + g + decay * w
    return w - lr * v, v


# fmt: off
USUAL: list[tuple[str, Rule]] = [
    ("the sign of the gradient: v goes against it",
     lambda w, v, g, lr, momentum, decay: moved(w, momentum * v - lr * decay * w + lr * g)),
    ("the sign of the momentum: v keeps its direction",
     lambda w, v, g, lr, momentum, decay: moved(w, -momentum * v - lr * decay * w - lr * g)),
    ("was the momentum forgotten?",
     lambda w, v, g, lr, momentum, decay: moved(w, v - lr * decay * w - lr * g)),
    ("is the old v left out?",
     lambda w, v, g, lr, momentum, decay: moved(w, -lr * decay * w - lr * g)),
    ("1 - momentum times the gradient: the paper's rule has no such factor",
     lambda w, v, g, lr, momentum, decay: moved(w, momentum * v - lr * decay * w - (1 - momentum) * lr * g)),
    ("the momentum multiplies the gradient too",
     lambda w, v, g, lr, momentum, decay: moved(w, momentum * (v - lr * decay * w - lr * g))),
    ("was the decay forgotten?",
     lambda w, v, g, lr, momentum, decay: moved(w, momentum * v - lr * g)),
    ("the decay is not multiplied by the rate",
     lambda w, v, g, lr, momentum, decay: moved(w, momentum * v - decay * w - lr * g)),
    ("the sign of the decay: it makes weights smaller",
     lambda w, v, g, lr, momentum, decay: moved(w, momentum * v + lr * decay * w - lr * g)),
    ("the decay is outside of v: it belongs inside, where the momentum repeats it",
     lambda w, v, g, lr, momentum, decay: (w + momentum * v - lr * g - lr * decay * w, momentum * v - lr * g)),
    ("the decay is outside of v, and not multiplied by the rate",
     lambda w, v, g, lr, momentum, decay: (w + momentum * v - lr * g - decay * w, momentum * v - lr * g)),
    ("the rate is outside of v, as in PyTorch: when the rate changes, that is another rule than the paper's", pytorch),
    ("w moves by lr times v: the rate is in v already",
     lambda w, v, g, lr, momentum, decay: (w + lr * ours(w, v, g, lr, momentum, decay)[1],
                                           ours(w, v, g, lr, momentum, decay)[1])),
    ("1 - momentum in place of momentum",
     lambda w, v, g, lr, momentum, decay: ours(w, v, g, lr, 1 - momentum, decay)),
    ("w is moved by the old v: first v, then w",
     lambda w, v, g, lr, momentum, decay: (w + v, ours(w, v, g, lr, momentum, decay)[1])),
    ("w - v: the minus is in v already",
     lambda w, v, g, lr, momentum, decay: (w - ours(w, v, g, lr, momentum, decay)[1],
                                           ours(w, v, g, lr, momentum, decay)[1])),
    ("Nesterov's step: the paper's is w + v",
     lambda w, v, g, lr, momentum, decay: (
         w + momentum * ours(w, v, g, lr, momentum, decay)[1] - lr * decay * w - lr * g,
         ours(w, v, g, lr, momentum, decay)[1])),
    ("w is not moved: w + v makes a new array, w += v changes this one",
     lambda w, v, g, lr, momentum, decay: (w, ours(w, v, g, lr, momentum, decay)[1])),
    ("w is moved by a new v, but v itself stays: write v *= momentum, v -= ...",
     lambda w, v, g, lr, momentum, decay: (ours(w, v, g, lr, momentum, decay)[0], v)),
    ("w and v are as before: change them in place (w += v), and return nothing",
     lambda w, v, g, lr, momentum, decay: (w, v)),
]
# fmt: on


def check_step(student: Student, w, v, g, lr: float, momentum: float, decay: float) -> tuple[np.ndarray, np.ndarray]:
    """Check one step of `descend(w, v, gradient, lr, momentum, decay)`, and return w and v after it."""
    numbers: dict[str, Any] = {"lr": lr, "momentum": momentum, "decay": decay}
    given: dict[str, Any] = {name: np.array(one, dtype="float64") for name, one in zip("wvg", (w, v, g), strict=True)}
    _, after = student.call("descend", given, **numbers)
    right = dict(zip("wv", ours(*given.values(), **numbers), strict=True))
    if not np.array_equal(after["g"], given["g"]):
        raise Mistake("descend writes into the gradient: it belongs to the caller")
    for name in "vw":
        if not close(after[name], right[name]):
            worst = np.unravel_index(np.argmax(np.abs(after[name] - right[name])), right[name].shape)
            told = f"{name} at {list(map(int, worst))} is {after[name][worst]:.6g}, right is {right[name][worst]:.6g}"
            hint = "" if student.quiet else usual(after, given, numbers)
            raise Mistake(f"{hint}; {told}" if hint else told)
    return after["w"], after["v"]


def usual(after: Mapping[str, np.ndarray], given: Mapping[str, Any], numbers: Mapping[str, Any]) -> str:
    """Return the usual mistake that gives these w and v, or nothing."""
    for question, rule in USUAL:
        w, v = rule(*given.values(), **numbers)
        if close(after["w"], w) and close(after["v"], v):
            return question
    return "the minus sign is in v: v -= ..., w += v" if close(after["v"], -ours(*given.values(), **numbers)[1]) else ""
