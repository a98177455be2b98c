"""Batches: the images as a net reads them, some at a time; and a thread that prepares them ahead."""

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from functools import partial
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

import numpy as np

from minialex.checks import check_integers, check_kinds, expected
from minialex.data.augmentation.pipeline import Epoch
from minialex.data.inputs import check_mean, check_std
from minialex.data.preprocessing import subtract_mean
from minialex.data.split import Split
from minialex.threads import can_start_threads

CHUNK = 2**18  # values that are converted and augmented at a time, 1 MB of floats: they stay in the cache

T = TypeVar("T")


def batches(
    split: Split, size: int, *, mean: np.ndarray, std=1.0, rng: np.random.Generator | None = None,
    draws: Epoch | None = None, rows: Callable[[int], slice] | None = None, start: int = 0,
    compute: Callable | None = None,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:  # fmt: skip
    """Return the batches of one epoch: every image once, minus the mean image; the last batch may be smaller.

    Shapes: pairs of float32 (n, C, H, W) and int64 (n,), n <= size.
    Args:   mean, of the training images (`mean_image`), subtracted; std, a deviation that divides the result at last
            (`channel_statistics`; the paper divides by none); rng, draws a new random order at each call; None keeps
            the order of the split; draws, the random draws that augment each image (`Augmentation.epoch`); rows, which
            of the n images of a batch are read, labels all the same (None: all; over ranks `net.rows`); start, how many
            batches to leave out, of an epoch that was stopped; compute, the same on a GPU (`cuda/inputs.py`).
    Errors: ValueError if size is below 1, rng is no Generator or the mean has another size, at the call.
    """
    check_integers("batches", size=size)
    check_integers("batches", 0, start=start)
    if rng is not None and not isinstance(rng, np.random.Generator):
        raise expected("rng", "a numpy.random.Generator or None", repr(rng), "pass numpy.random.default_rng(0)")
    check_kinds("batches", Split, "pass Split.from_arrays(images, labels)", split=split)
    check_kinds("batches", Epoch | None, "pass Augmentation(...).epoch(1, len(split))", draws=draws)
    check_mean(split.images, mean)
    check_std(split.images, std)
    order = np.arange(len(split)) if rng is None else rng.permutation(len(split))
    compute = compute or partial(inputs, mean=mean, std=std, draws=draws)
    return generate(split, size, order, rows or (lambda n: slice(0, n)), start, compute)


def generate(split: Split, size: int, order: np.ndarray, rows: Callable, first: int, compute: Callable) -> Iterator:
    """Yield the batches, in this order of indices."""
    for start in range(first * size, len(split), size):
        indices = order[start : start + size]
        own = indices[rows(len(indices))]
        read = own if len(own) else indices[:1]  # there is always one to take the shape from
        yield compute(split.images[read], read)[: len(own)], np.array(split.labels[indices])


def inputs(images: np.ndarray, indices: np.ndarray, mean: np.ndarray, std, draws: Epoch | None) -> np.ndarray:
    """Return a net's input: images minus the mean image in float32, augmented, divided by the deviation."""
    x = subtract_mean(images, mean) if draws is None else augmented(images, mean, indices, draws)
    return x if np.all(std == 1) else np.divide(x, std, out=x)


def augmented(images: np.ndarray, mean: np.ndarray, indices: np.ndarray, draws: Epoch) -> np.ndarray:
    """Return images minus the mean image, augmented, in chunks that stay in the cache."""
    step = max(1, CHUNK // images[0].size)
    out = np.empty((*images.shape[:2], *map(draws.output_size, images.shape[2:])), np.float32)
    for start in range(0, len(images), step):
        chunk = slice(start, start + step)
        out[chunk] = draws.apply(subtract_mean(images[chunk], mean), indices[chunk])
    return out


def ahead(items: Iterator[T], depth: int = 1) -> Generator[T, None, None]:
    """Yield the same items, of which a thread prepares up to `depth` ahead of the caller.

    An error in the thread is raised here, in the position of its item. Close the iterator (`contextlib.closing`) where
    it may be left early: that stops the thread. Where no thread can be started, each item is made when it is asked for.
    """
    if not can_start_threads():
        yield from items
        return
    ready: Queue = Queue(depth)
    closed = Event()
    thread = Thread(target=produce, args=(items, ready, closed), name="batches ahead", daemon=True)
    thread.start()
    try:
        while True:
            item, error = ready.get()
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            yield item
    finally:
        closed.set()
        thread.join()


def produce(items: Iterator, ready: Queue, closed: Event) -> None:
    """Put (item, None) for each item into the queue, then (None, error); StopIteration is the normal end."""
    try:
        for item in items:
            if not put_unless_closed((item, None), ready, closed):
                return
        put_unless_closed((None, StopIteration()), ready, closed)
    except BaseException as error:
        put_unless_closed((None, error), ready, closed)


def put_unless_closed(pair: tuple, ready: Queue, closed: Event) -> bool:
    """Wait until the queue has room and put a pair into it; return False if the reader has closed."""
    while not closed.is_set():
        with suppress(Full):
            ready.put(pair, timeout=0.1)
            return True
    return False
