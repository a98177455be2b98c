"""Images to learn from: drawn, downloaded or one's own; and what happens to them before the net sees them.

    data = load("shapes")                       # or "cifar10", or a folder
    mean = mean_image(data.train.images)
    for images, labels in batches(data.train, 128, mean=mean, rng=rng): ...

Begin with `dataset.py` and `preprocessing.py`; `augmentation/` is section 4.1 of the paper; `shapes.py` and
`drawing.py` show how a data set is made.
"""

# ruff: noqa: I001, RUF022 (in reading order)

from minialex.data.dataset import Dataset, Split
from minialex.data.loading import check_source, load, prepared_size
from minialex.data.preprocessing import mean_image, resize, subtract_mean
from minialex.data.augmentation import Augmentation, CentreCrop, PCAColour, RandomCrop, RandomReflection
from minialex.data.augmentation import centre_crop, ten_views
from minialex.data.batches import ahead, batches
from minialex.data.info import describe
from minialex.data.drawn.shapes import shapes
from minialex.data.folders.image import read_image
from minialex.data.folders.labels import read_labels
from minialex.data.folders.folder import read_folder
from minialex.data.prepared.prepare import Preparation, prepare
from minialex.data.prepared.prepared import Prepared, read_prepared
from minialex.data.shards import Shards
from minialex.data.cifar10.reader import find_cifar10, read_cifar10
from minialex.data.cifar10.download import get_cifar10

__all__ = [
    "Dataset",
    "Split",
    "load",
    "check_source",
    "prepared_size",
    "mean_image",
    "resize",
    "subtract_mean",
    "Augmentation",
    "RandomCrop",
    "CentreCrop",
    "RandomReflection",
    "PCAColour",
    "centre_crop",
    "ten_views",
    "batches",
    "ahead",
    "describe",
    "shapes",
    "read_image",
    "read_labels",
    "read_folder",
    "prepare",
    "Preparation",
    "read_prepared",
    "Prepared",
    "Shards",
    "find_cifar10",
    "read_cifar10",
    "get_cifar10",
]
