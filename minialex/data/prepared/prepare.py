"""Preparation: a folder of photographs becomes uint8 squares of one size, once and for all (section 2).

To decode and rescale a photograph takes some milliseconds, too many for each of the paper's 90 epochs. Here threads
decode images in chunks, which are written to the disk in order, a shard at a time: memory use does not depend on the
number of images, and a preparation that was stopped resumes where it was.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from minialex.checks import check_integers, expected
from minialex.data.folders.folder import Files, Listing, list_folder
from minialex.data.folders.reading import useful_threads
from minialex.data.prepared.filling import fill
from minialex.data.prepared.lock import locked
from minialex.data.prepared.parts import Part, fingerprint_of_all, parts_of, path_of
from minialex.data.prepared.prepared import (
    MANIFEST,
    UNREADABLE,
    Prepared,
    check_unprepared,
    read_manifest,
    read_prepared,
)
from minialex.data.prepared.shard_files import shard_path


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
    check_integers("prepare", size=size, workers=1 if workers is None else workers, shard=shard)
    check_unprepared(Path(folder))
    start = time.monotonic()
    listing, out = list_folder(folder), Path(out)
    check_apart(listing, out)
    check_not_in_use(listing, out)
    parts = parts_of(listing, size, shard)
    decoded, dataset = 0, up_to_date(out, listing, parts)
    if dataset is None:
        with writing(out):
            out.mkdir(parents=True, exist_ok=True)
            with locked(out):
                if (dataset := up_to_date(out, listing, parts)) is None:  # another may have been here
                    decoded = fill(out, listing, parts, size, workers or threads_for(listing.train))
                    dataset = read_prepared(out)
    return Preparation(out, dataset, decoded, time.monotonic() - start)


def threads_for(files: Files) -> int:
    """Return how many threads to decode with: all cores for photographs, one for small images."""
    return useful_threads(path_of(files, len(files.names) // 2), most=os.cpu_count() or 1)


def check_apart(listing: Listing, out: Path) -> None:
    """Check that the shards will not be written among the images."""
    here = out.resolve()
    folders = [files.folder.resolve() for files in (listing.train, listing.val)]
    if here == listing.root.resolve() or any(here.is_relative_to(folder) for folder in folders):
        raise expected(out, f"a folder apart from the images in {listing.root}", "one among them", "choose another")


def check_not_in_use(listing: Listing, out: Path) -> None:
    """Check that nothing else would be replaced: other prepared images, or another file of the manifest's name."""
    if not (out / MANIFEST).is_file():
        return
    try:
        about = read_manifest(out / MANIFEST)
    except ValueError:  # beside a shard, a damaged manifest
        if shard_path(out, "train", 0).is_file():
            return
        got = f"a file {MANIFEST} that is no preparation's"
    else:
        if about["name"] == listing.name or tuple(about["classes"]) == listing.classes:
            return
        got = f"{about['name']} prepared there"
    raise expected(out, f"a folder for {listing.name}", got, "choose another --out, or remove it")


def up_to_date(out: Path, listing: Listing, parts: list[Part]) -> Prepared | None:
    """Return the prepared dataset if it was made of the files as they are now, else None."""
    try:
        dataset = read_prepared(out)
    except (ValueError, FileNotFoundError):
        return None
    return dataset if dataset.fingerprint == fingerprint_of_all(listing, parts) else None


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turn the system's errors into one line; errors raised by this library (no errno) stay."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        advice = "make room, or choose another folder; started again, it resumes with the next shard"
        raise expected(out, "to write the images there", error.strerror, advice, OSError) from error
