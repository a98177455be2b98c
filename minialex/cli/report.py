"""The report of an evaluation, as text and as a picture."""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote

import numpy as np

LISTED = 20  # classes whose errors are listed; of more, the worst


def report(errors: dict, confusion: np.ndarray, classes: Sequence[str], one: dict | None = None) -> str:
    """Return the errors, the gain of several views over one, and the error of each class, the worst first.

    Args:   errors, of `evaluate`; confusion, how often each class (row) was predicted as each (column); one, the
            errors with one view.
    """
    views = "1 view each" if errors["views"] == 1 else f"{errors['views']} views each"
    tops = ("top1", "top5") if len(classes) > 5 else ("top1",)  # of five classes the label is always among five
    lines = [
        f"{errors['images']} images, {views}: {errors_text(errors, tops)}, loss {errors['loss']:.4f}",
        f"accuracy {1 - errors['top1_error']:.2%}; chance level: top-1 error {1 - 1 / len(classes):.2%}",
    ]
    if one is not None:
        gains = " and ".join(f"{100 * (one[f'{top}_error'] - errors[f'{top}_error']):+.2f}" for top in tops)
        lines.append(f"with one view: {errors_text(one, tops)}; the views gain {gains} percentage points")
    return "\n".join(lines + by_class(confusion, classes))


def several_text(errors: dict, rows: Sequence[dict], classes: int) -> str:
    """Return the errors of each of several runs, and what the mean of their outputs gains over a run."""
    tops = ("top1", "top5") if classes > 5 else ("top1",)
    width = max(len(row["run"]) for row in rows)
    means = {f"{top}_error": sum(row[f"{top}_error"] for row in rows) / len(rows) for top in tops}
    gains = " and ".join(f"{100 * (value - errors[name]):+.2f}" for name, value in means.items())
    return "\n".join([
        *(f"{row['run']:<{width}}  {errors_text(row, tops)}, loss {row['loss']:.4f}" for row in rows),
        f"{'mean error':<{width}}  {errors_text(means, tops)}; the mean of the outputs gains {gains} percentage points",
    ])  # fmt: skip


def errors_text(errors: dict, tops: Sequence[str]) -> str:
    """Return the top-1 error, and the top-5 error where it is asked for, as text."""
    return ", ".join(f"{top[:3]}-{top[3]} error {errors[f'{top}_error']:.2%}" for top in tops)


def result_text(history: list[dict], out: Path, classes: int, *, quiet: bool) -> str:
    """Return the last lines of a training: its result, beside chance level, its pictures and the next command."""
    last, best = history[-1], min(history, key=lambda row: row["val_error"])
    chance = f"chance level: error {1 - 1 / classes:.1%}"
    lines = [f"result:   validation error {last['val_error']:.1%}, accuracy {1 - last['val_error']:.1%} ({chance})"]
    if best["val_error"] < last["val_error"]:
        error = f"validation error {best['val_error']:.1%} after epoch {best['epoch']}"
        lines.append(f"best:     {error}; evaluate and predict use it")
    if not quiet:
        lines.append(f"pictures: curves.png, filters.png, predictions.png in {out}")
        lines.append(f"next:     minialex evaluate {quote(str(out))}")
    return "\n".join(lines)


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


def draw_confusion(folder: Path, matrix: np.ndarray, classes: Sequence[str], title: str) -> Path:
    """Write confusion.png into the run's folder, and return its path."""
    from minialex.plots import confusion, save  # late: matplotlib takes half a second

    save(confusion(matrix, classes, title=title), folder / "confusion.png")
    return folder / "confusion.png"
