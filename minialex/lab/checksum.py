"""Checksums: results of a trained net are kept under that of its file, since a path may hold another net later."""

import hashlib
from pathlib import Path


def checksum(path: Path) -> str:
    """Return the first 16 hexadecimal digits of a file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
