"""Decoding on all cores: threads read a few image files each, the caller has them in their order.

Pillow lets go of the interpreter while it decodes and rescales, so that threads are as fast as processes, and can be
stopped at once.
"""

import errno
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from minialex.data.folders.image import decode
from minialex.data.pixel_statistics import Sums, sums_of
from minialex.data.prepared.parts import Part, path_of

FEW = 8  # files that a thread reads at a time
AHEAD = 8  # so many times as many wait, for each thread, until those before them are written
MACHINE = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.ENOENT}  # its errors, not those of an image


class Decoded(NamedTuple):
    """A few images of a part, and the files of it that could not be read, with reasons; sums only to train on."""

    images: np.ndarray
    labels: list[int]
    unreadable: list[tuple[str, str]]
    sums: Sums | None


def decode_parts(parts: list[Part], size: int, workers: int) -> Generator[Decoded]:
    """All images of the parts, a few at a time, in their order; so many threads decode."""

    def decode_from(task: tuple[Part, int]) -> Decoded:
        return decode_few(*task, size)

    tasks = ((part, start) for part in parts for start in range(0, len(part.files.names), FEW))
    pool = ThreadPoolExecutor(workers, thread_name_prefix="minialex")
    try:
        yield from in_order(pool, decode_from, tasks, AHEAD * workers)
    finally:
        pool.shutdown(cancel_futures=True)  # what has begun is soon done


def in_order(pool: Executor, work: Callable, tasks: Iterable, ahead: int) -> Iterator:
    """work(task) of every task, in their order, with at most `ahead` of them begun or waiting to be fetched."""
    waiting: deque = deque()
    for task in tasks:
        waiting.append(pool.submit(work, task))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def decode_few(part: Part, start: int, size: int) -> Decoded:
    """The images of a part from this place on.

    Errors: OSError if the machine, not an image file, is at fault: a disk that fails, a file that is gone.
    """
    places = range(start, min(start + FEW, len(part.files.names)))
    images = np.empty((len(places), 3, size, size), dtype=np.uint8)
    labels: list[int] = []
    unreadable = []
    for place in places:
        path = path_of(part.files, place)
        try:
            images[len(labels)] = decode(path, size)
            labels.append(int(part.files.labels[place]))
        except Exception as error:  # decoders raise all kinds: OSError, SyntaxError, struct.error, ...
            check_machine(error, path)
            name = f"{part.files.folder.name}/{part.files.names[place]}"
            unreadable.append((name, " ".join(f"{type(error).__name__}: {error}".split())))
    images = images[: len(labels)]
    return Decoded(images, labels, unreadable, sums_of(images) if part.split == "train" else None)


def check_machine(error: Exception, path: Path) -> None:
    """Raises an error that is not the image's fault: the image may be read another day."""
    if isinstance(error, MemoryError):
        raise error
    if isinstance(error, OSError) and error.errno in MACHINE:
        raise OSError(f"{path}: expected to read it, got {error.strerror}; mend that and start again") from error
