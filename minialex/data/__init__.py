"""Datasets: images and labels, what happens to them before the net reads them, and where they come from.

    data = load("shapes")                       # or "cifar10", "mnist", "fashion-mnist", or a folder
    data = Dataset.from_arrays(train_x, train_y, val_x, val_y)
    mean = data.mean_image()
    for images, labels in batches(data.train, 128, mean=mean, rng=rng): ...

What training uses, in reading order:

    split.py             Split: images and their labels
    dataset.py           Dataset: images for training and for validation, and the names of the classes
    preprocessing.py     the mean image, and its subtraction (section 2)
    batches.py           batches in random order, prepared ahead by a thread
    loading.py           load: a dataset by its name or its folder
    info.py              describe: a dataset's description as text

Below them are arrays.py (arrays of a user, checked), shards.py (many files as one array), resized.py (the same at
another size), pixel_statistics.py (exact sums over pixels), locations.py and mirrors.py (downloads).
The packages behind them:

    augmentation/        random crops, reflections and colours; ten views (section 4.1)
    drawn/               shapes: a dataset that is drawn and needs no download
    cifar10/             CIFAR-10: download and reader
    idx/                 MNIST and Fashion-MNIST: download and reader
    folders/             folders of photographs
    prepared/            photographs decoded and rescaled once, then read from shards
    imagenet/            the archives of ILSVRC-2012
"""

# ruff: noqa: I001, RUF022 (in reading order)

from minialex.data.split import Split
from minialex.data.dataset import Dataset
from minialex.data.preprocessing import channel_statistics, mean_image, resize, subtract_mean
from minialex.data.batches import ahead, batches
from minialex.data.loading import check_source, load, originals, prepared_size
from minialex.data.info import describe
from minialex.data.shards import Shards
from minialex.data.augmentation import Augmentation, CentreCrop, PCAColour, RandomCrop, RandomReflection
from minialex.data.augmentation import centre_crop, ten_views
from minialex.data.drawn.shapes import shapes, shapes_with_boxes
from minialex.data.cifar10.batch_files import find_cifar10
from minialex.data.cifar10.reader import read_cifar10
from minialex.data.cifar10.download import get_cifar10
from minialex.data.idx.format import read_idx
from minialex.data.idx.mnist import read_mnist
from minialex.data.idx.download import get_mnist
from minialex.data.folders.image import read_image
from minialex.data.folders.labels import read_labels
from minialex.data.folders.folder import read_folder
from minialex.data.prepared.prepare import Preparation, prepare
from minialex.data.prepared.prepared import Prepared, read_prepared

__all__ = [
    "Dataset",
    "Split",
    "mean_image",
    "resize",
    "subtract_mean",
    "channel_statistics",
    "batches",
    "ahead",
    "load",
    "check_source",
    "originals",
    "prepared_size",
    "describe",
    "Shards",
    "Augmentation",
    "RandomCrop",
    "CentreCrop",
    "RandomReflection",
    "PCAColour",
    "centre_crop",
    "ten_views",
    "shapes",
    "shapes_with_boxes",
    "find_cifar10",
    "read_cifar10",
    "get_cifar10",
    "read_idx",
    "read_mnist",
    "get_mnist",
    "read_image",
    "read_labels",
    "read_folder",
    "prepare",
    "Preparation",
    "read_prepared",
    "Prepared",
]
