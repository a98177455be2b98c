"""The files for a whole folder of prepared images, written once all shards exist; the manifest last."""

import json
from pathlib import Path

import numpy as np

from minialex.data.folders.listing import Files, Listing
from minialex.data.folders.reading import nothing_readable
from minialex.data.pixel_statistics import no_sums
from minialex.data.prepared.manifest import FORMAT, MANIFEST, STATISTICS, UNREADABLE, digest_of
from minialex.data.prepared.parts import Part, fingerprint_of_all, path_of, read_part
from minialex.data.prepared.statistics_file import write_statistics
from minialex.files.atomic import whole_file, write_text


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
    write_statistics(out / STATISTICS, sums)
    about = {"format": FORMAT, "name": listing.name, "classes": listing.classes, "size": size, "shards": counts}
    about["fingerprint"] = fingerprint_of_all(listing, parts)
    about["digest"] = digest_of(json.loads(json.dumps(about)))  # as it will be read: tuples are lists then
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
