"""The manifest of prepared images, read and checked: name, classes, size and the images in each shard."""

import json
from pathlib import Path

from minialex.checks import is_integer
from minialex.data.prepared.shard_files import one_line_errors, require

FORMAT = 1  # to be increased whenever files or pixels are made in another way
MANIFEST, STATISTICS, UNREADABLE = "dataset.json", "statistics.npz", "unreadable.txt"


def read_manifest(path: Path) -> dict:
    """Read the manifest, and check its every value."""
    with one_line_errors(path):
        about = json.loads(path.read_text("utf-8"))
        require(isinstance(about, dict) and about.get("format") == FORMAT, "another format")
        require(all(isinstance(about.get(key), str) for key in ("name", "fingerprint")), "no name or fingerprint")
        classes = about.get("classes")
        require(isinstance(classes, list) and all(isinstance(name, str) for name in classes), "no list of classes")
        require(is_count(about.get("size")), f"size {about.get('size')!r}")
        shards = about.get("shards")
        require(isinstance(shards, dict), "no shards")
        for split in ("train", "val"):
            counts = shards.get(split)
            require(isinstance(counts, list) and any(counts), f"no shards of {split}")
            require(all(is_count(count, 0) for count in counts), f"shards of {counts!r:.80} images")
        return about


def is_count(number, least: int = 1) -> bool:
    """Tell whether this is an integer from `least` to 2**31 - 1."""
    return is_integer(number, least) and number < 2**31
