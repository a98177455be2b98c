"""What the test looks at, with nothing left to chance: the centre, or ten views of every image (section 4.1)."""

from collections.abc import Iterator

import numpy as np

from minialex.data.augmentation.crop import room_for, window
from minialex.data.dataset import check_count


def centre_crop(x: np.ndarray, size: int) -> np.ndarray:
    """The window in the middle; where the edges cannot be equal, one pixel nearer the top and the left.

    Shapes: (n, 3, H, W) -> (n, 3, size, size), a new array.
    Errors: ValueError if size is below 1 or larger than the images.
    """
    return window(x, *offsets(x, size)[-1], size).copy()


def ten_views(x: np.ndarray, size: int) -> Iterator[np.ndarray]:
    """Four corners and the centre, then their reflections, one after the other (section 4.1).

    The paper averages the softmax outputs of the ten. One view at a time, so that memory holds one.

    Shapes: (n, 3, H, W) -> ten new arrays (n, 3, size, size): top left, top right, bottom left, bottom right, centre,
            and the same reflected.
    Errors: ValueError if size is below 1 or larger than the images, at the call.
    """
    places = offsets(x, size)
    return (window(x, *place, size)[..., ::step].copy() for step in (1, -1) for place in places)


def offsets(x: np.ndarray, size: int) -> list[tuple[int, int]]:
    """Where the five windows begin: the corners, row by row, and the centre."""
    check_count(size, "size of a view")
    down, right = room_for(size, x)
    return [(0, 0), (0, right), (down, 0), (down, right), (down // 2, right // 2)]
