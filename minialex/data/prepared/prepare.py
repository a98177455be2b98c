"""Preparation: a folder of photographs becomes uint8 squares of one size, once and for all (section 2).

To decode and rescale a photograph costs some milliseconds, too many for each of the paper's 90 epochs. Here threads
decode a few images each, and these go to the disk in their order, a shard at a time: memory stays flat however many
there are, and a preparation that was stopped goes on where it was.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from minialex.data.dataset import check_count
from minialex.data.folders.folder import Files, Listing, list_folder
from minialex.data.folders.reading import useful_threads
from minialex.data.prepared.filling import fill
from minialex.data.prepared.lock import alone
from minialex.data.prepared.parts import Part, fingerprint_of_all, parts_of, path_of
from minialex.data.prepared.prepared import MANIFEST, UNREADABLE, Prepared, read_manifest, read_prepared
from minialex.data.prepared.shard_files import shard_path


@dataclass(frozen=True, eq=False)
class Preparation:
    """What a preparation has done: `print` it.

    Args:   decoded, how many image files were read now, others were there; seconds, that this took.
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
    """Writes the images of a folder as squares, with their statistics, to be read by `read_prepared`.

    Started again, it goes on where it was: shards of which no image file has changed are kept.

    Args:   folder, as in `read_folder`; out, made if absent; size, the side of the squares; workers, threads that
            decode (None: as many as cores, but one for small files); shard, images in a file.
    Errors: those of `read_folder`; OSError if out cannot be written: what is finished is kept.
    """
    for number, name in ((size, "size"), (1 if workers is None else workers, "workers"), (shard, "shard")):
        check_count(number, name)
    start = time.monotonic()
    listing, out = list_folder(folder), Path(out)
    check_apart(listing, out)
    check_others(listing, out)
    parts = parts_of(listing, size, shard)
    decoded, dataset = 0, up_to_date(out, listing, parts)
    if dataset is None:
        with writing(out):
            out.mkdir(parents=True, exist_ok=True)
            with alone(out):
                if (dataset := up_to_date(out, listing, parts)) is None:  # another may have been here
                    decoded = fill(out, listing, parts, size, workers or threads_for(listing.train))
                    dataset = read_prepared(out)
    return Preparation(out, dataset, decoded, time.monotonic() - start)


def threads_for(files: Files) -> int:
    """All cores for photographs, one for small images."""
    return useful_threads(path_of(files, len(files.names) // 2), most=os.cpu_count() or 1)


def check_apart(listing: Listing, out: Path) -> None:
    """Checks that the shards will not lie among the images."""
    here = out.resolve()
    folders = [files.folder.resolve() for files in (listing.train, listing.val)]
    if here == listing.root.resolve() or any(here.is_relative_to(folder) for folder in folders):
        raise ValueError(f"{out}: expected a folder apart from the images in {listing.root}; choose another one")


def check_others(listing: Listing, out: Path) -> None:
    """Checks that no work of somebody else would be replaced: other images prepared there, or a file of that name."""
    if not (out / MANIFEST).is_file():
        return
    try:
        about = read_manifest(out / MANIFEST)
    except ValueError:  # damaged, unless there is nothing else of ours
        if shard_path(out, "train", 0).is_file():
            return
        came = f"a file {MANIFEST} that is no preparation's"
    else:
        if about["name"] == listing.name or tuple(about["classes"]) == listing.classes:
            return
        came = f"{about['name']} prepared there"
    raise ValueError(f"{out}: expected a folder for {listing.name}, got {came}; choose another --out, or remove it")


def up_to_date(out: Path, listing: Listing, parts: list[Part]) -> Prepared | None:
    """What is prepared there, if it was made of the files as they are now."""
    try:
        dataset = read_prepared(out)
    except (ValueError, FileNotFoundError):
        return None
    return dataset if dataset.fingerprint == fingerprint_of_all(listing, parts) else None


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turns the system's errors into one line; those that name their file already have no number."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(
            f"{out}: expected to write the images there, got {error.strerror}; make room, or choose another folder; "
            "started again, it goes on with the next shard"
        ) from error
