"""What every layer of the augmentation has: a draw, which needs no image, and its effect, which needs no chance.

The two are apart so that chance belongs to images and not to batches. `draw` makes a table, one row an image; whoever
works on an image, whenever and beside which others, reads its row and gets the same result.
"""

from typing import ClassVar

import numpy as np


class AugmentationLayer:
    """A random change of each image of a batch; a subclass says how many numbers an image takes, and what they do.

    Shapes: draw: -> float32 (n, columns); apply: (n, 3, H, W) and (n, columns) -> a new array (n, 3, H', W').
    """

    columns: ClassVar[int]

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """What chance has for n images, here numbers evenly between 0 and 1 (never 1).

        Row i depends on the generator and on i: not on n, for numbers are drawn row after row.
        """
        return rng.random((n, self.columns), dtype=np.float32)

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The images changed as their rows say; x stays as it is."""
        raise NotImplementedError

    def output_size(self, size: int) -> int:
        """The side of what comes out of square images of this side."""
        return size


def whole_numbers(even: np.ndarray, count: np.ndarray | int) -> np.ndarray:
    """Numbers between 0 and 1 as whole numbers 0 to count - 1, all equally likely."""
    return np.floor(even * np.asarray(count, dtype=np.float64)).astype(np.int64)
