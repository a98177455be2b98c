"""Augmentation (section 4.1): random crops, reflections and colour shifts, applied to batches.

    augmentation = Augmentation([RandomCrop(224), RandomReflection(), PCAColour(values, vectors)], seed=1)
    epoch = augmentation.epoch(3, images=len(split))
    x = epoch.apply(x, indices)         # a batch minus the mean image, and the indices of its images in the split

Begin with `step.py`; `pipeline.py` explains why workers, order and batches change nothing; `views.py` is for the test.
"""

# ruff: noqa: I001, RUF022 (in reading order)

from minialex.data.augmentation.step import AugmentationStep
from minialex.data.augmentation.crop import CentreCrop, RandomCrop, centre_crop
from minialex.data.augmentation.reflection import AlternatingReflection, RandomReflection, RandomUpsideDown
from minialex.data.augmentation.colour import PCAColour
from minialex.data.augmentation.geometry import RandomRotation, RandomScale, RandomShift
from minialex.data.augmentation.pipeline import Augmentation, Epoch
from minialex.data.augmentation.by_name import augmentation, check_names, scale_for
from minialex.data.augmentation.views import VIEWS, ten_views, views_of

__all__ = [
    "AugmentationStep",
    "RandomCrop",
    "CentreCrop",
    "RandomReflection",
    "AlternatingReflection",
    "RandomUpsideDown",
    "PCAColour",
    "RandomRotation",
    "RandomScale",
    "RandomShift",
    "Augmentation",
    "Epoch",
    "augmentation",
    "check_names",
    "scale_for",
    "centre_crop",
    "VIEWS",
    "views_of",
    "ten_views",
]
