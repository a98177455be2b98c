"""Random reflections: a bird that looks left is as good a bird as one that looks right (section 4.1)."""

from dataclasses import dataclass

import numpy as np

from minialex.data.augmentation.step import AugmentationLayer


@dataclass(frozen=True)
class RandomReflection(AugmentationLayer):
    """Left and right change places in half of the images (section 4.1).

        y[..., j] = x[..., W - 1 - j] with probability 1/2, else x[..., j]

    Shapes: (n, 3, H, W) -> (n, 3, H, W).
    """

    columns = 1

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        out = np.empty_like(x, order="C")
        for image, place, turn in zip(x, out, (rows[:, 0] < 0.5).tolist(), strict=True):
            place[:] = image[:, :, ::-1] if turn else image
        return out
