"""The verdict on a gradient: compared with differences, and diagnosed where it is wrong."""

from collections.abc import Iterator

import numpy as np

from minialex.gradcases import TOLERANCE
from minialex.gradcheck import Comparison, compare
from minialex.layer import Layer
from minialex.tutor.arrangement import shape_guess
from minialex.tutor.diagnosis import Evidence, accumulated, guess
from minialex.tutor.differences import ELEMENTS, Differences, best_differences, chosen
from minialex.tutor.gradients import Gradient
from minialex.tutor.location import place_of_gradient
from minialex.tutor.ratios import constants
from minialex.tutor.trial import Trial
from minialex.tutor.verdict import Verdict, compared

WORDS = ("backward", "differences")
UNUSUAL = "none of the usual mistakes; compute the worst element by hand"


def verdict_on(case: str, gradient: Gradient, trial: Trial, dy, rng: np.random.Generator) -> Iterator[Verdict]:
    """Yield the verdict on one gradient, and a note where only some of its elements were compared."""
    variable = gradient.variable
    indices = chosen(variable.size, rng)
    if len(indices) < variable.size:
        text = f"{gradient.name} has {variable.size:,} elements: {len(indices)} of them, drawn at random, are compared"
        yield Verdict("note", case, "", text, f"a smaller input, of at most {ELEMENTS:,} elements, is compared wholly")
    ours = gradient.ours
    got = best_differences(trial, dy, variable, indices, ours)
    numeric = got.numeric.reshape(variable.shape) if len(indices) == variable.size else None
    place = place_of_gradient(gradient.layer, gradient.key, trial.path)
    if ours is None or ours.shape != variable.shape:
        error = "no gradient"
        advice = absent(gradient.name, gradient.layer, gradient.key) if ours is None else misshaped(gradient, numeric)
        verdict = Verdict("WRONG", case, gradient.name, error if ours is None else f"shape {ours.shape}")
    else:
        verdict = compared(case, gradient.name, comparison(gradient, got), WORDS, TOLERANCE)
        advice = "" if verdict.right else diagnosed(gradient, got, trial, dy) or UNUSUAL
    if added := addition(gradient):
        advice = added
        verdict = verdict._replace(kind="WRONG", text=verdict.text + "  after a second backward: 2 times")
    if verdict.right and not np.any(ours) and variable.size > 0:
        advice, place = "0 everywhere, as the differences are: choose another x, for which it matters", ""
    yield verdict._replace(advice=": ".join(filter(None, (place if advice else "", advice))))


def comparison(gradient: Gradient, got: Differences) -> Comparison:
    """Return the comparison of the elements that were differenced, with the index of the worst in the whole array."""
    result = compare(gradient.name, got.of(gradient.ours), got.numeric)
    worst = np.unravel_index(got.indices[result.worst[0]], gradient.variable.shape)
    return result._replace(worst=tuple(map(int, worst)))


def addition(gradient: Gradient) -> str:
    """Return the advice on a gradient that a second backward has added to the first; nothing where none has."""
    if gradient.again is None or gradient.ours is None or not accumulated(gradient.ours, gradient.again):
        return ""
    key = "dx" if gradient.name == "x" else f'grads["{gradient.key}"]'
    instead = "begin with a new array" if key == "dx" else f"assign, self.{key} = ..."
    return f"backward adds to {key} of the last time: {instead}"


def absent(name: str, layer: Layer, key: str = "") -> str:
    """Return the advice on a gradient that backward did not compute."""
    if name == "x":
        return "backward returned None: return dx"
    key = key or name
    others = [name for name in layer.grads if name not in layer.params]
    instead = f'self.grads["{others[0]}"]' if others else f"self.d{key}" if hasattr(layer, f"d{key}") else ""
    hint = f", not {instead}" if instead else ""
    return f'no grads["{key}"] after backward: assign self.grads["{key}"] = ...{hint}'


def misshaped(gradient: Gradient, numeric: np.ndarray | None) -> str:
    """Return the advice on a gradient of another shape than its variable."""
    what = "dx" if gradient.name == "x" else f'grads["{gradient.key}"]'
    shape = tuple(gradient.variable.shape)
    text = f"{what} has shape {gradient.ours.shape}, {gradient.name} has {shape}"
    return f"{text}; {shape_guess(gradient.ours, numeric, shape)}"


def diagnosed(gradient: Gradient, got: Differences, trial: Trial, dy: np.ndarray) -> str:
    """Return the diagnosis of a wrong gradient: kinks of the input first, then a guess about what remains."""
    ours, right = got.of(gradient.ours).astype("float64"), got.numeric.copy()
    advice = ""
    if np.any(got.kink):
        index = ", ".join(map(str, np.unravel_index(got.indices[np.argmax(got.kink)], gradient.variable.shape)))
        advice = (
            f"{gradient.name} is at a kink (a point without a derivative) at [{index}], in {np.sum(got.kink)} of "
            f"{right.size} elements: choose values away from it"
        )
        right[got.kink] = ours[got.kink]
        if np.max(np.abs(ours - right)) <= TOLERANCE * np.max(np.abs(right), initial=1e-300):
            return f"{advice}; the other elements are right" if not got.kink.all() else advice
    if right.size == gradient.variable.size:
        ours, right = ours.reshape(gradient.variable.shape), right.reshape(gradient.variable.shape)
    y = trial.value()
    known = constants(trial.layer, trial.x.shape, y.shape, gradient.layer)
    factors = {"dy": dy, "x": trial.x, "y": y, **trial.parameters()} if right.size > 1 else {}
    e = Evidence(gradient.name, ours, right, gradient.variable if right.ndim else None, known, factors)
    return "; ".join(filter(None, (advice, guess(e._replace(variable=whole(e))))))


def whole(e: Evidence):
    """Return the variable, where all of its elements were differenced."""
    return e.variable if e.variable is not None and e.variable.shape == e.ours.shape else None
