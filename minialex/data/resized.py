"""Images at another size, without keeping the originals in memory: prepared at 256 pixels, read at 64."""

import numpy as np

from minialex.data.preprocessing import resize
from minialex.data.shards import Shards

ROOM = 2**31  # bytes of memory that resized images may take; more are resized each time that they are read
CHUNK = 64  # images that are read at their old size at a time


class Resized(Shards):
    """Images in shards, each resized when it is indexed, as one read-only array.

    Shapes: source (N, C, S, S) -> (N, C, size, size).
    """

    def __init__(self, source: Shards, size: int):
        self.source, self.size = source, size
        self.dtype, self.ndim = source.dtype, source.ndim
        self.shape = (*source.shape[:2], size, size)

    def __getitem__(self, index) -> np.ndarray:
        """Read and resize the images at an index, in a slice or at an array of indices; some at a time."""
        if np.ndim(index) == 0 and not isinstance(index, slice):
            return resize(self.source[index][None], self.size)[0]
        chosen = self.source.take(np.arange(len(self))[index] if isinstance(index, slice) else index)  # reads none
        images = np.empty((len(chosen), *self.shape[1:]), self.dtype)
        for start in range(0, len(chosen), CHUNK):
            images[start : start + CHUNK] = resize(chosen[start : start + CHUNK], self.size)
        return images

    def take(self, indices: np.ndarray) -> "Resized":
        """Return the images at these indices, without reading any."""
        return Resized(self.source.take(indices), self.size)


def resized_images(images: np.ndarray | Shards, size: int) -> np.ndarray | Shards:
    """Return the images at this size: in memory where they take at most ROOM bytes, else resized when they are read."""
    if images.shape[2:] == (size, size):
        return images
    if not isinstance(images, Shards):
        return resize(images, size)
    lazy = Resized(images, size)
    return lazy[:] if int(np.prod(lazy.shape)) * lazy.dtype.itemsize <= ROOM else lazy
