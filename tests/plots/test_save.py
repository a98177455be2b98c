"""Saving and showing: complete files or none, no pyplot, no global state."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from minialex.plots import activations, curves, filters, save
from minialex.plots.figure import Picture, text_alternative


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


def test_a_notebook_gets_a_png_and_what_it_shows_as_text(figure):
    png, metadata = figure._repr_png_()
    assert size(io.BytesIO(png)) == tuple(np.rint(figure.bbox.size))
    assert metadata == {"alt": "two maps: 2 maps of 4 x 4, black 0, white 30.8"}


def test_a_picture_without_a_text_of_its_own_has_its_titles_labels_and_curves():
    epochs = [{"epoch": 1, "lr": 0.1, "train_loss": 2, "train_error": 0.5, "val_loss": 2, "val_error": 0.5}]
    text = text_alternative(curves(epochs, title="a run"))
    assert text == "a run; Loss against Epoch (training, validation); Error (%) against Epoch (training, validation)"
    assert text_alternative(Picture(10, 10)) == "a picture"
    assert text_alternative(Figure()) == "a picture"


def test_a_file_has_the_text_as_its_description(tmp_path, figure):
    for name in ("maps.png", "maps.svg", "maps.pdf", "maps.jpg"):
        save(figure, tmp_path / name)
    with Image.open(tmp_path / "maps.png") as image:
        assert image.text["Description"] == text_alternative(figure)
    assert text_alternative(figure) in (tmp_path / "maps.svg").read_text()


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
