"""The promises of a layer, checked before its gradients: what a wrong shape or dtype would otherwise hide."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from minialex.checks import described
from minialex.layer import Layer
from minialex.tutor.trial import Trial
from minialex.tutor.verdict import Mistake


def broken_by_forward(trial: Trial) -> Iterator[tuple[str, str]]:
    """Yield a sentence and a place for each promise that forward breaks; raise Mistake where nothing can be compared.

    Where output_shape is wrong, the trial's is replaced by the truth: `recall(dy)` would otherwise refuse every dy.
    """
    before = copies(trial)
    y = trial.forward()
    check_output(trial, y)
    place = trial.place("forward")
    if not np.array_equal(trial.x, trial.given):
        yield "forward writes into x, which belongs to the caller: make a new array, x = x.copy()", place
    for name in changed(trial, before):
        yield f'forward changes params["{name}"]: only the update rule does', place
    if trial.labels is None:
        yield from wrong_output_shape(trial, y)
    check_repeatable(trial, y)


def check_output(trial: Trial, y: Any) -> None:
    """Check that forward returned one array of finite float64, or, from a loss, one number."""
    place = trial.place("forward", "return")
    if y is None:
        raise Mistake("forward returned None: return y", place)
    if trial.labels is not None and np.ndim(y) != 0:
        text = f"forward returned shape {np.shape(y)}, but a loss is one number: the mean over the batch"
        raise Mistake(text, place)
    dtype = str(getattr(y, "dtype", type(y).__name__ if isinstance(y, float | int) else ""))
    if not dtype:
        raise Mistake(f"forward returned a {type(y).__name__}: return one array", place)
    if dtype not in ("float64", "float"):
        text = f"forward returned {dtype} for a float64 x; finite differences need float64"
        raise Mistake(f"{text}: use np.zeros(..., dtype=x.dtype); the gradients are not compared yet", place)
    if np.size(y) == 0:
        raise Mistake(f"forward returned no element, shape {np.shape(y)}: choose a larger x in example(rng)", place)
    if not np.all(np.isfinite(y)):
        index = ", ".join(map(str, np.argwhere(~np.isfinite(np.array(y)))[0]))
        raise Mistake(f"forward returned {np.array(y)[~np.isfinite(y)].flat[0]} at [{index}]: log(0), exp of a large "
                      "number, or a division by 0?", place)  # fmt: skip


def wrong_output_shape(trial: Trial, y) -> Iterator[tuple[str, str]]:
    """Yield the sentence on an output_shape that differs from the shape of y, and put the true one in its place."""
    if not trial.x.ndim:
        return
    N, *shape = trial.x.shape
    said = tuple(trial.layer.output_shape(tuple(shape)))
    if (N, *said) == y.shape:
        return
    defined = type(trial.layer).output_shape is not Layer.output_shape
    advice = "define output_shape" if not defined else "correct the one that is wrong"
    if said == y.shape:
        advice = "leave the batch axis N out of output_shape"
    text = f"forward returned {tuple(y.shape)} but output_shape says {(N, *said)}: {advice}"
    yield text, trial.place("output_shape" if defined else "forward", "return")
    true_shape = tuple(y.shape[1:])
    trial.layer.output_shape = lambda shape: true_shape  # type: ignore[method-assign]


def check_repeatable(trial: Trial, y) -> None:
    """Check that forward, called again with the same x, returns the same y."""
    first, state = np.array(y), global_draws()
    again = trial.forward()
    if np.shape(again) == first.shape and np.array_equal(again, first):
        return
    text = "forward differs from call to call, for the same x"
    others = [name for name, value in vars(trial.layer).items()
              if isinstance(value, np.random.Generator) and name != "rng"]  # fmt: skip
    if global_draws() != state:
        text += ": it draws from np.random; draw from self.rng, the rng that the constructor takes"
    elif others:
        text += f": self.{others[0]} is a Generator; keep it as self.rng, so that its draws can be repeated"
    else:
        text += ": draw random numbers from self.rng, and keep nothing from one call to the next"
    raise Mistake(f"{text}; the gradients are not compared yet", trial.place("forward"))


def global_draws() -> tuple:
    """Return the state of the generator behind np.random.rand and the like, to see whether it was used."""
    state = np.random.get_state(legacy=False)["state"]  # noqa: NPY002
    return state["pos"], state["key"].tobytes()


def copies(trial: Trial) -> dict[str, np.ndarray]:
    """Return a copy of every parameter."""
    return {name: np.array(value) for name, value in trial.parameters().items()}


def changed(trial: Trial, before: dict[str, np.ndarray]) -> list[str]:
    """Return the names of the parameters that are no longer what they were, and put the old values back."""
    names = [name for name, value in trial.parameters().items() if not np.array_equal(value, before[name])]
    for name, inner, key in trial.layer.parameters():
        if name in names:
            inner.params[key] = before[name].copy()
    return names


def notes_on(layer: Layer, x) -> Iterator[tuple[str, str]]:
    """Yield notes on a layer before its first forward: arrays that are kept outside of params."""
    held = {id(value) for inner in [one for _, one in layer.walk()] for value in inner.params.values()}
    for name, value in vars(layer).items():
        if isinstance(value, np.ndarray) and value.dtype.kind == "f" and id(value) not in held:
            yield name, described(value)
