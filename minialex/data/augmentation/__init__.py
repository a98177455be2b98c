"""No image looks the same twice: random crops, reflections and colours (section 4.1), as layers of the batch.

    augmentation = Augmentation([RandomCrop(224), RandomReflection(), PCAColour(values, vectors)], seed=1)
    epoch = augmentation.epoch(3, images=len(split))
    x = epoch.apply(x, places)          # a batch minus the mean image, and the numbers of its images

Begin with `layer.py`; `pipeline.py` says why workers, order and batches change nothing; `views.py` is for the test.
"""

# ruff: noqa: I001, RUF022 (in reading order)

from minialex.data.augmentation.step import AugmentationLayer
from minialex.data.augmentation.crop import CentreCrop, RandomCrop
from minialex.data.augmentation.reflection import RandomReflection
from minialex.data.augmentation.colour import PCAColour
from minialex.data.augmentation.geometry import RandomRotation, RandomScale, RandomShift
from minialex.data.augmentation.pipeline import Augmentation, Epoch
from minialex.data.augmentation.by_name import augmentation, check_names, scale_for
from minialex.data.augmentation.views import centre_crop, ten_views

__all__ = [
    "AugmentationLayer",
    "RandomCrop",
    "CentreCrop",
    "RandomReflection",
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
    "ten_views",
]
