"""Parts: which image files make up which shard, and in what state they are."""

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from minialex.data.folders.folder import Files, Listing
from minialex.data.prepared.prepared import FORMAT


class Part(NamedTuple):
    """The image files of one shard; `split` is train or val, `fingerprint` changes when any of the files does."""

    split: str
    number: int
    files: Files
    fingerprint: str


def parts_of(listing: Listing, size: int, length: int) -> list[Part]:
    """All files in parts of this length, those to train on first."""
    parts = []
    for split, (folder, names, labels) in (("train", listing.train), ("val", listing.val)):
        for number, start in enumerate(range(0, len(names), length)):
            some = slice(start, start + length)
            files = Files(folder, names[some], labels[some])
            parts.append(Part(split, number, files, fingerprint(files, f"{FORMAT} {size} {length}")))
    return parts


def fingerprint(files: Files, settings: str) -> str:
    """A short text that is another one for other names, classes, sizes or times of change, or other settings."""
    digest = hashlib.blake2b(settings.encode(), digest_size=16)
    for name, label in zip(files.names, files.labels.tolist(), strict=True):
        state = os.stat(f"{files.folder}/{name}")
        digest.update(b"\0%d %d %d " % (label, state.st_size, state.st_mtime_ns))
        digest.update(os.fsencode(name))
    return digest.hexdigest()


def fingerprint_of_all(listing: Listing, parts: list[Part]) -> str:
    """The fingerprint of a whole folder."""
    texts = [listing.name, *listing.classes, *(f"{part.split} {part.fingerprint}" for part in parts)]
    return hashlib.blake2b(os.fsencode("\0".join(texts)), digest_size=16).hexdigest()


def path_of(files: Files, place: int) -> Path:
    """One of the files."""
    return files.folder / files.names[place]
