"""Lesson: all checks of one layer, or loss, with one input: promises first, then each gradient."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from minialex.gradcheck import compare
from minialex.tutor.diagnosis import Evidence, guess
from minialex.tutor.failure import failure
from minialex.tutor.gradients import Gradient, gradients_of
from minialex.tutor.judging import verdict_on
from minialex.tutor.protocol import broken_by_forward, notes_on
from minialex.tutor.ratios import constants
from minialex.tutor.trial import Trial
from minialex.tutor.verdict import Mistake, Verdict, compared, promise_broken

EXPECTED_TOLERANCE = 1e-4  # of forward values, which students write with few digits


class Case(NamedTuple):
    """A layer and an input to check it with; of a loss, its labels too."""

    name: str
    layer: Any
    x: Any
    labels: Any = None
    expected: Any = None  # the values of forward
    path: Path | None = None  # the student's file
    place: str = ""  # that of its example


def verdicts(case: Case, rng: np.random.Generator) -> Iterator[Verdict]:
    """Yield the verdicts on a case; an error in the student's code is one of them, so that other cases follow."""
    try:
        trial = Trial(case.layer, case.x, case.labels, path=case.path)
        if case.path:
            yield from (note(case.name, name, text) for name, text in notes_on(trial.layer, trial.x))
        yield from (promise_broken(case.name, *found) for found in broken_by_forward(trial))
        if case.expected is not None:
            yield verdict_on_values(case, trial)
        yield from verdicts_on_gradients(case, trial, rng)
        if case.path:
            yield from note_on_float32(case)
    except (Exception, SystemExit) as error:  # a student's layer may raise anything
        yield failure(case.name, error, case.path, case.layer, case.place)


def note(case: str, name: str, text: str) -> Verdict:
    advice = f'a parameter belongs into self.params["{name}"], or it is neither checked nor updated'
    return Verdict("note", case, "", f"self.{name} is an array ({text}) outside of params", advice)


def verdict_on_values(case: Case, trial: Trial) -> Verdict:
    """Return the verdict on forward, compared with the expected values."""
    y, right = trial.value(), np.array(case.expected, dtype="float64")
    place = trial.place("forward", "return")
    if trial.labels is not None and right.size == 1:
        right = right.reshape(1)
    if y.shape != right.shape:
        text = f"forward returned shape {y.shape}, expected(rng) has {right.shape}: correct one of them"
        return promise_broken(case.name, text, place)
    verdict = compared(case.name, "y", compare("y", y, right), ("forward", "expected"), EXPECTED_TOLERANCE)
    if verdict.right:
        return verdict
    known = constants(trial.layer, trial.x.shape, y.shape)
    evidence = Evidence("y", y, right, None, known, {"x": trial.x, **trial.parameters()})
    advice = guess(evidence) or "is the formula another one?"
    return verdict._replace(advice=f"{place}: {advice}" if place else advice)


def verdicts_on_gradients(case: Case, trial: Trial, rng: np.random.Generator) -> Iterator[Verdict]:
    """Yield the promises that backward breaks, then the verdict on each gradient."""
    y = trial.value()
    dy = rng.standard_normal(y.shape) if trial.labels is None else np.ones(1)
    gradients: list[Gradient] = []
    yield from (promise_broken(case.name, *found) for found in gradients_of(trial, dy, gradients))
    if not gradients:
        raise Mistake("no gradient to check: no params, and backward need not return dx")
    for gradient in gradients:
        try:
            yield from verdict_on(case.name, gradient, trial, dy, rng)
        except (Exception, SystemExit) as error:  # of one gradient; the others are compared
            yield failure(case.name, error, case.path)


def note_on_float32(case: Case) -> Iterator[Verdict]:
    """Yield the note on a layer that returns float64 for a float32 x."""
    trial = Trial(case.layer, case.x, case.labels, path=case.path, dtype="float32")
    got = trial.forward()
    if case.labels is None and str(getattr(got, "dtype", "")) == "float64":
        text = "forward returned float64 for a float32 x: right, but training becomes slower"
        yield Verdict("note", case.name, "", text, "use np.zeros(..., dtype=x.dtype)")
