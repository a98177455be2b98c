"""Filling a folder with shards: missing or outdated shards are made, all others are kept."""

import re
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np

from minialex.data.folders.image import quiet_pillow
from minialex.data.folders.listing import Listing
from minialex.data.pixel_statistics import no_sums
from minialex.data.prepared.decoding import Decoded, decode_parts
from minialex.data.prepared.finishing import finish
from minialex.data.prepared.manifest import MANIFEST, STATISTICS, UNREADABLE
from minialex.data.prepared.parts import Part, paths_of, read_part
from minialex.data.prepared.shard_files import Facts, write_facts
from minialex.data.prepared.shard_images import read_images, write_images
from minialex.printing import progress_bar

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


def finished(out: Path, part: Part, size: int) -> bool:
    """Tell whether this shard exists and was made of the same files."""
    try:
        facts = read_part(out, part, size)
        read_images(paths_of(out, part)[0], len(facts.labels), size)
    except ValueError:
        return False
    return facts.fingerprint == part.fingerprint


def make_shards(out: Path, parts: list[Part], todo: list[Part], size: int, workers: int) -> None:
    """Decode and write these shards, in order."""
    total, left = (sum(len(part.files.names) for part in chosen) for chosen in (parts, todo))
    with (
        quiet_pillow(),
        closing(decode_parts(todo, size, workers)) as decoded,
        progress_bar(
            total=total, initial=total - left, desc="preparing", unit=" images", file=sys.stderr, disable=None
        ) as bar,
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
    checksums = write_images(path, images(), len(part.files.names), size)
    training = sums if part.split == "train" else None
    write_facts(facts_path, Facts(part.fingerprint, np.array(labels, dtype=np.int64), unreadable, training, checksums))
