"""The line of an epoch."""

import pytest

from minialex.training.progress import epoch_line

ROW = {"epoch": 3, "lr": 0.01, "train_loss": 0.41234, "train_error": 0.1214, "val_loss": 0.3, "val_error": 0.0904,
       "val_top5_error": 0.001, "images_per_second": 100.0, "seconds": 9.06}  # fmt: skip


@pytest.mark.parametrize(("history", "epochs", "classes", "line"), [
    ([ROW], 5, 10, "epoch 3/5  loss 0.412  train 12.1%  val  9.0%  top-5  0.1%  9.1 s"),
    ([ROW], 5, 5, "epoch 3/5  loss 0.412  train 12.1%  val  9.0%  9.1 s"),
    ([ROW], 90, 6, "epoch  3/90  loss 0.412  train 12.1%  val  9.0%  top-5  0.1%  9.1 s"),
    ([{**ROW, "val_error": float("nan")}], 5, 10, "epoch 3/5  loss 0.412  train 12.1%  9.1 s"),
    ([ROW, {**ROW, "lr": 0.001}], 5, 5, "epoch 3/5  loss 0.412  train 12.1%  val  9.0%  9.1 s  lr 0.001"),
    ([ROW, ROW], 5, 5, "epoch 3/5  loss 0.412  train 12.1%  val  9.0%  9.1 s"),
])  # fmt: skip
def test_the_line_of_an_epoch(history, epochs, classes, line):
    assert epoch_line(history, epochs, classes) == line


def test_the_longest_line_fits_into_80_columns():
    errors = dict.fromkeys(("train_error", "val_error", "val_top5_error"), 0.999)  # of a thousand classes
    row = {**ROW, **errors, "epoch": 140, "train_loss": 6.908, "seconds": 1234.5, "lr": 1e-05}
    line = epoch_line([ROW, row], 140, 1000)
    assert line.endswith("  1234 s  lr 1e-05")
    assert len(line) <= 80
