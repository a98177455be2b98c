"""Decoding on all cores: threads read image files in chunks, the caller gets them in order.

Pillow releases the GIL while it decodes and rescales, so threads run in parallel, as fast as processes, and stop at
once when they are cancelled.
"""

import errno
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from minialex.checks import expected
from minialex.data.folders.image import decode
from minialex.data.pixel_statistics import Sums, sums_of
from minialex.data.prepared.parts import Part, path_of
from minialex.threads import can_start_threads

CHUNK = 8  # files that a thread reads at a time
AHEAD = 8  # chunks for each thread that are read or wait to be written: a bound on memory
ROOM = 2**30  # bytes that all of them may take, if one for each thread takes no more
MACHINE = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.ENOENT}  # errors of the machine, not of an image


class Decoded(NamedTuple):
    """A chunk of a part's images, the files that could not be read, with reasons, and (of training images) the sums."""

    images: np.ndarray
    labels: list[int]
    unreadable: list[tuple[str, str]]
    sums: Sums | None


def decode_parts(parts: list[Part], size: int, workers: int) -> Generator[Decoded]:
    """Yield all images of the parts, in chunks, in order; `workers` threads decode, or the caller if none can start."""

    def decode_from(task: tuple[Part, int]) -> Decoded:
        return decode_chunk(*task, size)

    tasks = ((part, start) for part in parts for start in range(0, len(part.files.names), CHUNK))
    if not can_start_threads():
        yield from map(decode_from, tasks)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="minialex")
    try:
        yield from in_order(pool, decode_from, tasks, max(workers, min(AHEAD * workers, ROOM // (CHUNK * 3 * size**2))))
    finally:
        pool.shutdown(cancel_futures=True)  # chunks in progress are finished, others dropped


def in_order(pool: Executor, work: Callable, tasks: Iterable, ahead: int) -> Iterator:
    """Yield work(task) of every task, in order, with at most `ahead` results in progress or waiting."""
    waiting: deque = deque()
    for task in tasks:
        waiting.append(pool.submit(work, task))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def decode_chunk(part: Part, start: int, size: int) -> Decoded:
    """Decode the chunk of a part's images that begins at index `start`.

    Errors: OSError if the machine, not an image file, is at fault: a disk that fails, a file that is gone.
    """
    indices = range(start, min(start + CHUNK, len(part.files.names)))
    images = np.empty((len(indices), 3, size, size), dtype=np.uint8)
    labels: list[int] = []
    unreadable = []
    for index in indices:
        path = path_of(part.files, index)
        try:
            images[len(labels)] = decode(path, size)
            labels.append(int(part.files.labels[index]))
        except Exception as error:  # decoders raise all kinds: OSError, SyntaxError, struct.error, ...
            raise_if_of_machine(error, path)
            name = f"{part.files.folder.name}/{part.files.names[index]}"
            unreadable.append((name, " ".join(f"{type(error).__name__}: {error}".split())))
    images = images[: len(labels)]
    return Decoded(images, labels, unreadable, sums_of(images) if part.split == "train" else None)


def raise_if_of_machine(error: Exception, path: Path) -> None:
    """Raise an error of the machine (memory, disk, open files): the image itself may be good."""
    if isinstance(error, MemoryError):
        raise error
    if isinstance(error, OSError) and error.errno in MACHINE:
        raise expected(path, "to read it", error.strerror, "mend that and start again", OSError) from error
