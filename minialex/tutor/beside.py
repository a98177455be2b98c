"""Two layers with the same parameters, beside each other: their outputs and all gradients compared."""

from collections.abc import Iterator

import numpy as np

from minialex.devices import host
from minialex.gradcases import TOLERANCE
from minialex.gradcheck import compare
from minialex.tutor.arrangement import shape_guess
from minialex.tutor.diagnosis import Evidence, guess
from minialex.tutor.judging import UNUSUAL
from minialex.tutor.location import place_of_gradient
from minialex.tutor.protocol import check_output
from minialex.tutor.ratios import constants
from minialex.tutor.trial import Trial
from minialex.tutor.verdict import Verdict, compared


def sides(name: str, mine: Trial, theirs: Trial, rng: np.random.Generator) -> Iterator[Verdict]:
    """Yield the comparisons of y, dx and the gradients."""
    raw = mine.forward()
    check_output(mine, raw)
    y, right = mine.value(), theirs.value()
    yield verdict_beside(name, "y", y, right, mine, theirs, mine.place("forward", "return"))
    if y.shape != right.shape:
        return
    dy = rng.standard_normal(right.shape) if mine.labels is None else np.ones(1)
    results = []
    for trial in (mine, theirs):
        trial.forward()
        dx = trial.backward(dy.copy())
        results.append({"x": dx} | dict(trial.layer.grads))
    for key, gradient in results[1].items():
        place = place_of_gradient(mine.layer, key, mine.path)
        yield verdict_beside(name, key, results[0].get(key), np.array(gradient), mine, theirs, place, dy)


def verdict_beside(name: str, key: str, got, right: np.ndarray, mine: Trial, theirs: Trial, place, dy=None) -> Verdict:
    """Return the verdict on one array beside ours."""
    what = {"y": "forward returned", "x": "backward returned"}.get(key, f'grads["{key}"] is')
    if got is None:
        return Verdict("WRONG", name, key, f"{what} None", place)
    got = np.array(host.put(got), dtype="float64").reshape(np.shape(got) or (1,))
    if got.shape != right.shape:
        advice = f"{place}: {shape_guess(got, right, right.shape)}"
        return Verdict("WRONG", name, key, f"{what} {np.shape(got)}, that of {theirs.kind} has {right.shape}", advice)
    verdict = compared(name, key, compare(key, got, right), ("yours", f"{theirs.kind}'s"), TOLERANCE)
    if verdict.right:
        return verdict
    known = constants(mine.layer, mine.x.shape, np.shape(mine.value()))
    factors = {"x": mine.x, **({} if dy is None else {"dy": dy})}
    advice = guess(Evidence(key, got, right, mine.x if key == "x" else None, known, factors))
    return verdict._replace(advice=": ".join(filter(None, (place, advice or UNUSUAL))))
