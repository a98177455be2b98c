"""A folder of photographs, loaded: few and small ones into memory, others prepared on first use."""

import hashlib
import os
from pathlib import Path

from minialex.data.dataset import Dataset
from minialex.data.folders.folder import natural_size, read_folder
from minialex.data.folders.listing import list_folder
from minialex.data.locations import data_folders
from minialex.data.prepared.prepare import prepare
from minialex.data.prepared.prepared import read_prepared

MANY, LARGE = 2000, 64  # image files, and pixels of a side, up to which a folder is read into memory
ROOM = 2**31  # bytes of memory that the images of a limit may take


def load_images(path: Path, size: int | None, limit: int | None) -> Dataset:
    """Load a folder of images: few and small ones are read into memory, others prepared on first use."""
    listing = list_folder(path)
    numbers = [len(files.names) for files in (listing.train, listing.val)]
    size = size or natural_size(listing)
    read = sum(min(number, limit or number) for number in numbers)
    if (read <= MANY and size <= LARGE) or (read < sum(numbers) and read * 3 * size**2 <= ROOM):
        return read_folder(path, size, limit=limit)  # a limit is for a quick trial: no preparation first
    dataset = read_prepared(prepared_folder(path, size))
    return dataset if limit is None else dataset.limit(limit)


def prepared_folder(folder: str | os.PathLike, size: int) -> Path:
    """Return the folder of images prepared at this size, in $MINIALEX_DATA or the cache; made unless up to date."""
    root = Path(folder).resolve()
    mark = hashlib.blake2b(os.fsencode(root), digest_size=4).hexdigest()
    out = data_folders()[0] / "prepared" / f"{root.name}-{mark}-{size}"
    return prepare(root, out, size=size).out
