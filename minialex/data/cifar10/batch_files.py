"""The files of CIFAR-10, in a folder or an archive: found, and read as bytes by their names."""

import os
import tarfile
import zlib
from pathlib import Path

from minialex.checks import expected
from minialex.data.locations import data_folders
from minialex.files.paths import as_path
from minialex.files.plain_tar import DAMAGED

TRAIN = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST = ("test_batch",)
FOLDERS = ("cifar-10-batches-bin", "cifar-10-batches-py")
ARCHIVES = ("cifar-10-binary.tar.gz", "cifar-10-python.tar.gz")
LARGEST = 2**26  # bytes that are read of a file in an archive; the official ones have 31 million


def locate(path: str | os.PathLike) -> Path | None:
    """Return the archive or folder with the files of CIFAR-10: this one, or one in it; None if there is none."""
    path = as_path("read_cifar10", path)
    if path.is_file():
        return path
    if any((path / name).is_file() for name in (TRAIN[0], f"{TRAIN[0]}.bin")):
        return path
    inside = [path / name for name in FOLDERS + ARCHIVES]
    return next((candidate for candidate in inside if candidate.exists()), None)


def find_cifar10(folder: str | os.PathLike | None = None) -> Path:
    """Return where CIFAR-10 is: in this folder or, if None, in $MINIALEX_DATA or the user's cache.

    Errors: FileNotFoundError if it is in none of them.
    """
    folders = [Path(folder)] if folder is not None else data_folders()
    for candidate in folders:
        if path := locate(candidate):
            return path
    advice = "run: minialex data get cifar10, or give the folder that contains it"
    raise expected("cifar10", f"it in {' or '.join(map(str, folders))}", "none there", advice, FileNotFoundError)


def read_files(folder: Path) -> dict[str, bytes]:
    """Read the batches in a folder, by name."""
    names = [name + ending for name in TRAIN + TEST for ending in ("", ".bin")]
    return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}


def read_archive(path: Path) -> dict[str, bytes]:
    """Read the batches in an archive, by name, in any folder of it; links and all other members are ignored."""
    names = {name + ending for name in TRAIN + TEST for ending in ("", ".bin")}
    files = {}
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                name = member.name.rsplit("/", 1)[-1]
                if name in names and member.isfile() and (content := archive.extractfile(member)):
                    files[name] = content.read(LARGEST)
    except (*DAMAGED, OSError, zlib.error) as error:
        got = f"one that cannot be read to its end ({' '.join(str(error).split())[:200]})"
        raise expected(path, "an archive of CIFAR-10", got, "remove it and run: minialex data get cifar10") from error
    return files


def fetch(files: dict[str, bytes], name: str, source: Path) -> bytes:
    """Remove and return the file with this name: all of them together would take much memory."""
    if name not in files:
        got = ", ".join(sorted(files)) or "none of CIFAR-10"
        raise expected(source, f"a file {name} in it", got, "run: minialex data get cifar10")
    return files.pop(name)
