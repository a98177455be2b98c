"""The centre and the ten views, by hand."""

import numpy as np
import pytest

from minialex.data.augmentation import VIEWS, centre_crop, ten_views, views_of

NUMBERED = np.broadcast_to(np.arange(25, dtype=np.float32).reshape(5, 5), (2, 3, 5, 5))


def test_ten_views_by_hand():
    expected = [
        [[0, 1, 2], [5, 6, 7], [10, 11, 12]],
        [[2, 3, 4], [7, 8, 9], [12, 13, 14]],
        [[10, 11, 12], [15, 16, 17], [20, 21, 22]],
        [[12, 13, 14], [17, 18, 19], [22, 23, 24]],
        [[6, 7, 8], [11, 12, 13], [16, 17, 18]],
        [[2, 1, 0], [7, 6, 5], [12, 11, 10]],
        [[4, 3, 2], [9, 8, 7], [14, 13, 12]],
        [[12, 11, 10], [17, 16, 15], [22, 21, 20]],
        [[14, 13, 12], [19, 18, 17], [24, 23, 22]],
        [[8, 7, 6], [13, 12, 11], [18, 17, 16]],
    ]
    got = list(ten_views(NUMBERED, 3))
    assert len(got) == 10
    for view, numbers in zip(got, expected, strict=True):
        assert view.shape == (2, 3, 3, 3)
        np.testing.assert_array_equal(view, np.broadcast_to(numbers, (2, 3, 3, 3)))


def test_the_views_of_the_paper_and_the_centre_where_it_is_not_exact():
    x = np.zeros((1, 3, 256, 256), np.float32)
    x[:, :, 0, 0], x[:, :, 16, 16], x[:, :, 255, 255] = 1, 2, 3
    views = list(ten_views(x, 224))
    assert views[0][0, 0, 0, 0] == 1
    assert views[3][0, 0, 223, 223] == 3
    assert views[4][0, 0, 0, 0] == 2
    assert views[5][0, 0, 0, 223] == 1
    np.testing.assert_array_equal(centre_crop(NUMBERED, 2)[0, 0], [[6, 7], [11, 12]])  # room of 3: 1 before, 2 after


def test_two_and_six_views_by_hand():
    centre, up_left, down_right = (
        [[6, 7, 8], [11, 12, 13], [16, 17, 18]],
        [[0, 1, 2], [5, 6, 7], [10, 11, 12]],
        [[12, 13, 14], [17, 18, 19], [22, 23, 24]],
    )
    for views, rows in ((2, [centre]), (6, [centre, up_left, down_right])):
        got = [view[1, 2].tolist() for view in views_of(NUMBERED, views, 3)]
        assert got == rows + [[row[::-1] for row in view] for view in rows]


def test_a_view_that_leaves_the_image_reads_its_reflection():
    got = list(views_of(NUMBERED, 6, None))
    np.testing.assert_array_equal(got[0], NUMBERED)
    assert got[1][0, 0, 0].tolist() == [6, 5, 6, 7, 8]  # row and column 1, then the image from its corner
    assert got[1][0, 0, 1].tolist() == [1, 0, 1, 2, 3]
    assert got[2][0, 0, 4].tolist() == [16, 17, 18, 19, 18]
    np.testing.assert_array_equal(got[4], got[1][..., ::-1])


@pytest.mark.parametrize("views", VIEWS)
def test_so_many_views_are_the_callers_own(views):
    x = np.ones((2, 3, 6, 6), np.float32)
    got = list(views_of(x, views, 4))
    assert len(got) == views
    for view in got:
        assert view.shape == (2, 3, 4, 4)
        view[:] = 0
    assert (x == 1).all()
    with pytest.raises(ValueError, match="crop: expected images of at least 7 pixels, got 6"):
        views_of(x, views, 7)


def test_views_that_there_are_none_of():
    with pytest.raises(ValueError, match="views: expected one of 1, 2, 6, 10, got 5; 1 is the centre, 2 adds"):
        views_of(NUMBERED, 5, 3)
    with pytest.raises(ValueError, match="expected square images or a crop, for several views, got 4 x 5 pixels"):
        views_of(NUMBERED[:, :, 1:], 2, None)


def test_images_that_are_not_square():
    x = np.arange(2 * 3 * 4 * 7, dtype=np.float32).reshape(2, 3, 4, 7)
    views = list(ten_views(x, 4))
    np.testing.assert_array_equal(views[1], x[:, :, :, 3:])
    np.testing.assert_array_equal(centre_crop(x, 4), x[:, :, :, 1:5])


@pytest.mark.parametrize("side", [1, 6])
def test_views_of_the_whole_image(side):
    x = np.random.default_rng(0).standard_normal((2, 3, side, side), dtype=np.float32)
    views = list(ten_views(x, side))
    for view in views[:5]:
        np.testing.assert_array_equal(view, x)
    for view in views[5:]:
        np.testing.assert_array_equal(view, x[..., ::-1])
    np.testing.assert_array_equal(centre_crop(x, side), x)


def test_views_are_the_caller_s_own():
    x = np.ones((2, 3, 6, 6), np.float32)
    for view in [*ten_views(x, 4), centre_crop(x, 4), centre_crop(x, 6)]:
        assert view.flags.c_contiguous
        assert view.dtype == np.float32
        view[:] = 0
    assert (x == 1).all()


@pytest.mark.parametrize("function", [centre_crop, ten_views])
def test_sizes_are_checked_at_the_call(function):
    with pytest.raises(ValueError, match="crop: expected images of at least 6 pixels, got 5"):
        function(NUMBERED, 6)
    with pytest.raises(ValueError, match=f"{function.__name__}: expected size to be an integer >= 1, got 0"):
        function(NUMBERED, 0)
