"""Filling a folder with shards: missing or outdated shards are made, all others are kept."""

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
from minialex.files.atomic import whole_file, write_text

SHARD = r"(train|val)-\d{5,}\.np[yz]"
PARTIAL = rf"\.({SHARD}|{MANIFEST}|{STATISTICS}|{UNREADABLE})\.[0-9a-f]{{8}}\.partial"  # of a killed process


def fill(out: Path, listing: Listing, parts: list[Part], size: int, workers: int) -> int:
    """Make the shards that are missing or made of other files; return how many files were decoded."""
    (out / MANIFEST).unlink(missing_ok=True)
    remove_others(out, parts)
    todo = [part for part in parts if not finished(out, part, size)]
    make_shards(out, parts, todo, size, workers)
    finish(out, listing, parts, size)
    return sum(len(part.files.names) for part in todo)


def remove_others(out: Path, parts: list[Part]) -> None:
    """Remove half-written files, and shards beyond the last."""
    ours = {path for part in parts for path in paths_of(out, part)}
    for path in out.iterdir():
        if re.fullmatch(f"{SHARD}|{PARTIAL}", path.name) and path not in ours:
            path.unlink()


def paths_of(out: Path, part: Part) -> tuple[Path, Path]:
    """Return the paths of a shard's images and of its facts."""
    path = shard_path(out, part.split, part.number)
    return path, path.with_suffix(".npz")


def finished(out: Path, part: Part, size: int) -> bool:
    """Tell whether this shard exists and was made of the same files."""
    try:
        facts = read_part(out, part, size)
        read_images(paths_of(out, part)[0], len(facts.labels), size)
    except ValueError:
        return False
    return facts.fingerprint == part.fingerprint


def read_part(out: Path, part: Part, size: int) -> Facts:
    """Read the facts of a shard, with its sums if it contains training images."""
    return read_facts(paths_of(out, part)[1], size=size if part.split == "train" else None)


def make_shards(out: Path, parts: list[Part], todo: list[Part], size: int, workers: int) -> None:
    """Decode and write these shards, in order."""
    from tqdm import tqdm

    total, left = (sum(len(part.files.names) for part in chosen) for chosen in (parts, todo))
    with (
        quiet_pillow(),
        closing(decode_parts(todo, size, workers)) as decoded,
        tqdm(total=total, initial=total - left, desc="preparing", unit=" images", file=sys.stderr, disable=None) as bar,
    ):
        for part in todo:
            write_shard(out, part, decoded, size, bar)


def write_shard(out: Path, part: Part, decoded: Iterator[Decoded], size: int, bar) -> None:
    """Write a shard while its images are decoded; the iterator is left at the first chunk of the next shard."""
    labels: list[int] = []
    unreadable: list[tuple[str, str]] = []
    sums = no_sums(size)

    def images() -> Iterator[np.ndarray]:
        nonlocal sums
        while len(labels) + len(unreadable) < len(part.files.names):
            chunk = next(decoded)
            yield chunk.images
            labels.extend(chunk.labels)
            unreadable.extend(chunk.unreadable)
            sums = sums if chunk.sums is None else sums + chunk.sums
            bar.update(len(chunk.labels) + len(chunk.unreadable))

    path, facts_path = paths_of(out, part)
    facts_path.unlink(missing_ok=True)  # the facts of the images that are now replaced
    write_images(path, images(), len(part.files.names), size)
    training = sums if part.split == "train" else None
    write_facts(facts_path, Facts(part.fingerprint, np.array(labels, dtype=np.int64), unreadable, training))


def finish(out: Path, listing: Listing, parts: list[Part], size: int) -> None:
    """Add up the counts and sums of all shards, and write the files for the whole folder; the manifest last."""
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
    check_every_class(listing.train, images["train"])
    check_every_class(listing.val, images["val"])
    with whole_file(out / STATISTICS) as file:
        np.savez(file, **statistics(sums))  # type: ignore[arg-type]
    about = {"format": FORMAT, "name": listing.name, "classes": listing.classes, "size": size, "shards": counts}
    about["fingerprint"] = fingerprint_of_all(listing, parts)
    write_text(out / MANIFEST, json.dumps(about, indent=1))


def write_report(path: Path, unreadable: list[tuple[str, str]]) -> None:
    """Write the list of files that could not be read; no file if there are none."""
    path.unlink(missing_ok=True)
    if unreadable:
        with whole_file(path) as file:
            file.writelines(f"{name}\t{reason}\n".encode(errors="surrogateescape") for name, reason in unreadable)


def check_every_class(files: Files, images: np.ndarray) -> None:
    """Check that every class has at least one image left."""
    for label in np.flatnonzero(images == 0):
        indices = np.flatnonzero(files.labels == label)
        raise nothing_readable(path_of(files, indices[0]), len(indices))
