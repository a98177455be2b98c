"""Saving and showing: complete files or none, no pyplot, no global state."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import matplotlib
import numpy as np
import pytest
from PIL import Image

from minialex.plots import activations, filters, save
from minialex.plots.figure import Picture


@pytest.fixture
def figure():
    return activations(np.arange(32.0).reshape(2, 4, 4), title="two maps")


def size(source):
    with Image.open(source) as image:
        image.load()
        return image.size


def test_save_writes_a_picture_of_the_figure_s_size(tmp_path, figure):
    save(figure, tmp_path / "maps.png")
    save(figure, str(tmp_path / "maps.PDF"))
    assert size(tmp_path / "maps.png") == tuple(np.rint(figure.bbox.size))
    assert (tmp_path / "maps.PDF").read_bytes().startswith(b"%PDF")
    assert sorted(os.listdir(tmp_path)) == ["maps.PDF", "maps.png"]


def test_save_draws_the_weights_pixel_for_pixel(tmp_path):
    W = np.zeros((96, 3, 11, 11))
    W[:, 0, 5, 5] = 1
    figure = filters(W, group_size=48)
    save(figure, tmp_path / "filters.png")
    with Image.open(tmp_path / "filters.png") as image:
        pixels = np.asarray(image.convert("RGB"))
    red = (pixels == (255, 128, 128)).all(axis=-1).sum()
    assert red == 96 * 25  # one weight of each kernel, 5 x 5 pixels


def test_a_failure_while_drawing_leaves_the_old_file(tmp_path, figure, monkeypatch):
    path = tmp_path / "maps.png"
    path.write_text("old")

    def fail(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr(Picture, "savefig", fail)
    with pytest.raises(MemoryError):
        save(figure, path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["maps.png"]


def test_a_failure_while_writing_leaves_the_old_file_and_no_other(tmp_path, figure, monkeypatch):
    def refuse(source, target):
        raise OSError("No space left on device")

    (tmp_path / "maps.png").write_text("old")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        save(figure, tmp_path / "maps.png")
    assert (tmp_path / "maps.png").read_text() == "old"
    assert os.listdir(tmp_path) == ["maps.png"]


@pytest.mark.parametrize("name", ["maps", "maps.doc", ".png"])
def test_an_unknown_suffix_is_refused_before_anything_is_written(tmp_path, figure, name):
    with pytest.raises(ValueError, match=r"cannot save a figure as .*\.pdf, .*\.png"):
        save(figure, tmp_path / name)
    assert os.listdir(tmp_path) == []


def test_a_missing_folder_is_an_os_error(tmp_path, figure):
    with pytest.raises(FileNotFoundError):
        save(figure, tmp_path / "missing" / "maps.png")


def test_a_notebook_gets_a_png(figure):
    assert size(io.BytesIO(figure._repr_png_())) == tuple(np.rint(figure.bbox.size))


def test_threads_draw_at_the_same_time(tmp_path):
    def draw(i):
        save(activations(np.full((4, 5, 5), float(i)), title="the same"), tmp_path / "same.png")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(draw, range(8)))
    assert os.listdir(tmp_path) == ["same.png"]
    size(tmp_path / "same.png")


def test_neither_pyplot_nor_global_settings_are_touched(figure):
    code = "import sys, minialex.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    before = dict(matplotlib.rcParams)
    figure._repr_png_()
    assert dict(matplotlib.rcParams) == before
