"""Downloads, verified by MD5; mirrors replace a server that fails or is slower than 200 kB/s."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from minialex.checks import expected
from minialex.printing import progress_bar

PATIENCE = 15  # seconds after which the speed of a server is checked
SLOWEST = 200_000  # bytes a second


def download(name: str, mirrors: Sequence[tuple[str, str]], folder: Path) -> Path:
    """Download one file unless it is there, and return its path.

    The servers are tried in order. One that fails, sends another file, or is slow while there are more to try, is
    reported on stderr, and the next is tried. A file appears under its name only when complete and verified.

    Args:   name, of the data set; mirrors, pairs of an address and "md5:..."; folder, made if absent.
    Errors: ConnectionError if no server delivers, OSError if the folder cannot be written.
    """
    import pooch  # here, so that `import minialex.data` stays light

    for url, checksum in mirrors:
        present = folder / file_name(url)
        if present.is_file() and pooch.file_hash(str(present), alg="md5") == checksum.removeprefix("md5:"):
            return present
    folder.mkdir(parents=True, exist_ok=True)
    for url, checksum in mirrors:
        progress = Progress(0 if url == mirrors[-1][0] else SLOWEST)  # the last is waited for
        downloader = pooch.HTTPDownloader(progressbar=progress)
        try:
            path = Path(pooch.retrieve(url, checksum, file_name(url), folder, downloader=downloader))
            path.chmod(0o644)  # pooch makes it readable by its owner alone; a class shares it
            return path
        except (OSError, ValueError) as error:  # the connection's or a slow server's; a wrong checksum's
            print(f"{url}: {' '.join(str(error).split())}", file=sys.stderr)
        finally:
            progress.close()
    what = f"one of {len(mirrors)} servers to deliver {file_name(mirrors[0][0])}"
    advice = f"check the connection, or put {file_name(mirrors[0][0])} into {folder}"
    raise expected(name, what, "none that did", advice, ConnectionError)


def file_name(url: str) -> str:
    """Return the name of the file at the end of an address."""
    return url.rsplit("/", 1)[-1]


class Progress:
    """A progress bar for pooch that raises TimeoutError if a server stays below `slowest` bytes a second."""

    def __init__(self, slowest: int):
        self.slowest = slowest
        self.begun: float | None = None
        self.total = 0  # pooch sets it to the size that the server reports
        self.bar = progress_bar(unit="B", unit_scale=True, disable=None)  # None: no bar unless stderr is a terminal
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
