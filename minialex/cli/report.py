"""The report of an evaluation, as text and as a picture."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

LISTED = 20  # classes whose errors are listed; of more, the worst


def report(errors: dict, confusion: np.ndarray, classes: Sequence[str], one: dict | None = None) -> str:
    """Return the errors, the gain of several views over one, and the error of each class, the worst first.

    Args:   errors, of `evaluate`; confusion, how often each class (row) was predicted as each (column); one, the
            errors with one view.
    """
    views = "1 view each" if errors["views"] == 1 else f"{errors['views']} views each"
    lines = [
        f"{errors['images']} images, {views}: top-1 error {errors['top1_error']:.2%}, "
        f"top-5 error {errors['top5_error']:.2%}, loss {errors['loss']:.4f}"
    ]
    if one is not None:
        gains = (one[f"{top}_error"] - errors[f"{top}_error"] for top in ("top1", "top5"))
        lines.append(
            f"with one view: top-1 error {one['top1_error']:.2%}, top-5 error {one['top5_error']:.2%}; "
            "the views gain {:+.2f} and {:+.2f} percentage points".format(*(100 * gain for gain in gains))
        )
    return "\n".join(lines + by_class(confusion, classes))


def by_class(confusion: np.ndarray, classes: Sequence[str]) -> list[str]:
    """Return a line for each class: its error, its images, and the class that it is most often predicted as."""
    images = confusion.sum(axis=1)
    error = 1 - np.diagonal(confusion) / np.maximum(images, 1)
    shown = [k for k in np.argsort(-error, kind="stable") if images[k]]
    width = max(len(classes[k]) for k in shown[:LISTED])
    lines = []
    for k in shown[:LISTED]:
        others = confusion[k].copy()
        others[k] = 0
        confused = f", most often predicted as {classes[int(np.argmax(others))]}" if others.any() else ""
        lines.append(f"  {classes[k]:<{width}}  {error[k]:6.1%} of {images[k]}{confused}")
    if len(shown) > LISTED:
        lines.append(f"  and {len(shown) - LISTED} classes with smaller errors")
    return lines


def draw_confusion(folder: Path, matrix: np.ndarray, classes: Sequence[str]) -> Path:
    """Write confusion.png into the run's folder, and return its path."""
    from minialex.plots import confusion, save  # late: matplotlib takes half a second

    save(confusion(matrix, classes), folder / "confusion.png")
    return folder / "confusion.png"
