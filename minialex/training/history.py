"""The history of a run: the rows of its metrics.csv."""

import csv
import io
import os
from pathlib import Path

from minialex.checks import expected
from minialex.files.atomic import write_text
from minialex.files.paths import as_path
from minialex.training.position import Position
from minialex.training.sgd import SGD

# Errors are fractions, 0 to 1.
COLUMNS = (
    "epoch", "lr", "train_loss", "train_error", "val_loss", "val_error", "val_top5_error",
    "images_per_second", "seconds",
)  # fmt: skip


def checked_history(rows: object) -> list[dict]:
    """Return the history that a checkpoint contains; ValueError if it is none."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise expected("history", "a list of epochs", f"a {type(rows).__name__}", "start a new run")
    for row in rows:
        if not all(isinstance(row.get(name), int | float) for name in COLUMNS):
            raise expected("history", f"numbers for {', '.join(COLUMNS)}", row, "start a new run")
    return rows


def write_history(path: Path, history: list[dict]) -> None:
    """Write one line an epoch, under a line with the names of the columns."""
    write_text(path, table_of(history))


def table_of(history: list[dict]) -> str:
    """Return the text of metrics.csv."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows({name: f"{row[name]:.6g}" for name in COLUMNS} for row in history)
    return text.getvalue()


def read_history(path: str | os.PathLike) -> list[dict]:
    """Read a run's metrics.csv: a list of dicts, one an epoch, `epoch` an int and the other columns floats.

    An empty field (such as that of an epoch without validation) is NaN; columns other than COLUMNS are left out.
    Errors: ValueError if the file is not such a table; OSError if it cannot be read.
    """
    path = as_path("read_history", path)
    if not path.is_file():
        raise expected(path, "a run's metrics.csv", "none", "check the path", FileNotFoundError)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
            if missing:
                raise ValueError(f"{path} is not a run's metrics.csv: its first line lacks {', '.join(missing)}")
            return [read_row(row, f"{path}, line {table.line_num}") for row in table]
    except (UnicodeDecodeError, csv.Error):
        raise ValueError(
            f"{path} is not a run's metrics.csv: it is not a text file of comma-separated values"
        ) from None


def read_row(row: dict, where: str) -> dict:
    """Return one line of the table as numbers."""
    numbers = {}
    for name in COLUMNS:
        text = row[name]
        if text is None:
            raise ValueError(f"{where}: the line ends before {name}; delete it if a run was cut off while writing")
        try:
            numbers[name] = int(text) if name == "epoch" else float(text or "nan")
        except ValueError:
            raise ValueError(f"{where}: {name} is {text!r}, which is not a number") from None
    return numbers


def row_of(epoch: int, sgd: SGD, end: Position, result: dict[str, float], seconds: float) -> dict:
    """Return an epoch of the history: the columns of metrics.csv."""
    return {
        "epoch": epoch, "lr": sgd.lr * sgd.factor, "train_loss": end.loss / end.images,
        "train_error": end.wrong / end.images, "val_loss": result["loss"], "val_error": result["top1_error"],
        "val_top5_error": result["top5_error"], "images_per_second": end.images / end.seconds, "seconds": seconds,
    }  # fmt: skip
