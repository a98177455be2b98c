"""`load`: a dataset by its name or its folder."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from minialex.checks import check_integers, did_you_mean, expected
from minialex.data.cifar10.batch_files import find_cifar10, locate
from minialex.data.cifar10.reader import read_cifar10
from minialex.data.dataset import Dataset, Split
from minialex.data.drawn.shapes import load_shapes
from minialex.data.folders.folder import natural_size, read_folder
from minialex.data.folders.listing import list_folder
from minialex.data.locations import absent_path, data_folders
from minialex.data.prepared.manifest import MANIFEST, read_manifest
from minialex.data.prepared.prepare import prepare
from minialex.data.prepared.prepared import Prepared, is_prepared, read_prepared
from minialex.data.preprocessing import resize

KNOWN = ("shapes", "cifar10")
MANY, LARGE = 2000, 64  # image files, and pixels of a side, up to which a folder is read into memory
ROOM = 2**31  # bytes of memory that the images of a limit may take


def load(
    source: str | os.PathLike,
    *,
    image_size: int | None = None,
    seed: int = 0,
    limit: int | None = None,
    count: int | None = None,
) -> Dataset:
    """Return the dataset with this name, or the one in this folder.

    Args:   source, "shapes" (drawn here), "cifar10" (once downloaded), a folder of images (see `read_folder`; many
            or large ones are prepared on first use), a prepared one, or a folder or archive of CIFAR-10;
            image_size, None for the natural one: 32, what `read_folder` chooses, or that of prepared images;
            seed, of the drawn images; limit, at most so many training and so many validation images;
            count, how many training images are drawn (shapes only).
    Errors: ValueError for a name that is unknown; FileNotFoundError for a path that is absent.
    """
    numbers = {"image_size": image_size, "limit": limit, "count": count}
    check_integers("load", **{name: number for name, number in numbers.items() if number is not None})
    if count is not None and source != "shapes":
        raise expected("count", "only with shapes, which are drawn", source, "use limit")
    if source == "shapes":
        return load_shapes(count, image_size, seed=seed, limit=limit)
    path = find_cifar10() if source == "cifar10" else existing_path(source)
    if is_prepared(path):
        return limited(of_size(read_prepared(path), image_size, path), limit)
    if (path / "train").is_dir() or locate(path) is None:
        return load_images(path, image_size, limit)
    return resized(limited(read_cifar10(path), limit), image_size)


def load_images(path: Path, size: int | None, limit: int | None) -> Dataset:
    """Load a folder of images: few and small ones are read into memory, others prepared on first use."""
    listing = list_folder(path)
    numbers = [len(files.names) for files in (listing.train, listing.val)]
    size = size or natural_size(listing)
    read = sum(min(number, limit or number) for number in numbers)
    if (read <= MANY and size <= LARGE) or (read < sum(numbers) and read * 3 * size**2 <= ROOM):
        return read_folder(path, size, limit=limit)  # a limit is for a quick trial: no preparation first
    return limited(read_prepared(prepared_folder(path, size)), limit)


def prepared_folder(folder: str | os.PathLike, size: int) -> Path:
    """Return the folder of images prepared at this size, in $MINIALEX_DATA or the cache; made unless up to date."""
    root = Path(folder).resolve()
    mark = hashlib.blake2b(os.fsencode(root), digest_size=4).hexdigest()
    out = data_folders()[0] / "prepared" / f"{root.name}-{mark}-{size}"
    return prepare(root, out, size=size).out


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
    raise expected("data", what, repr(source), did_you_mean(source, KNOWN) or "check the name")


def limited(dataset: Dataset, limit: int | None) -> Dataset:
    """Return the dataset with at most `limit` images in each split."""
    if limit is None:
        return dataset
    return replace(dataset, train=dataset.train.limit(limit), val=dataset.val.limit(limit))


def of_size(dataset: Prepared, size: int | None, path: Path) -> Prepared:
    """Return the dataset, after a check that its images have this size."""
    if size not in (None, dataset.image_size):
        advice = f"run minialex data prepare with --size {size}, or ask for {dataset.image_size} in a new run"
        raise expected(path, f"images prepared at {size} pixels", dataset.image_size, advice)
    return dataset


def resized(dataset: Dataset, size: int | None) -> Dataset:
    """Return the dataset with images of this size, in memory."""
    if size is None:
        return dataset
    train, val = (Split(resize(split.images[:], size), split.labels) for split in (dataset.train, dataset.val))
    return replace(dataset, train=train, val=val)
