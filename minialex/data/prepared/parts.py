"""Parts: the image files of each shard, and a fingerprint of their state."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from minialex.data.folders.listing import Files, Listing
from minialex.data.prepared.manifest import PIXELS
from minialex.data.prepared.shard_files import Facts, read_facts
from minialex.data.prepared.shard_images import shard_path


class Part(NamedTuple):
    """The image files of one shard; `split` is train or val, `fingerprint` changes if any of the files changes."""

    split: str
    number: int
    files: Files
    fingerprint: str


def parts_of(listing: Listing, size: int, length: int) -> list[Part]:
    """Return all files in parts of this length, those of the training images first."""
    parts = []
    for split, (folder, names, labels) in (("train", listing.train), ("val", listing.val)):
        for number, start in enumerate(range(0, len(names), length)):
            chunk = slice(start, start + length)
            files = Files(folder, names[chunk], labels[chunk])
            parts.append(Part(split, number, files, fingerprint(files, f"{PIXELS} {size} {length}")))
    return parts


def fingerprint(files: Files, settings: str) -> str:
    """Return a hash of the files' names, labels, sizes and modification times, and of the settings."""
    digest = hashlib.blake2b(settings.encode(), digest_size=16)
    for name, label in zip(files.names, files.labels.tolist(), strict=True):
        state = os.stat(f"{files.folder}/{name}")
        digest.update(b"\0%d %d %d " % (label, state.st_size, state.st_mtime_ns))
        digest.update(os.fsencode(name))
    return digest.hexdigest()


def fingerprint_of_all(listing: Listing, parts: list[Part]) -> str:
    """Return the hash of a whole folder: of its name, its classes and the fingerprints of its parts."""
    return joint_fingerprint(listing.name, listing.classes, [(part.split, part.fingerprint) for part in parts])


def joint_fingerprint(name: str, classes: Iterable[str], parts: Iterable[tuple[str, str]]) -> str:
    """Return the hash of a name, of classes and of the fingerprint of each shard of a split."""
    texts = [name, *classes, *(f"{split} {one}" for split, one in parts)]
    return hashlib.blake2b(os.fsencode("\0".join(texts)), digest_size=16).hexdigest()


def path_of(files: Files, index: int) -> Path:
    """Return the path of one of the files."""
    return files.folder / files.names[index]


def paths_of(out: Path, part: Part) -> tuple[Path, Path]:
    """Return the paths of a shard's images and of its facts."""
    path = shard_path(out, part.split, part.number)
    return path, path.with_suffix(".npz")


def read_part(out: Path, part: Part, size: int) -> Facts:
    """Read the facts of a shard, with its sums if it contains training images."""
    return read_facts(paths_of(out, part)[1], size=size if part.split == "train" else None)
