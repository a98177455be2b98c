"""The parts of an augmentation: `draw` makes random numbers without images; `apply` is deterministic given them.

They are separate so that random draws belong to images and not to batches. `draw` makes a table with a row for each
image; whichever worker processes an image, in whichever batch, reads its row and computes the same result.
"""

from collections.abc import Callable
from typing import ClassVar

import numpy as np


class AugmentationStep:
    """A random change of each image of a batch; a subclass defines `columns`, its random numbers an image, and `apply`.

    Shapes: draw: -> float32 (n, columns); apply: (n, C, H, W) and (n, columns) -> a new array (n, C, H', W').
    """

    columns: ClassVar[int]

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Draw random numbers for n images: float32 (n, columns), uniform in [0, 1).

        Row i depends on the generator and on i, but not on n: the rows are drawn in order.
        """
        return rng.random((n, self.columns), dtype=np.float32)

    def rows(self, rng_of: Callable[[int], np.random.Generator], epoch: int, n: int) -> np.ndarray:
        """Return the random numbers of n images in an epoch: new ones in every epoch, from this epoch's generator.

        Args:   rng_of, makes the step's generator of an epoch; a subclass may depend on the epoch in another way.
        """
        return self.draw(rng_of(epoch), n)

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return the images changed by their rows of random numbers; x stays as it is."""
        raise NotImplementedError

    def output_size(self, size: int) -> int:
        """Return the side of the result for square images of side `size`."""
        return size


def uniform_integers(uniform: np.ndarray, count: np.ndarray | int) -> np.ndarray:
    """Return integers 0 to count - 1, all equally likely, from numbers uniform in [0, 1)."""
    return np.floor(uniform * np.asarray(count, dtype=np.float64)).astype(np.int64)
