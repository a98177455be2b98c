"""Preparation: a folder of photographs becomes uint8 squares of one size, once and for all (section 2).

To decode and rescale a photograph takes some milliseconds, too many for each of the paper's 90 epochs. Here threads
decode images in chunks, which are written to the disk in order, a shard at a time: memory use does not depend on the
number of images, and a preparation that was stopped resumes where it was.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from minialex.checks import check_between
from minialex.data.folders.listing import Files, Listing, list_folder
from minialex.data.folders.reading import useful_threads
from minialex.data.prepared.decoding import CHUNK
from minialex.data.prepared.filling import fill
from minialex.data.prepared.manifest import UNREADABLE
from minialex.data.prepared.out_folder import check_apart, check_not_in_use, writing
from minialex.data.prepared.parts import Part, fingerprint_of_all, parts_of, path_of
from minialex.data.prepared.prepared import Prepared, check_unprepared, read_prepared
from minialex.devices.host import MOST_WORKERS
from minialex.devices.room import check_room
from minialex.files.lock import locked
from minialex.files.paths import as_path

LARGEST = 2**14  # pixels of a side, and images in a shard


@dataclass(frozen=True, eq=False)
class Preparation:
    """The result of a preparation, with a summary to `print`.

    Args:   decoded, how many image files were read now; seconds, that this took.
    """

    out: Path
    dataset: Prepared
    decoded: int
    seconds: float

    def __str__(self) -> str:
        train, val = len(self.dataset.train), len(self.dataset.val)
        lost = len(self.dataset.unreadable)
        kept = train + val + lost - self.decoded
        work = f"{self.seconds:.1f}, {self.decoded / max(self.seconds, 1e-9):,.0f} images a second"
        if self.decoded == 0:
            work = f"{self.seconds:.1f}: nothing to do, all was there"
        elif kept:
            work += f"; {kept:,} images were there already"
        return (
            f"images       {train:,} for training, {val:,} for validation, {len(self.dataset.classes):,} classes, "
            f"{self.dataset.image_size} x {self.dataset.image_size} pixels\n"
            f"seconds      {work}\n"
            f"unreadable   {f'{lost:,}, listed in {self.out / UNREADABLE}' if lost else 'none'}\n"
            f"folder       {self.out}"
        )


def prepare(
    folder: str | os.PathLike, out: str | os.PathLike, *, size: int = 256, workers: int | None = None, shard: int = 1024
) -> Preparation:
    """Write the images of a folder as squares, with their statistics, for `read_prepared`.

    Started again, it resumes where it was: shards of which no image file has changed are kept.

    Args:   folder, as in `read_folder`; out, made if absent; size, the side of the squares; workers, threads that
            decode (None: as many as cores, but one for small files); shard, images in a file.
    Errors: those of `read_folder`; ValueError if folder is prepared itself, or out in use; OSError if out cannot be
            written: what is finished is kept.
    """
    check_counts(size, workers, shard)
    check_unprepared(as_path("prepare", folder))
    start = time.monotonic()
    listing, out = list_folder(folder), as_path("prepare", out)
    check_apart(listing, out)
    check_not_in_use(listing, out)
    parts = parts_of(listing, size, shard)
    decoded, dataset = 0, up_to_date(out, listing, parts)
    if dataset is None:
        with writing(out):
            out.mkdir(parents=True, exist_ok=True)
            with locked(out, waiting=f"{out}: another process prepares it; waiting"):
                if (dataset := up_to_date(out, listing, parts)) is None:  # another may have been here
                    threads = workers or threads_for(listing.train)
                    advice = "choose a smaller --size, or fewer --workers"
                    check_room("prepare", f"{CHUNK} images for each thread", 3 * size**2 * CHUNK * threads, advice)
                    decoded = fill(out, listing, parts, size, threads)
                    dataset = read_prepared(out)
    return Preparation(out, dataset, decoded, time.monotonic() - start)


def check_counts(size: int, workers: int | None, shard: int = 1024) -> None:
    """Check the numbers of a preparation: pixels of a side, threads, images in a file."""
    check_between("prepare", 1, LARGEST, size=size, shard=shard)
    check_between("prepare", 1, MOST_WORKERS, workers=1 if workers is None else workers)


def threads_for(files: Files) -> int:
    """Return how many threads to decode with: all cores for photographs, one for small images."""
    return useful_threads(path_of(files, len(files.names) // 2), most=os.cpu_count() or 1)


def up_to_date(out: Path, listing: Listing, parts: list[Part]) -> Prepared | None:
    """Return the prepared dataset if it was made of the files as they are now, else None."""
    try:
        dataset = read_prepared(out)
    except (ValueError, FileNotFoundError):
        return None
    return dataset if dataset.fingerprint == fingerprint_of_all(listing, parts) else None
