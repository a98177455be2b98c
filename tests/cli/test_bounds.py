"""Numbers and names beyond any bound, closed streams, empty paths: one line each, before anything is computed."""

import os
import subprocess
import sys

import pytest
from console import refused, run
from PIL import Image

MANY = 10**23


@pytest.mark.parametrize(("message", "arguments"), [
    ("expected epochs to be at most 100,000, got 1e+23; change epochs", ("train", "--epochs", MANY)),
    ("expected batch to be at most 16,777,216", ("train", "--batch", MANY)),
    ("expected image_size to be at most 16,384", ("train", "--image-size", MANY)),
    ("expected limit to be at most", ("train", "--limit", MANY)),
    ("expected workers to be at most 256, got 100000; change workers", ("train", "--workers", 100_000)),
    ("expected workers to be at most 256", ("data", "prepare", ".", "--out", "x", "--workers", 10**6)),
    ("expected size to be at most 16,384", ("data", "prepare", ".", "--out", "x", "--size", MANY)),
    ("preset: expected one of paper, source, caffe, got 'bset'", ("train", "--preset", "bset")),
    ("preset: expected one of", ("train", "--model", "cifar_80sec", "--preset", "bset")),
    ("preset: expected one of", ("summary", "cifar_18pct", "--preset", "bset")),
    ("argument --out: expected a path, got ''", ("train", "--out", "")),
    ("argument --out: expected a path, got ' '", ("data", "prepare", ".", "--out", " ")),
    ("argument --weights: expected a path, got ''", ("train", "--weights", "")),
    ("argument --checkpoint-minutes: expected a number > 0, got '0'", ("train", "--checkpoint-minutes", "0")),
    ("argument --checkpoint-minutes: expected a number > 0, got 'nan'", ("train", "--checkpoint-minutes", "nan")),
    ("LAYER: expected one of Conv2D", ("gradcheck", "")),
])  # fmt: skip
def test_one_line_and_exit_status_2(capsys, tmp_path, monkeypatch, message, arguments):
    monkeypatch.chdir(tmp_path)
    refused(capsys, 2, message, *arguments)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("size", "advice"), [
    (1, "images of 8 pixels at least, for a net to read"), (8, "--image-size 8 --data"),
    (9, "--image-size 8 --augment crop reflection"), (16, "--image-size 14 --augment crop reflection"),
])  # fmt: skip
def test_the_next_command_after_a_preparation_can_work(capsys, tmp_path, size, advice):
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            (tmp_path / "pets" / split / label).mkdir(parents=True)
            Image.new("RGB", (20, 20)).save(tmp_path / "pets" / split / label / "0.png")
    status, out, _ = run(capsys, "data", "prepare", tmp_path / "pets", "--out", tmp_path / "prepared", "--size", size)
    assert status == 0
    assert advice in out


@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX")
@pytest.mark.parametrize(("closed", "status"), [(">&-", 0), ("2>&-", 0), ("<&-", 0), ("<&- >&- 2>&-", 0)])
def test_closed_streams_end_no_command(tmp_path, closed, status):
    command = f'exec "{sys.executable}" -m minialex summary small_alexnet {closed}'
    got = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert (got.returncode, got.stderr) == (status, "")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX")
def test_a_training_without_streams_is_trained(tmp_path):
    options = "--model cifar_80sec --image-size 16 --epochs 1 --limit 40 --out run"
    command = f'exec "{sys.executable}" -m minialex train {options} <&- >&- 2>&-'
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path).returncode == 0
    assert (tmp_path / "run" / "predictions.png").exists()
