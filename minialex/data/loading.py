"""`load`: a dataset by its name or its folder."""

import os
import sys
from pathlib import Path

from minialex.checks import check_integers, check_kinds, did_you_mean, expected
from minialex.data.cifar10.batch_files import find_cifar10, locate
from minialex.data.cifar10.reader import read_cifar10
from minialex.data.dataset import Dataset
from minialex.data.drawn.shapes import load_shapes
from minialex.data.folders.originals import original_sizes
from minialex.data.idx.mnist import NAMES, find_mnist, locate_mnist, read_mnist
from minialex.data.locations import absent_path
from minialex.data.prepared.first_use import load_images
from minialex.data.prepared.manifest import MANIFEST, read_manifest
from minialex.data.prepared.prepared import is_prepared, read_prepared

KNOWN = ("shapes", "cifar10", *NAMES)


def load(
    source: str | os.PathLike,
    *,
    image_size: int | None = None,
    seed: int = 0,
    limit: int | None = None,
    count: int | None = None,
) -> Dataset:
    """Return the dataset with this name, or the one in this folder.

    Images that are enlarged are reported on stderr.

    Args:   source, "shapes" (drawn here), "cifar10", "mnist" or "fashion-mnist" (once downloaded), a folder of images
            (see `read_folder`; many or large ones are prepared on first use), a prepared one, or a folder or archive
            of CIFAR-10, or of the IDX files of MNIST;
            image_size, None for the natural one: 32, 28, what `read_folder` chooses, or that of prepared images;
            seed, of the drawn images; limit, at most so many training and so many validation images;
            count, how many training images are drawn (shapes only).
    Errors: ValueError for a name that is unknown; FileNotFoundError for a path that is absent.
    """
    check_kinds("load", str | os.PathLike, "pass a name or a path", source=source)
    numbers = {"image_size": image_size, "limit": limit, "count": count}
    check_integers("load", **{name: number for name, number in numbers.items() if number is not None})
    if count is not None and source != "shapes":
        raise expected("count", "only with shapes, which are drawn", source, "use limit")
    if source == "shapes":
        return load_shapes(count, image_size, seed=seed, limit=limit)
    path = location(source)
    if is_folder_of_images(path):
        return load_images(path, image_size, limit)
    dataset = read_stored(path)
    dataset = dataset if limit is None else dataset.limit(limit)
    return dataset if image_size is None else resized(dataset, image_size)


def location(source: str | os.PathLike) -> Path:
    """Return the path of a dataset that has a name, or is at a path."""
    if source == "cifar10":
        return find_cifar10()
    return find_mnist(str(source)) if source in NAMES else existing_path(source)


def is_folder_of_images(path: Path) -> bool:
    """Tell whether this is a folder of image files, or is to be reported as a damaged one: none of the others."""
    stored = is_prepared(path) or locate_mnist(path) or locate(path)
    return (path / "train").is_dir() or not stored


def read_stored(path: Path) -> Dataset:
    """Read a dataset that is stored as arrays: prepared images, IDX files, CIFAR-10."""
    if is_prepared(path):
        return read_prepared(path)
    return read_mnist(path) if locate_mnist(path) else read_cifar10(path)


def resized(dataset: Dataset, size: int) -> Dataset:
    """Return the dataset with images of this size, and report it if they are enlarged."""
    if size > dataset.image_size:
        old = dataset.image_size
        print(f"{dataset.name}: images of {old} pixels are enlarged to {size}; that adds no detail", file=sys.stderr)
    return dataset.resize(size)


def originals(source: str | os.PathLike) -> str | None:
    """Return the sizes of the image files in a folder as text; None for any other source."""
    path = Path(source)
    return original_sizes(path) if source not in KNOWN and is_folder_of_images(path) else None


def prepared_size(source: str | os.PathLike) -> int | None:
    """Return the size of the images in a prepared folder; None for any other source."""
    path = Path(source)
    return read_manifest(path / MANIFEST)["size"] if source not in KNOWN and is_prepared(path) else None


def check_source(source: str | os.PathLike) -> None:
    """Check that this is the name of a dataset or an existing path: the same errors as `load`, without loading."""
    if source not in KNOWN:
        existing_path(source)


def existing_path(source: str | os.PathLike) -> Path:
    """Return the path if it exists; else the error takes it for a misspelt name or for an absent path."""
    path = Path(source)
    if path.exists():
        return path
    if not isinstance(source, str) or path.name != source:
        raise absent_path(source)
    what = f"{', '.join(KNOWN)} or a folder of images"
    raise expected("data", what, repr(source), did_you_mean(source, KNOWN) or "check the name or the path")
