"""Guesses about an array that is wrong in some positions only: a row, the border, where x < 0."""

from collections.abc import Iterator

import numpy as np

from minialex.tutor.ratios import constant_ratio

AXES = {2: ("row", "column"), 4: ("image", "channel", "row", "column")}  # of x and y


def positions_guess(ours: np.ndarray, right: np.ndarray, bad: np.ndarray, x: np.ndarray | None, maps: bool) -> str:
    """Return where the wrong elements are, and how they are wrong there; nothing if all of them are wrong.

    Args:   bad, the mask of wrong elements; x, where the array is a gradient with respect to x; maps, whether its
            axes are those of images.
    """
    if bad.all() or not bad.any():
        return ""
    where = next(patterns(bad, x, maps), f"in {np.sum(bad)} of {bad.size} elements")
    return f"wrong only {where}{how(ours[bad], right[bad])}"


def patterns(bad: np.ndarray, x: np.ndarray | None, maps: bool) -> Iterator[str]:
    """Yield what the positions of the wrong elements have in common, the most telling first."""
    if x is not None:
        for mask, text in ((x < 0, "x < 0"), (x > 0, "x > 0")):
            if mask.any() and not mask.all() and not np.any(bad & ~mask) and 2 * np.sum(bad) > np.sum(mask):
                yield f"where {text}"
    yield from slabs(bad, maps)
    if maps and min(bad.shape[2:]) >= 3:
        if not bad[:, :, 1:-1, 1:-1].any():
            yield "at the border of the maps (the padding?)"
        elif not bad[:, :, [0, 0, -1, -1], [0, -1, 0, -1]].any() and np.mean(bad) > 0.3:
            yield "where windows overlap (= in place of +=?)"


def slabs(bad: np.ndarray, maps: bool) -> Iterator[str]:
    """Yield the axis along which the wrong elements have few indices: "in column 3, the last"."""
    names = AXES.get(bad.ndim, ()) if maps or bad.ndim == 2 else ()
    best = []
    for axis, size in enumerate(bad.shape):
        hit = np.flatnonzero(bad.any(axis=tuple(a for a in range(bad.ndim) if a != axis)))
        if size > 1 and len(hit) <= max(1, size // 2):
            name = names[axis] if names else f"axis {axis}, index"
            best.append((len(hit) / size, f"in {name} {listed(hit, size)}"))
    for _, text in sorted(best)[:1]:
        yield text


def listed(hit: np.ndarray, size: int) -> str:
    """Return indices as text: "3, the last (off by one?)", "0, 2, 4"."""
    if len(hit) == 1 and hit[0] == size - 1:
        return f"{hit[0]}, the last (a range that ends too early?)"
    if len(hit) == 1 and hit[0] == 0:
        return "0, the first (a range that begins too late?)"
    return ", ".join(map(str, hit[:6])) + (", ..." if len(hit) > 6 else "")


def how(ours: np.ndarray, right: np.ndarray) -> str:
    """Return how elements are wrong: 0 there, not 0 there, a constant ratio."""
    if not np.any(ours):
        return ", it is 0 there"
    if np.max(np.abs(right)) < 1e-8:
        return ", it should be 0 there"
    r = constant_ratio(ours, right) if ours.size > 1 else None
    return "" if r is None else f", {r:.6g} times the right value there"
