"""Guesses about a wrong array that is right but for a factor: a constant one, or an array such as dy."""

from collections.abc import Iterator

import numpy as np

CLOSE = 1e-5  # relative: what is nearer is taken as equal


def close(a, b) -> bool:
    """Tell whether two arrays are equal but for rounding, relative to the largest element."""
    a, b = np.array(a), np.array(b)
    if a.shape != b.shape or not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        return False
    return bool(np.max(np.abs(a - b), initial=0) <= CLOSE * max(np.max(np.abs(b), initial=0), 1e-300))


def constant_ratio(ours: np.ndarray, right: np.ndarray) -> float | None:
    """Return r if ours is r * right everywhere, else None."""
    total = np.sum(right * right)
    if not (np.isfinite(total) and np.all(np.isfinite(ours)) and total > 0):
        return None
    r = float(np.sum(ours * right) / total)
    return r if r != 0 and close(ours, r * right) else None


def constants(layer, x_shape: tuple, y_shape: tuple, inner=None) -> dict[str, float]:
    """Return the numbers by which students divide once too often, or forget to: N, K*K, H*W, ..."""
    found: dict[str, float] = {}
    if x_shape:
        found["N"] = x_shape[0]
    W = next((p for p in (inner or layer).params.values() if np.ndim(p) == 4), None)
    kernel = W.shape[-1] if W is not None else getattr(layer, "kernel", None)
    if isinstance(kernel, int):
        found["K*K"] = kernel * kernel
    if len(x_shape) == 4:
        found |= {"H*W": x_shape[2] * x_shape[3], "C": x_shape[1]}
    if len(y_shape) == 4 and y_shape != x_shape:
        found |= {"OH*OW": y_shape[2] * y_shape[3], "the number of output channels": y_shape[1]}
    if len(x_shape) == 2:
        found["the number of columns"] = x_shape[1]
    found["x.size"] = int(np.prod(x_shape))
    for name, value in vars(layer).items():
        if isinstance(value, int | float) and not isinstance(value, bool) and not name.startswith("_"):
            found[f"self.{name}"] = value
            if 0 < value < 1:
                found[f"1 - self.{name}"] = 1 - value
    window = np.prod(x_shape) / max(np.prod(y_shape), 1)
    if window not in found.values():
        found["x.size / y.size"] = float(window)
    return {name: value for name, value in found.items() if value not in (0, 1)}


def about_ratio(r: float, known: dict[str, float]) -> Iterator[str]:
    """Yield the questions that a constant ratio suggests, the most usual first."""
    sign = "a wrong sign, and " if r < 0 else ""
    for name, value in known.items():
        number = f"{name} = {value:.6g}"
        if abs(abs(r) * value - 1) < CLOSE:
            yield f"{sign}divided by {number} once too often" + ("" if value > 1 else ", or not multiplied by it")
        elif abs(abs(r) / value - 1) < CLOSE:
            yield f"{sign}not divided by {number}" + (
                ", a sum instead of a mean" if value > 1 else ", or multiplied by it once too often"
            )
    if abs(r + 1) < CLOSE:
        yield "a wrong sign"
    for value, text in ((2, "a factor 2 too many"), (0.5, "a factor 2 forgotten, as in d(x**2) = 2 x")):
        if abs(abs(r) - value) < CLOSE:
            yield f"{sign}{text}"


def constant_guess(ours: np.ndarray, right: np.ndarray, known: dict[str, float]) -> str:
    """Return the question about a constant ratio: "0.2 times everywhere: divided by N = 5 once too often?"."""
    r = constant_ratio(ours, right)
    questions = [] if r is None else list(about_ratio(r, known))[:2]
    if r is None or (right.size == 1 and not questions):
        return ""
    everywhere = "everywhere" if right.size > 1 else "the right value"
    return f"{r:.6g} times {everywhere}: {' or '.join(questions) or 'a constant factor'}?"


def factor_guess(ours: np.ndarray, right: np.ndarray, factors: dict[str, np.ndarray]) -> str:
    """Return the question about an array that is missing as a factor, or is one too many: "right after ... by dy?"."""
    for name, factor in factors.items():
        for value in fitting(factor, right.shape):
            if close(ours * value, right):
                return f"right after multiplying by {name}: was {name} forgotten" + (
                    " (the chain rule)?" if name == "dy" else "?"
                )
            if close(right * value, ours):
                return f"right after dividing by {name}: multiplied by {name} once too often?"
    return ""


def fitting(factor: np.ndarray, shape: tuple) -> Iterator[np.ndarray]:
    """Yield an array in the forms in which it broadcasts to a shape: as it is, or along axis 1 (channels)."""
    factor = np.array(factor)
    if factor.size < 2:
        return
    if factor.shape == shape or (factor.ndim == 1 and factor.shape == shape[-1:]):
        yield factor
    if factor.ndim == 1 and len(shape) > 2 and factor.shape == shape[1:2]:
        yield factor.reshape(-1, *[1] * (len(shape) - 2))


def added_guess(ours: np.ndarray, right: np.ndarray, variable: np.ndarray, name: str) -> str:
    """Return the question about a constant, or a multiple of the variable itself, that was added to a gradient."""
    extra = ours - right
    if right.size < 3 or not np.all(np.isfinite(extra)):
        return ""
    if close(extra, np.full_like(extra, extra.reshape(-1)[0])):
        return f"{extra.reshape(-1)[0]:.6g} more everywhere: is something added to it?"
    r = constant_ratio(extra, variable)
    return "" if r is None else f"{r:.6g} * {name} more everywhere: weight decay? that is the update rule's work"
