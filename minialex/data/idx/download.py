"""Download of MNIST and Fashion-MNIST: their mirrors, and the checksums that their authors publish."""

import os
from pathlib import Path

from minialex.checks import choose
from minialex.data.locations import data_folders
from minialex.data.mirrors import download

MIRRORS = {
    "mnist": (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
    "fashion-mnist": (  # the authors' both
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
}
MD5 = {
    "mnist": {
        "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
        "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
        "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
    },
    "fashion-mnist": {
        "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
    },
}


def get_mnist(name: str = "mnist", folder: str | os.PathLike | None = None) -> Path:
    """Download the four files of a data set (12 or 31 MB) unless they are there, and return their folder.

    Args:   name, "mnist" or "fashion-mnist"; folder, to which a folder of this name is added, None for $MINIALEX_DATA
            if that is set, else the user's cache.
    Errors: ConnectionError if no server delivers, OSError if the folder cannot be written.
    """
    servers, checksums = choose(MIRRORS, name, "get_mnist"), MD5[name]
    out = (Path(folder) if folder is not None else data_folders()[0]) / name
    for file, md5 in checksums.items():
        download(name, [(server + file, f"md5:{md5}") for server in servers], out)
    return out
