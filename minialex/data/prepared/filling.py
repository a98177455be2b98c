"""Filling a folder with shards: those that are missing are made, all others kept."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from minialex.data.folders.folder import Files, Listing
from minialex.data.folders.image import quiet_pillow
from minialex.data.folders.reading import nothing_readable
from minialex.data.pixel_statistics import no_sums, statistics
from minialex.data.prepared.decoding import Decoded, decode_parts
from minialex.data.prepared.parts import Part, fingerprint_of_all, path_of
from minialex.data.prepared.prepared import FORMAT, MANIFEST, STATISTICS, UNREADABLE
from minialex.data.prepared.shard_files import Facts, read_facts, read_images, shard_path, write_facts, write_images
from minialex.files.atomic import whole_file

SHARD = r"(train|val)-\d{5,}\.np[yz]"
HALF = rf"\.({SHARD}|{MANIFEST}|{STATISTICS}|{UNREADABLE})\.[0-9a-f]{{8}}\.partial"  # what a kill leaves behind


def fill(out: Path, listing: Listing, parts: list[Part], size: int, workers: int) -> int:
    """Makes the shards that are missing or made of other files; returns how many files were decoded."""
    (out / MANIFEST).unlink(missing_ok=True)
    remove_others(out, parts)
    todo = [part for part in parts if not finished(out, part, size)]
    make_shards(out, parts, todo, size, workers)
    finish(out, listing, parts, size)
    return sum(len(part.files.names) for part in todo)


def remove_others(out: Path, parts: list[Part]) -> None:
    """Removes half-written files, and shards beyond the last."""
    ours = {path for part in parts for path in paths_of(out, part)}
    for path in out.iterdir():
        if re.fullmatch(f"{SHARD}|{HALF}", path.name) and path not in ours:
            path.unlink()


def paths_of(out: Path, part: Part) -> tuple[Path, Path]:
    """Where the images of a shard are, and where the facts."""
    path = shard_path(out, part.split, part.number)
    return path, path.with_suffix(".npz")


def finished(out: Path, part: Part, size: int) -> bool:
    """Whether this shard is there, made of the same files."""
    try:
        facts = read_part(out, part, size)
        read_images(paths_of(out, part)[0], len(facts.labels), size)
    except ValueError:
        return False
    return facts.fingerprint == part.fingerprint


def read_part(out: Path, part: Part, size: int) -> Facts:
    """The facts of a shard, with its sums if it is one to train on."""
    return read_facts(paths_of(out, part)[1], size=size if part.split == "train" else None)


def make_shards(out: Path, parts: list[Part], todo: list[Part], size: int, workers: int) -> None:
    """Decodes and writes these shards, one after another."""
    from tqdm import tqdm

    total, left = (sum(len(part.files.names) for part in some) for some in (parts, todo))
    with (
        quiet_pillow(),
        closing(decode_parts(todo, size, workers)) as decoded,
        tqdm(total=total, initial=total - left, desc="preparing", unit=" images", file=sys.stderr, disable=None) as bar,
    ):
        for part in todo:
            write_shard(out, part, decoded, size, bar)


def write_shard(out: Path, part: Part, decoded: Iterator[Decoded], size: int, bar) -> None:
    """Writes a shard while its images come; those of the next are left to come."""
    labels: list[int] = []
    unreadable: list[tuple[str, str]] = []
    sums = no_sums(size)

    def images() -> Iterator[np.ndarray]:
        nonlocal sums
        while len(labels) + len(unreadable) < len(part.files.names):
            few = next(decoded)
            yield few.images
            labels.extend(few.labels)
            unreadable.extend(few.unreadable)
            sums = sums if few.sums is None else sums + few.sums
            bar.update(len(few.labels) + len(few.unreadable))

    path, beside = paths_of(out, part)
    beside.unlink(missing_ok=True)  # the facts of the images that are now replaced
    write_images(path, images(), len(part.files.names), size)
    training = sums if part.split == "train" else None
    write_facts(beside, Facts(part.fingerprint, np.array(labels, dtype=np.int64), unreadable, training))


def finish(out: Path, listing: Listing, parts: list[Part], size: int) -> None:
    """Adds the shards up, one at a time, and writes the files that speak of all of them; the manifest last."""
    counts: dict[str, list[int]] = {"train": [], "val": []}
    images = {split: np.zeros(len(listing.classes), dtype=np.int64) for split in counts}
    unreadable, sums = [], no_sums(size)
    for part in parts:
        facts = read_part(out, part, size)
        counts[part.split].append(len(facts.labels))
        images[part.split] += np.bincount(facts.labels, minlength=len(listing.classes))
        unreadable += facts.unreadable
        sums = sums if facts.sums is None else sums + facts.sums
    write_report(out / UNREADABLE, unreadable)
    check_classes(listing.train, images["train"])
    check_classes(listing.val, images["val"])
    with whole_file(out / STATISTICS) as file:
        np.savez(file, **statistics(sums))  # type: ignore[arg-type]
    about = {"format": FORMAT, "name": listing.name, "classes": listing.classes, "size": size, "shards": counts,
             "fingerprint": fingerprint_of_all(listing, parts)}  # fmt: skip
    with whole_file(out / MANIFEST) as file:
        file.write(json.dumps(about, indent=1).encode())


def write_report(path: Path, unreadable: list[tuple[str, str]]) -> None:
    """The list of files that could not be read; no file where there are none."""
    path.unlink(missing_ok=True)
    if unreadable:
        with whole_file(path) as file:
            file.writelines(f"{name}\t{reason}\n".encode(errors="surrogateescape") for name, reason in unreadable)


def check_classes(files: Files, images: np.ndarray) -> None:
    """Checks that every class has kept an image."""
    for label in np.flatnonzero(images == 0):
        places = np.flatnonzero(files.labels == label)
        raise nothing_readable(path_of(files, places[0]), len(places))
