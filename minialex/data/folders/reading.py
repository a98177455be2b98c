"""Many image files at once: on several threads where that helps, past those that cannot be read."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from minialex.data.dataset import Split
from minialex.data.folders.image import decode, shorter_side

SMALLEST, LARGEST = 32, 64  # the natural size of photographs lies between
PHOTO = 2**14  # bytes of a file that several threads read faster than one (1.5 times on two cores)
TASK = 64  # files that a thread reads at a time
LONG = 2000  # so many files are worth a progress bar


def common_size(files: list[Path]) -> int:
    """The common size of square images, else the smallest shorter side within bounds."""
    found: list = [None] * len(files)

    def look(place: int) -> None:
        found[place] = shorter_side(files[place])

    for_each(look, len(files), "sizing")
    sides = [side for side in found if side is not None]
    if len(set(sides)) == 1 and sides[0][1]:
        return sides[0][0]
    smallest = min((side for side, _ in sides), default=SMALLEST)
    return min(max(smallest, SMALLEST), LARGEST)


def read_split(files: list[Path], labels: np.ndarray, size: int, root: Path) -> tuple[Split, list[str]]:
    """The images of these files, and the names of the files that could not be read."""
    images = np.empty((len(files), 3, size, size), dtype=np.uint8)

    def read(place: int) -> None:
        images[place] = decode(files[place], size)

    failed = for_each(read, len(files), "reading", threads=useful_threads(files[len(files) // 2]))
    lost = [files[place].relative_to(root).as_posix() for place in failed]
    if not failed:
        return Split(images, labels), lost
    left = np.setdiff1d(np.arange(len(files)), failed)
    if gone := sorted(set(labels.tolist()) - set(labels[left].tolist())):
        place = failed[int(np.argmax(labels[failed] == gone[0]))]
        raise nothing_readable(files[place], int(np.sum(labels == gone[0])))
    return Split(images[left], labels[left]), lost


def nothing_readable(example: Path, count: int) -> ValueError:
    """The error of a class that has lost all its images."""
    return ValueError(
        f"{example.parent}: expected images that can be read, got none of {count} (such as {example.name}); "
        "save them again or remove the class"
    )


def useful_threads(typical: Path, most: int = 4) -> int:
    """Several for photographs: decoders run side by side. One for small images, where Python's own work is most."""
    return min(most, os.cpu_count() or 1) if typical.stat().st_size > PHOTO else 1


def for_each(work: Callable[[int], None], count: int, doing: str, threads: int = 1) -> list[int]:
    """Calls work(0), work(1), ..., work(count - 1); returns the numbers of those that failed."""
    from tqdm import tqdm

    def run(start: int) -> list[int]:
        failed = []
        for place in range(start, min(start + TASK, count)):
            try:
                work(place)
            except Exception:  # decoders raise all kinds: OSError, SyntaxError, struct.error, ...
                failed.append(place)
        return failed

    failed = []
    hidden = None if count >= LONG else True  # None: hidden where nobody watches
    with (
        ThreadPoolExecutor(threads) as pool,
        tqdm(total=count, desc=doing, unit=" images", file=sys.stderr, disable=hidden) as bar,
    ):
        for part in pool.map(run, range(0, count, TASK)):
            failed += part
            bar.update(min(TASK, count - bar.n))
    return failed
