"""Batches: the images as a net reads them, some at a time; and a thread that prepares them ahead."""

from collections.abc import Generator, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

import numpy as np

from minialex.data.augmentation import Epoch
from minialex.data.dataset import Split, check_count
from minialex.data.preprocessing import subtract_mean

AT_ONCE = 2**18  # values that go from pixels to the net's input together, 1 MB of floats: they stay in the cache

Batch = tuple[np.ndarray, np.ndarray]
T = TypeVar("T")


def batches(
    split: Split, size: int, *, mean: np.ndarray, rng: np.random.Generator | None = None, augment: Epoch | None = None
) -> Iterator[Batch]:
    """One epoch: every image once, minus the mean image; the last batch may be smaller.

    Shapes: pairs of float32 (n, 3, H, W) and int64 (n,), n <= size.
    Args:   mean, of the training images (`mean_image`); rng, draws a new random order at each call; None keeps the
            order of the split; augment, what chance has in store for each image (`Augmentation.epoch`).
    Errors: ValueError if size is below 1, rng is no Generator or the mean has another size, at the call.
    """
    check_count(size, "batch size")
    if rng is not None and not isinstance(rng, np.random.Generator):
        raise ValueError(
            f"rng: expected a numpy.random.Generator or None, got {rng!r}; pass numpy.random.default_rng(0)"
        )
    subtract_mean(split.images[:1], mean)  # its check, now rather than at the first batch
    order = np.arange(len(split)) if rng is None else rng.permutation(len(split))
    return generate(split, size, mean, order, augment)


def generate(split: Split, size: int, mean: np.ndarray, order: np.ndarray, augment: Epoch | None) -> Iterator[Batch]:
    """The batches, in this order of places."""
    for start in range(0, len(split), size):
        places = order[start : start + size]
        yield inputs(split.images[places], mean, places, augment), np.array(split.labels[places])


def inputs(images: np.ndarray, mean: np.ndarray, places: np.ndarray, augment: Epoch | None) -> np.ndarray:
    """What the net reads of these images: float32, minus the mean image, then augmented, a few images at a time."""
    if augment is None:
        return subtract_mean(images, mean)
    step = max(1, AT_ONCE // images[0].size)
    size = augment.output_size(images.shape[2])
    out = np.empty((len(images), 3, size, size), np.float32)
    for start in range(0, len(images), step):
        few = slice(start, start + step)
        out[few] = augment.apply(subtract_mean(images[few], mean), places[few])
    return out


def ahead(items: Iterator[T], depth: int = 1) -> Generator[T, None, None]:
    """The same items, of which a thread prepares `depth` while the caller works on the one before.

    What goes wrong in the thread is raised here, in the item's place. Close the iterator (`contextlib.closing`) where
    it may be left early: that stops the thread.
    """
    ready: Queue = Queue(depth)
    left = Event()
    thread = Thread(target=prepare_ahead, args=(items, ready, left), name="batches ahead", daemon=True)
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
        left.set()
        thread.join()


def prepare_ahead(items: Iterator, ready: Queue, left: Event) -> None:
    """The thread's work: pairs of an item and None, at the end of None and an error (StopIteration: all went well)."""
    try:
        for item in items:
            if not hand_over((item, None), ready, left):
                return
        hand_over((None, StopIteration()), ready, left)
    except BaseException as error:
        hand_over((None, error), ready, left)


def hand_over(pair: tuple, ready: Queue, left: Event) -> bool:
    """Waits until there is room for a pair; False if nobody waits for it any more."""
    while not left.is_set():
        try:
            ready.put(pair, timeout=0.1)
            return True
        except Full:
            continue
    return False
