"""`load`: a dataset by its name or its folder."""

from __future__ import annotations

import difflib
import os
from dataclasses import replace
from pathlib import Path

from minialex.data.cifar10 import find_cifar10, locate, read_cifar10
from minialex.data.dataset import Dataset, Split, check_count
from minialex.data.folder import read_folder
from minialex.data.preprocessing import resize
from minialex.data.shapes import load_shapes

KNOWN = ("shapes", "cifar10")


def load(
    source: str | os.PathLike,
    *,
    image_size: int | None = None,
    seed: int = 0,
    limit: int | None = None,
    count: int | None = None,
) -> Dataset:
    """The dataset with this name, or the one in this folder.

    Args:   source, "shapes" (drawn here), "cifar10" (once downloaded), a folder of images (see `read_folder`), or a
            folder or archive of CIFAR-10; image_size, None for the natural one: 32, or what `read_folder` chooses;
            seed, of the drawn images; limit, at most so many training and so many validation images;
            count, how many training images are drawn (shapes only).
    Errors: ValueError for a name that is unknown; FileNotFoundError for a path that is absent.
    """
    for number, name in ((image_size, "image_size"), (limit, "limit"), (count, "count")):
        if number is not None:
            check_count(number, name)
    if count is not None and source != "shapes":
        raise ValueError(f"count: expected only with shapes, which are drawn, got {source}; use limit")
    if source == "shapes":
        return load_shapes(count, image_size, seed=seed, limit=limit)
    path = find_cifar10() if source == "cifar10" else existing_path(source)
    if (path / "train").is_dir() or locate(path) is None:
        return read_folder(path, image_size, limit=limit)
    return resized(limited(read_cifar10(path), limit), image_size)


def check_source(source: str | os.PathLike) -> None:
    """Raises what `load` would, at once, if this is no name of a dataset and no path."""
    if source not in KNOWN:
        existing_path(source)


def existing_path(source: str | os.PathLike) -> Path:
    """The path, if there is one; else the error says whether a name or a path went wrong."""
    path = Path(source)
    if path.exists():
        return path
    if not isinstance(source, str) or path.name != source:
        raise FileNotFoundError(f"{source}: expected a folder of images, got a path that is absent; check it")
    nearest = difflib.get_close_matches(source, KNOWN, n=1, cutoff=0)[0]
    raise ValueError(
        f"data: expected {', '.join(KNOWN)} or a folder of images, got {source!r}; did you mean {nearest}?"
    )


def limited(dataset: Dataset, limit: int | None) -> Dataset:
    """At most `limit` images in each split."""
    if limit is None:
        return dataset
    return replace(dataset, train=dataset.train.limit(limit), val=dataset.val.limit(limit))


def resized(dataset: Dataset, size: int | None) -> Dataset:
    """Both splits with images of this size."""
    if size is None:
        return dataset
    train, val = (Split(resize(split.images, size), split.labels) for split in (dataset.train, dataset.val))
    return replace(dataset, train=train, val=val)
