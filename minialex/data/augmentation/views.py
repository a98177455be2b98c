"""Ten views of every test image, without random draws (section 4.1)."""

from collections.abc import Iterator

import numpy as np

from minialex.checks import check_integers
from minialex.data.augmentation.crop import largest_offsets, window


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
