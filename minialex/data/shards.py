"""Shards: many files of images that are read as one array.

A million photographs do not fit into memory. They are stored in files of a thousand each, which are memory-mapped: the
operating system reads an image from the disk when it is indexed, and drops it from memory when room is needed.
"""

import zlib
from collections.abc import Sequence

import numpy as np

from minialex.checks import check_kinds, described, expected


class Shards:
    """Concatenated arrays, or a selection of their images, as one read-only array.

        images[7], images[10:20], images[[3, 1, 2]]  ->  a new array of these images, in this order

    Shapes: parts (n1, C, H, W), (n2, C, H, W), ... of one dtype -> (n1 + n2 + ..., C, H, W).
    Args:   selection, the indices of the images in the concatenated parts, in their order; None for all; checksums,
            CRC-32 of the bytes of each image in the concatenated parts, verified whenever one is read (None: nothing
            is). Measured: 0.02 ms for an image of 256 x 256 pixels, a hundredth of what a step of AlexNet takes for it.
    Errors: IndexError for an index beyond the end; ValueError if the parts differ in dtype or image size, or if an
            image is read that is not the one that was written: its file is named.
    """

    def __init__(
        self, parts: Sequence[np.ndarray], selection: np.ndarray | None = None, checksums: np.ndarray | None = None
    ):
        check_kinds("shards", list | tuple, "pass a list of arrays", parts=parts)
        for part in parts:
            check_kinds("shards", np.ndarray, "pass arrays of images", part=part)
        kinds = {(part.dtype, part.shape[1:]) for part in parts}
        if len(kinds) != 1:
            got = f"{sorted(map(str, kinds)) or 'none'}"
            raise expected("shards", "one dtype and one image size", got, "prepare the images again")
        self.dtype, image = kinds.pop()
        self._parts = [part.view(np.ndarray) for part in parts]  # plain arrays are faster to index than memory maps
        lengths = [len(part) for part in parts]
        self._ends = np.cumsum(lengths, dtype=np.int64)
        self._starts = self._ends - np.array(lengths, dtype=np.int64)
        self._selection, self._checksums = selection, checksums
        self._names = [getattr(part, "filename", None) or "shards" for part in parts]
        self.shape = (int(self._ends[-1]) if selection is None else len(selection), *image)
        self.ndim = len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index) -> np.ndarray:
        """Read the images at an index, in a slice or at an array of indices."""
        indices = self._resolve(index)
        shards = np.searchsorted(self._ends, indices, side="right")  # an empty part ends where it starts: passed over
        images = np.empty((*np.shape(indices), *self.shape[1:]), self.dtype)
        rows = images if images.ndim == self.ndim else images[None]
        inside = indices - self._starts[shards]
        for row, shard, position in zip(rows, np.ravel(shards).tolist(), np.ravel(inside).tolist(), strict=True):
            row[...] = self._parts[shard][position]
            if self._checksums is not None and zlib.crc32(row) != self._checksums[self._starts[shard] + position]:
                advice = "remove it, and prepare the images again: the others are kept"
                raise expected(self._names[shard], f"image {position} as it was written", "other bytes", advice)
        return images

    def take(self, indices: np.ndarray) -> "Shards":
        """Return the images at these indices, without reading any."""
        taken = Shards(self._parts, self._resolve(np.asarray(indices)), self._checksums)
        taken._names = self._names
        return taken

    def _resolve(self, index) -> np.ndarray:
        """Return the indices of the images in the concatenated parts."""
        several_axes = isinstance(index, tuple)
        if isinstance(index, slice):
            index = np.arange(len(self))[index]
        index = np.asarray(index)
        if index.dtype == bool and index.shape == (len(self),):
            index = np.flatnonzero(index)
        if several_axes or (index.size > 0 and index.dtype.kind not in "iu") or index.ndim > 1:
            got = "several axes" if several_axes else described(index)
            what, advice = "an index, a slice or an array of indices", "read the images, then cut them"
            raise expected("shards", what, got, advice, IndexError)
        index = index.astype(np.int64)
        beyond = (index < -len(self)) | (index >= len(self))
        if np.any(beyond):
            wrong = np.extract(beyond, index)[0]
            raise expected("shards", f"indices below {len(self)}", wrong, "correct it", IndexError)
        index = np.where(index < 0, index + len(self), index)
        return index if self._selection is None else self._selection[index]
