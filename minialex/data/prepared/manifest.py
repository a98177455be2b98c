"""The manifest of prepared images, read and checked: name, classes, size and the images in each shard.

Format 2 has a digest of the manifest itself, and a checksum of each image beside its label; format 1 had neither.
"""

import hashlib
import json
from pathlib import Path

from minialex.checks import is_integer
from minialex.data.prepared.reading import one_line_errors, require
from minialex.files.formats import check_format

FORMAT = 2  # to be increased when older versions would misread the files
PIXELS = 1  # to be increased when pixels are made in another way: then all are made again
MANIFEST, STATISTICS, UNREADABLE = "dataset.json", "statistics.npz", "unreadable.txt"


def read_manifest(path: Path) -> dict:
    """Read the manifest, and check its every value."""
    with one_line_errors(path):
        about = json.loads(path.read_text("utf-8"))
        require(isinstance(about, dict), "no object")
        check_format(path, about.get("format"), FORMAT)
        if about["format"] > 1 or "digest" in about:
            require(about.get("digest") == digest_of(about), "one that was changed: its digest is another")
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


def digest_of(about: dict) -> str:
    """Return the digest of a manifest, of all but the digest itself."""
    text = json.dumps({key: value for key, value in about.items() if key != "digest"}, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def is_count(number, least: int = 1) -> bool:
    """Tell whether this is an integer from `least` to 2**31 - 1."""
    return is_integer(number, least) and number < 2**31
