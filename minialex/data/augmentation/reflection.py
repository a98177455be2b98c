"""Random reflections: a bird that looks left is as good an example as one that looks right (section 4.1)."""

from dataclasses import dataclass

import numpy as np

from minialex.data.augmentation.step import AugmentationStep


@dataclass(frozen=True)
class RandomReflection(AugmentationStep):
    """A horizontal reflection of half of the images (section 4.1).

        y[..., j] = x[..., W - 1 - j] with probability 1/2, else x[..., j]

    Shapes: (n, C, H, W) -> (n, C, H, W).
    """

    columns = 1

    def apply(self, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
        y = np.empty_like(x, order="C")
        for image, out, reflected in zip(x, y, (rows[:, 0] < 0.5).tolist(), strict=True):
            out[:] = image[:, :, ::-1] if reflected else image
        return y
