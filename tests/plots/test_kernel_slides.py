"""The animation of a kernel that slides."""

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from minialex.layers import Conv2D
from minialex.plots import kernel_slides, save

X = np.arange(16).reshape(4, 4)
W = np.array([[1, 0], [0, -2]])


def visible(film):
    return [text.get_text() for text in film.axes[2].texts if text.get_visible()]


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1), (1, 1), (2, (0, 1)), (3, (2, 0))])
def test_the_output_is_the_layer_s(stride, pad):
    layer = Conv2D(1, 1, 2, stride=stride, pad=pad, rng=np.random.default_rng(0)).astype("float64")
    layer.params["W"][0, 0] = W
    y = layer.forward(X[None, None].astype(float))[0, 0]
    film = kernel_slides(X, W, stride=stride, pad=pad)
    assert film.frames == y.size
    assert visible(film) == [f"{value:g}" for value in y.ravel()]  # the still is the whole
    assert len(film.axes[0].texts) == (4 + (sum(pad) if isinstance(pad, tuple) else 2 * pad)) ** 2


def test_padding_is_grey():
    cells = kernel_slides(X, W, pad=(0, 1)).axes[0].patches[:-1]
    colours = [cell.get_facecolor() for cell in cells]
    grey = [5 * row + column for row in range(5) for column in range(5) if 4 in (row, column)]
    assert {colours[i] for i in grey}.isdisjoint({colours[i] for i in range(25) if i not in grey})


@pytest.mark.parametrize(("x", "stride"), [(X, 3), (np.eye(8), 1)])
def test_titles_have_room(x, stride):
    film = kernel_slides(x, W, stride=stride, pad=(0, 1))
    film.canvas.draw()
    titles = [axes._left_title.get_window_extent() for axes in film.axes]
    assert all(before.x1 < after.x0 for before, after in pairwise(titles))
    assert titles[-1].x1 < film.bbox.x1


def test_each_frame_moves_the_window_and_adds_a_value():
    film = kernel_slides(X, W, stride=2)
    for i, corner in enumerate([(0, 0), (2, 0), (0, 2), (2, 2)]):
        film.move(i)
        assert len(visible(film)) == i + 1
        assert film.axes[0].patches[-1].get_xy() == corner
        assert film.axes[2].patches[-1].get_xy() == (corner[0] / 2, corner[1] / 2)


def test_a_notebook_gets_an_animation_whose_still_is_the_whole():
    film = kernel_slides(X, W, stride=2)
    png, metadata = film._repr_png_()
    assert "2 x 2 positions" in metadata["alt"]
    with Image.open(io.BytesIO(png)) as image:
        assert (image.is_animated, image.n_frames, image.default_image) == (True, 5, True)
        assert image.size == tuple(np.rint(film.bbox.size))
        assert image.text["Description"] == metadata["alt"]
        pictures = []
        for i in range(5):
            image.seek(i)
            pictures.append(np.asarray(image.convert("RGB")))
    still, *frames = pictures
    np.testing.assert_array_equal(still, frames[-1])
    assert all((a != b).any() for i, a in enumerate(frames) for b in frames[:i])


def test_formats_without_animation_have_the_still(tmp_path):
    film = kernel_slides(X, W, stride=2)
    save(film, tmp_path / "slide.svg")
    save(film, tmp_path / "slide.png")
    assert (tmp_path / "slide.svg").stat().st_size
    with Image.open(tmp_path / "slide.png") as image:
        assert image.n_frames == 5


@pytest.mark.parametrize(("x", "W", "settings", "message"), [
    (X[:3], W, {}, "x to be a square"),
    (X, W[0], {}, "W to be a square"),
    (X, X, {"stride": 0}, "stride"),
    (W, X, {}, "positions of the kernel, got none"),
    (np.zeros((20, 20)), W, {}, "1 to 64 positions of the kernel, got 19 x 19"),
])  # fmt: skip
def test_input_that_cannot_be_drawn_is_refused(x, W, settings, message):
    with pytest.raises(ValueError, match=message):
        kernel_slides(x, W, **settings)
