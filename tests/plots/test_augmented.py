"""One photograph beside its augmented versions."""

import numpy as np
import pytest

from minialex.plots import augmented

RNG = np.random.default_rng(0)
IMAGE = RNG.integers(0, 256, (3, 16, 16), np.uint8)
VERSIONS = RNG.integers(0, 256, (16, 3, 12, 12), np.uint8)


def corners(axes):
    """Return left and top of the axes' image, in pixels from the top left corner of the figure."""
    box = axes.images[0].get_window_extent()
    return round(box.x0), round(axes.figure.bbox.height - box.y1)


def test_the_photograph_and_sixteen_versions_as_given():
    photograph, *versions = augmented(IMAGE, VERSIONS).axes
    np.testing.assert_array_equal(photograph.images[0].get_array(), IMAGE.transpose(1, 2, 0))
    assert len(versions) == 16
    for axes, version in zip(versions, VERSIONS, strict=True):
        np.testing.assert_array_equal(axes.images[0].get_array(), version.transpose(1, 2, 0))


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (4, 4, 1), (5, 4, 2), (16, 4, 4)])
def test_the_layout(count, columns, rows):
    figure = augmented(IMAGE, VERSIONS[:count])
    figure.canvas.draw()
    photograph, *versions = (corners(axes) for axes in figure.axes)
    assert photograph[1] == versions[0][1]  # their upper edges are aligned
    assert len({left for left, _ in versions}) == columns
    assert len({top for _, top in versions}) == rows
    assert versions == sorted(versions, key=lambda corner: corner[::-1])  # row by row
    box = figure.axes[0].images[0].get_window_extent()
    assert box.x1 < min(left for left, _ in versions)
    assert box.y0 > 0


def test_names_are_above_the_first_version_of_their_row():
    names = ["one", "$two$ _ \\", "great white shark, " * 20, ""]
    figure = augmented(IMAGE, VERSIONS, rows=names)
    figure.canvas.draw()
    versions = figure.axes[1:]
    assert [len(axes.texts) for axes in versions] == [1, 0, 0, 0] * 4
    for row in range(4):
        text, first, last = versions[4 * row].texts[0], versions[4 * row], versions[4 * row + 3]
        assert text.get_text()[:3] == names[row][:3]
        if names[row]:
            box = text.get_window_extent()
            assert box.y0 >= first.bbox.y1
            assert box.x1 <= last.bbox.x1
            assert row == 0 or box.y1 <= versions[4 * row - 4].bbox.y0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image": IMAGE.astype(float)}, "image must be uint8 of shape .*not float64"),
        ({"image": VERSIONS}, r"image must be uint8 of shape \(3, H, W\)"),
        ({"versions": VERSIONS[:0]}, "versions must be uint8"),
        ({"versions": VERSIONS.transpose(0, 2, 3, 1)}, "versions must be uint8"),
        ({"versions": np.repeat(VERSIONS, 3, axis=0)}, "versions must be at most 32, not 48"),
        ({"rows": ["a", "b"]}, "rows must be 4 names"),
    ],
)
def test_input_that_cannot_be_drawn_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        augmented(**{"image": IMAGE, "versions": VERSIONS} | change)
