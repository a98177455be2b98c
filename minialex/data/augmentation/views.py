"""Several views of every test image, without random draws: the ten of section 4.1, and fewer."""

from collections.abc import Iterator

import numpy as np

from minialex.checks import check_integers, expected, is_integer
from minialex.data.augmentation.crop import centre_crop, largest_offsets, window

VIEWS = {
    1: "the centre",
    2: "the centre and its reflection",
    6: "both, and both shifted by a pixel, up and left or down and right",
    10: "corners and centre, and their reflections",
}


def views_of(x: np.ndarray, views: int, size: int | None) -> Iterator[np.ndarray]:
    """Return so many views of each image, `VIEWS`, one view at a time.

    Shapes: (n, C, H, W) -> arrays (n, C, size, size).
    Args:   size, the side of a view (None: that of the image, which must then be square for more views than one).
    Errors: ValueError for another number of views, or a size larger than the images, at the call.
    """
    if not is_integer(views) or views not in VIEWS:
        advice = "1 is the centre, 2 adds its reflection, 10 corners and reflections"
        raise expected("views", f"one of {', '.join(map(str, VIEWS))}", repr(views), advice)
    H, W = x.shape[2:]
    if views == 1:
        return iter([x if size is None else centre_crop(x, size)])
    if size is None and H != W:
        raise expected(
            "views", "square images or a crop, for several views", f"{H} x {W} pixels", "pass crop, or views=1"
        )
    return {2: two_views, 6: six_views, 10: ten_views}[views](x, size or H)


def two_views(x: np.ndarray, size: int) -> Iterator[np.ndarray]:
    """Return the centre and its reflection, one view at a time.

    Shapes: (n, C, H, W) -> two new arrays (n, C, size, size).
    """
    centre = centre_crop(x, size)
    return (view.copy() for view in (centre, centre[..., ::-1]))


def six_views(x: np.ndarray, size: int) -> Iterator[np.ndarray]:
    """Return the centre, the same a pixel further up and left, down and right, and their reflections (a variant).

    Where the image ends it is continued by its reflection, as in `RandomShift(1, border="reflect")`.

    Shapes: (n, C, H, W) -> six new arrays (n, C, size, size).
    Source: K. Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (2024), which averages logits and counts the
            centre and its reflection twice.
    """
    check_integers("six_views", size=size)
    down, right = largest_offsets(size, x)
    wider = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="reflect")
    offsets = [(down // 2 + 1 + shift, right // 2 + 1 + shift) for shift in (0, -1, 1)]
    return (window(wider, *offset, size)[..., ::step].copy() for step in (1, -1) for offset in offsets)


def ten_views(x: np.ndarray, size: int) -> Iterator[np.ndarray]:
    """Return the four corners and the centre, then their reflections, one view at a time (section 4.1).

    The paper averages the softmax outputs of the ten. Only one view is in memory at a time.

    Shapes: (n, C, H, W) -> ten new arrays (n, C, size, size): top left, top right, bottom left, bottom right, centre,
            and the same reflected.
    Errors: ValueError if size is below 1 or larger than the images, at the call.
    """
    check_integers("ten_views", size=size)
    down, right = largest_offsets(size, x)
    offsets = [(0, 0), (0, right), (down, 0), (down, right), (down // 2, right // 2)]
    return (window(x, *offset, size)[..., ::step].copy() for step in (1, -1) for offset in offsets)
