"""The sizes of photographs as they are in their files, before they are rescaled and cut."""

import os

import numpy as np

from minialex.data.folders.image import quiet_pillow
from minialex.data.folders.listing import list_folder

SAMPLE = 1000  # files whose first bytes are read, evenly spaced over all


def original_sizes(path: str | os.PathLike) -> str:
    """Return the width and height of the smallest and of the largest image, of all files or a sample, as text."""
    from PIL import Image

    listing = list_folder(path)
    files = [files.folder / name for files in (listing.train, listing.val) for name in files.names]
    chosen = np.unique(np.linspace(0, len(files) - 1, min(SAMPLE, len(files))).astype(int))
    sizes = set()
    with quiet_pillow():
        for index in chosen:
            try:
                with Image.open(files[index]) as image:
                    sizes.add(image.size)
            except Exception:  # what cannot be read is reported when the images are
                continue
    if not sizes:
        return "none can be read"
    smallest, largest = (f"{w} x {h}" for w, h in (choice(sizes, key=np.prod) for choice in (min, max)))
    of = "" if len(chosen) == len(files) else f" ({len(chosen):,} of {len(files):,} files)"
    return f"{smallest} pixels{of}" if len(sizes) == 1 else f"{smallest} to {largest} pixels{of}"
