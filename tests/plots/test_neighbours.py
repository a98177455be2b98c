"""The picture of nearest images."""

import numpy as np
import pytest

from minialex.plots import neighbours

QUERIES = np.zeros((2, 3, 8, 8), np.uint8)
IMAGES = np.full((2, 4, 3, 8, 8), 99, np.uint8)
SAME = np.array([[True, False, True, False], [False, False, False, False]])


def test_frames_mark_the_images_of_the_same_class():
    figure = neighbours(QUERIES, {"pixels": (IMAGES, SAME), "features": (IMAGES, ~SAME)})
    assert len(figure.axes) == 2 * (1 + 4 + 4)
    framed = [bool(axes.patches) for axes in figure.axes]
    assert framed == [False] * 2 + SAME.ravel().tolist() + (~SAME).ravel().tolist()
    assert [text.get_text() for axes in figure.axes for text in axes.texts] == ["image", "pixels", "features"]


def test_grey_images_are_drawn():
    assert neighbours(QUERIES[:, :1], {"pixels": (IMAGES[:, :, :1], SAME)})._repr_png_()


@pytest.mark.parametrize(("queries", "columns", "message"), [
    (QUERIES.astype(float), {"a": (IMAGES, SAME)}, "uint8"),
    (QUERIES, {}, "one space"),
    (QUERIES, {"a": (IMAGES[:1], SAME)}, "a: images"),
    (QUERIES, {"a": (IMAGES, SAME[:, :2])}, "a: images"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_refused(queries, columns, message):
    with pytest.raises(ValueError, match=message):
        neighbours(queries, columns)
