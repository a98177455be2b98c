"""Shards: many files of images that are read as if they were one array.

A million photographs do not fit into memory. They lie in files of a thousand each, which the system maps into
memory: an image is fetched from the disk when it is asked for, and forgotten when room is needed.
"""

from collections.abc import Sequence

import numpy as np


class Shards:
    """Arrays one after another, or some places of them, as one array to read from.

        images[7], images[10:20], images[[3, 1, 2]]  ->  a new array of these images, in this order

    Shapes: parts (n1, 3, H, W), (n2, 3, H, W), ... of one dtype -> (n1 + n2 + ..., 3, H, W).
    Args:   places, which of all the images, and in which order; None for all.
    Errors: IndexError for a place beyond the end; ValueError if the parts do not fit together.
    """

    def __init__(self, parts: Sequence[np.ndarray], places: np.ndarray | None = None):
        kinds = {(part.dtype, part.shape[1:]) for part in parts}
        if len(kinds) != 1:
            raise ValueError(f"shards: expected one dtype and one image size, got {sorted(map(str, kinds)) or 'none'}")
        self.dtype, image = kinds.pop()
        self._parts = [part.view(np.ndarray) for part in parts]  # a memory map is slower to index than what it is
        lengths = [len(part) for part in parts]
        self._ends = np.cumsum(lengths, dtype=np.int64)
        self._starts = self._ends - np.array(lengths, dtype=np.int64)
        self._places = places
        self.shape = (int(self._ends[-1]) if places is None else len(places), *image)
        self.ndim = len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index) -> np.ndarray:
        """The images at a place, in a slice or at an array of places."""
        places = self._resolve(index)
        shards = np.searchsorted(self._ends, places, side="right")  # an empty part ends where it starts: passed over
        images = np.empty((*np.shape(places), *self.shape[1:]), self.dtype)
        rows = images if images.ndim == self.ndim else images[None]
        inside = places - self._starts[shards]
        for row, shard, place in zip(rows, np.ravel(shards).tolist(), np.ravel(inside).tolist(), strict=True):
            row[...] = self._parts[shard][place]
        return images

    def take(self, places: np.ndarray) -> "Shards":
        """The images at these places, none of which is read yet."""
        return Shards(self._parts, self._resolve(np.asarray(places)))

    def _resolve(self, index) -> np.ndarray:
        """Where the images lie, counted through all the parts."""
        several_axes = isinstance(index, tuple)
        if isinstance(index, slice):
            index = np.arange(len(self))[index]
        index = np.asarray(index)
        if index.dtype == bool and index.shape == (len(self),):
            index = np.flatnonzero(index)
        if several_axes or (index.size > 0 and index.dtype.kind not in "iu") or index.ndim > 1:
            raise IndexError("shards: expected a place, a slice or an array of places; read the images, then cut them")
        index = index.astype(np.int64)
        beyond = (index < -len(self)) | (index >= len(self))
        if np.any(beyond):
            raise IndexError(f"shards: expected places below {len(self)}, got {np.extract(beyond, index)[0]}")
        index = np.where(index < 0, index + len(self), index)
        return index if self._places is None else self._places[index]
