"""Many image files: read on several threads where that helps; files that cannot be read are left out."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from minialex.checks import expected
from minialex.data.folders.image import decode, shorter_side
from minialex.data.split import Split
from minialex.printing import progress_bar
from minialex.threads import can_start_threads

SMALLEST, LARGEST = 32, 64  # bounds of the natural size of photographs
PHOTO = 2**14  # bytes of a file that several threads read faster than one (1.5 times on two cores)
TASK = 64  # files that a thread reads at a time
LONG = 2000  # so many files are worth a progress bar


def common_size(files: list[Path]) -> int:
    """Return the common size of square images, else the smallest shorter side within bounds."""
    all_sides: list = [None] * len(files)

    def measure(index: int) -> None:
        all_sides[index] = shorter_side(files[index])

    for_each(measure, len(files), "sizing")
    sides = [side for side in all_sides if side is not None]
    if len(set(sides)) == 1 and sides[0][1]:
        return sides[0][0]
    smallest = min((side for side, _ in sides), default=SMALLEST)
    return min(max(smallest, SMALLEST), LARGEST)


def decode_all(files: list[Path], labels: np.ndarray, size: int, root: Path) -> tuple[Split, list[str]]:
    """Decode the images of these files; return them and the names of the files that could not be read."""
    images = np.empty((len(files), 3, size, size), dtype=np.uint8)

    def read(index: int) -> None:
        images[index] = decode(files[index], size)

    failed = for_each(read, len(files), "reading", threads=useful_threads(files[len(files) // 2]))
    unreadable = [files[index].relative_to(root).as_posix() for index in failed]
    if not failed:
        return Split(images, labels), unreadable
    kept = np.setdiff1d(np.arange(len(files)), failed)
    if lost := sorted(set(labels.tolist()) - set(labels[kept].tolist())):  # classes without a single image
        index = failed[int(np.argmax(labels[failed] == lost[0]))]
        raise nothing_readable(files[index], int(np.sum(labels == lost[0])))
    return Split(images[kept], labels[kept]), unreadable


def nothing_readable(example: Path, count: int) -> ValueError:
    """Return the error for a class of which no image can be read."""
    got = f"none of {count} (such as {example.name})"
    return expected(example.parent, "images that can be read", got, "save them again or remove the class")


def useful_threads(typical: Path, most: int = 4) -> int:
    """Return how many threads to read with: several for photographs, whose decoders release the GIL; else one."""
    return min(most, os.cpu_count() or 1) if typical.stat().st_size > PHOTO and can_start_threads() else 1


def for_each(work: Callable[[int], None], count: int, doing: str, threads: int = 1) -> list[int]:
    """Call work(0), work(1), ..., work(count - 1); return the indices of those that failed."""

    def run(start: int) -> list[int]:
        failed = []
        for index in range(start, min(start + TASK, count)):
            try:
                work(index)
            except Exception:  # decoders raise all kinds: OSError, SyntaxError, struct.error, ...
                failed.append(index)
        return failed

    failed, starts = [], range(0, count, TASK)
    hidden = None if count >= LONG else True  # None: hidden unless stderr is a terminal
    with (
        ThreadPoolExecutor(threads) as pool,  # starts its threads when they are first needed
        progress_bar(total=count, desc=doing, unit=" images", file=sys.stderr, disable=hidden) as bar,
    ):
        for part in pool.map(run, starts) if threads > 1 else map(run, starts):
            failed += part
            bar.update(min(TASK, count - bar.n))
    return failed
