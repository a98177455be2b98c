"""metrics.csv: the history of a run as a table."""

import numpy as np
import pytest

from minialex.training.history import COLUMNS, read_history, write_history


def write(path, history, columns=COLUMNS):
    lines = [",".join(columns)] + [",".join(str(row[name]) for name in columns) for row in history]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows(epochs):
    values = [0.001, 0.9, 0.5, 1.1, 0.6, 0.1, 100.0, 3.0]
    return [dict(zip(COLUMNS, [epoch, *(v / epoch for v in values)], strict=True)) for epoch in range(1, epochs + 1)]


def test_what_was_written_is_read_again_to_six_digits(tmp_path):
    write_history(tmp_path / "metrics.csv", rows(3))
    for read, written in zip(read_history(tmp_path / "metrics.csv"), rows(3), strict=True):
        assert read == pytest.approx(written, rel=1e-5)


def test_read_history_gives_back_what_was_written(tmp_path):
    history = rows(3)
    assert read_history(write(tmp_path / "metrics.csv", history)) == history
    assert read_history(str(write(tmp_path / "reversed.csv", history, COLUMNS[::-1]))) == history
    row = read_history(tmp_path / "metrics.csv")[0]
    assert type(row["epoch"]) is int
    assert all(type(row[name]) is float for name in COLUMNS[1:])


def test_read_history_of_no_epochs_and_of_an_empty_field(tmp_path):
    assert read_history(write(tmp_path / "metrics.csv", [])) == []
    history = rows(1)
    history[0]["val_error"] = ""
    assert np.isnan(read_history(write(tmp_path / "metrics.csv", history))[0]["val_error"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a run's metrics.csv: its first line lacks epoch, lr"),
        (b"a,b\n1,2\n", "its first line lacks epoch"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "is not a text file"),
        (",".join(COLUMNS).encode() + b"\n1,0.01,2.0", "line 2: the line ends before train_error"),
        (",".join(COLUMNS).encode() + b"\n1,0.01,two,0,0,0,0,0,0", "line 2: train_loss is 'two'"),
    ],
)
def test_a_file_that_is_not_a_history_is_refused(tmp_path, content, message):
    path = tmp_path / "metrics.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as refusal:
        read_history(path)
    assert str(path) in str(refusal.value)


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_history(tmp_path / "metrics.csv")
