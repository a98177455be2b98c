"""Kernels and feature maps as tiles."""

import numpy as np
import pytest

from minialex.plots import activations, filters
from minialex.plots.tiles import GAP, GROUP_GAP, count_columns

GREY = 128


def tiles_of(figure, count):
    """Return the tiles of a figure without groups, cut out of its picture, in order."""
    picture = np.asarray(figure.axes[0].images[0].get_array())
    columns = count_columns(count)
    side = (picture.shape[1] + GAP) // columns
    corners = [(i // columns * side, i % columns * side) for i in range(count)]
    return [picture[y : y + side - GAP, x : x + side - GAP] for y, x in corners]


def test_zero_weights_are_mid_grey():
    tile = tiles_of(filters(np.zeros((1, 3, 5, 5))), 1)[0]
    assert (tile == GREY).all()
    W = np.zeros((2, 3, 5, 5))
    W[0, :, 0, 0] = 1e-9
    first, second = tiles_of(filters(W), 2)
    assert (first[0, 0] == 255).all()  # a kernel is scaled to its own range, however small
    assert (first[-1, -1] == GREY).all()
    assert (second == GREY).all()


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_the_channels_are_red_green_and_blue(channel):
    W = np.zeros((1, 3, 5, 5), np.float32)
    W[0, channel] = 0.01
    tile = tiles_of(filters(W), 1)[0]
    expected = [GREY] * 3
    expected[channel] = 255
    assert (tile == expected).all()


def test_negative_weights_are_dark_and_scaled_like_positive_ones():
    W = np.zeros((1, 3, 1, 2))
    W[0, :, 0] = [0.5, -1.0]
    tile = tiles_of(filters(W), 1)[0]
    assert (tile[0, 0] == 192).all()
    assert (tile[0, -1] == 1).all()


def test_rows_and_columns_of_a_kernel_are_not_swapped():
    W = np.zeros((1, 3, 3, 3))
    W[0, :, 0, 2] = 1  # the top right corner
    tile = tiles_of(filters(W), 1)[0]
    assert (tile[0, -1] == 255).all()
    assert (tile[-1, 0] == GREY).all()


@pytest.mark.parametrize(("count", "kernel"), [(32, 5), (96, 11), (64, 5), (3, 7)])
def test_kernels_come_in_order(count, kernel):
    W = np.full((count, 3, kernel, kernel), -1.0)
    W[:, :, 0, 0] = 1
    W[:, 0, 1:, 1:] = np.linspace(-1, 1, count)[:, None, None]  # the redder, the later
    reds = [int(tile[-1, -1, 0]) for tile in tiles_of(filters(W), count)]
    assert reds == sorted(set(reds))


@pytest.mark.parametrize("channels", [1, 2, 48])
def test_other_numbers_of_channels_are_shown_as_their_grey_mean(channels):
    W = np.zeros((1, channels, 2, 2))
    W[0, 0, 0, 0], W[0, :, 1, 1] = -channels, 2
    tile = tiles_of(filters(W), 1)[0]
    assert (tile == tile[..., :1]).all()
    assert (tile[-1, -1] == 255).all()  # mean 2, the largest
    assert (tile[0, 0] == 64).all()  # mean -1


def test_groups_are_separated_and_named():
    W = np.full((96, 3, 11, 11), -1.0)  # all tiles are nearly black: white is a gap
    one_group, two_groups = filters(W), filters(W, group_size=48)
    gaps = []
    for figure in (one_group, two_groups):
        picture = np.asarray(figure.axes[0].images[0].get_array())
        gaps.append((picture == 255).all(axis=(1, 2)).sum())
    assert gaps == [5 * GAP, 5 * GAP + GROUP_GAP]
    assert [text.get_text() for text in two_groups.axes[0].texts] == ["a", "b"]
    assert not one_group.axes[0].texts


def test_every_pixel_of_a_kernel_is_equally_large_on_the_page():
    for figure in (filters(np.ones((96, 3, 11, 11)), group_size=48), filters(np.ones((32, 3, 5, 5)))):
        picture = figure.axes[0].images[0].get_array()
        np.testing.assert_allclose(figure.axes[0].bbox.size, picture.shape[1::-1])
        assert 850 <= figure.bbox.width <= 970


@pytest.mark.parametrize(
    ("W", "group_size", "message"),
    [
        (np.zeros((3, 5, 5)), None, "shape"),
        (np.zeros((0, 3, 5, 5)), None, "shape"),
        (np.full((1, 3, 5, 5), np.nan), None, "NaN"),
        (np.zeros((96, 3, 5, 5)), 36, "group_size must divide 96 kernels"),
        (np.zeros((96, 3, 5, 5)), 0, "group_size"),
        (np.zeros((96, 3, 5, 5)), 1, "group_size"),
    ],
)
def test_kernels_that_cannot_be_drawn_are_refused(W, group_size, message):
    with pytest.raises(ValueError, match=message):
        filters(W, group_size=group_size)


def test_all_maps_share_one_scale():
    values = np.zeros((4, 10, 10))
    values[1], values[2] = 5, 10
    grey = [tile[0, 0, 0] for tile in tiles_of(activations(values), 4)]
    assert grey == [0, 128, 255, 0]


def test_negative_activations_lower_the_black_end():
    values = np.zeros((2, 10, 10))
    values[0], values[1] = -1, 1
    figure = activations(values, title="conv1")
    assert [tile[0, 0, 0] for tile in tiles_of(figure, 2)] == [0, 255]
    assert figure.axes[0].get_title("left") == "conv1 (black -1, white 1)"


def test_a_few_outliers_do_not_darken_all_maps_and_a_lone_one_shows():
    values = np.ones((10, 10, 10))
    values[0, 0, 0] = 1000
    assert tiles_of(activations(values), 10)[5][0, 0, 0] == 255
    values = np.zeros((10, 10, 10))
    values[0, 0, 0] = 3
    assert tiles_of(activations(values), 10)[0][0, 0, 0] == 255


@pytest.mark.parametrize("shape", [(1, 6, 6), (256, 27, 27), (384, 13, 13), (10, 4, 7), (96, 1, 1), (9, 300, 300)])
def test_maps_of_any_number_and_size_fit_the_page(shape):
    figure = activations(np.zeros(shape), title="zero $maps")
    assert figure.bbox.width <= 970
    figure.canvas.draw()


def test_maps_that_cannot_be_drawn_are_refused():
    with pytest.raises(ValueError, match=r"\(C, H, W\), not of shape \(1, 3, 5, 5\)"):
        activations(np.zeros((1, 3, 5, 5)))
    with pytest.raises(ValueError, match="NaN"):
        activations(np.full((1, 2, 2), np.inf))
