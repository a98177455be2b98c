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
    row = {**ROW, "epoch": 140, "train_loss": 12.345, "train_error": 1.0, "val_error": 1.0, "val_top5_error": 1.0}
    assert len(epoch_line([ROW, {**row, "seconds": 123.4, "lr": 1e-05}], 140, 1000)) <= 80
