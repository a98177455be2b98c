"""Two layers with the same parameters, beside each other: their outputs and all gradients compared."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np

from minialex.devices import host
from minialex.gradcases import TOLERANCE
from minialex.gradcheck import compare
from minialex.tutor.arrangement import shape_guess
from minialex.tutor.diagnosis import Evidence, guess
from minialex.tutor.gradients import grads_of, kept
from minialex.tutor.judging import UNUSUAL, absent
from minialex.tutor.location import place_of_gradient
from minialex.tutor.protocol import check_output
from minialex.tutor.ratios import constants
from minialex.tutor.trial import Trial
from minialex.tutor.usual import usual_mistake
from minialex.tutor.verdict import Verdict, compared


def sides(
    name: str, mine: Trial, theirs: Trial, rng: np.random.Generator, dy=None, by_hand: Mapping = MappingProxyType({})
) -> Iterator[Verdict]:
    """Yield the comparisons of y, dx and the gradients.

    Args:   dy, of an example (None: random); by_hand, right values of y, x, W, ... to be used in place of theirs.
    """
    raw = mine.forward()
    check_output(mine, raw)
    y, right = mine.value(), theirs.value()
    right = np.array(by_hand.get("y", right), dtype="float64").reshape(right.shape)
    yield verdict_beside(name, "y", y, right, mine, theirs)
    if y.shape != right.shape:
        return
    if dy is None:
        dy = rng.standard_normal(right.shape) if mine.labels is None else np.ones(1)
    results = []
    for trial in (mine, theirs):
        trial.forward()
        dx = trial.backward(dy.copy())
        results.append(({} if dx is None else {"x": kept(dx)}) | grads_of(trial))
    for key, gradient in results[1].items():
        right = np.array(by_hand.get(key, gradient), dtype="float64")
        yield verdict_beside(name, key, results[0].get(key), right, mine, theirs, dy)


def verdict_beside(name: str, key: str, got, right: np.ndarray, mine: Trial, theirs: Trial, dy=None) -> Verdict:
    """Return the verdict on one array beside ours."""
    y_or_x = {"y": "forward returned", "x": "backward returned"}
    what = y_or_x.get(key, f'grads["{key}"] is')
    at = mine.place("forward", "return") if key == "y" else place_of_gradient(mine.layer, key, mine.path)
    if got is None:
        return Verdict("WRONG", name, key, f"{what} None", ": ".join(filter(None, (at, absent(key, mine.layer)))))
    got = np.array(host.put(got), dtype="float64").reshape(np.shape(got) or (1,))
    text = f"{what} {got.shape}, that of {theirs.kind} has {right.shape}"
    if got.shape == right.shape:
        verdict = compared(name, key, compare(key, got, right), ("yours", f"{theirs.kind}'s"), TOLERANCE)
        if verdict.right:
            return verdict
        text = verdict.text
    advice = usual_mistake(key, got, right, theirs, dy) or guessed(key, got, right, mine, dy) or UNUSUAL
    return Verdict("WRONG", name, key, text, ": ".join(filter(None, (at, advice))))


def guessed(key: str, got: np.ndarray, right: np.ndarray, mine: Trial, dy) -> str:
    """Return what the values alone suggest."""
    if got.shape != right.shape:
        return shape_guess(got, right, right.shape)
    known = constants(mine.layer, mine.x.shape, np.shape(mine.value()))
    factors = {"x": mine.x, **({} if dy is None else {"dy": dy})}
    variable = ({"x": mine.x} | mine.parameters()).get(key)
    return guess(Evidence(key, got, right, variable, known, factors))
