"""The folder that images are prepared into: checks before anything is written, and errors of writing as one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from minialex.checks import expected
from minialex.data.folders.listing import Listing
from minialex.data.prepared.manifest import MANIFEST, read_manifest
from minialex.data.prepared.shard_images import shard_path


def check_apart(listing: Listing, out: Path) -> None:
    """Check that the shards will not be written among the images."""
    here = out.resolve()
    folders = [files.folder.resolve() for files in (listing.train, listing.val)]
    if here == listing.root.resolve() or any(here.is_relative_to(folder) for folder in folders):
        raise expected(out, f"a folder apart from the images in {listing.root}", "one among them", "choose another")


def check_not_in_use(listing: Listing, out: Path) -> None:
    """Check that nothing else would be replaced: other prepared images, or another file of the manifest's name."""
    if not (out / MANIFEST).is_file():
        return
    try:
        about = read_manifest(out / MANIFEST)
    except ValueError:  # beside a shard, a damaged manifest
        if shard_path(out, "train", 0).is_file():
            return
        got = f"a file {MANIFEST} that is no preparation's"
    else:
        if about["name"] == listing.name or tuple(about["classes"]) == listing.classes:
            return
        got = f"{about['name']} prepared there"
    raise expected(out, f"a folder for {listing.name}", got, "choose another --out, or remove it")


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turn the system's errors into one line; errors raised by this library (no errno) stay."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        advice = "make room, or choose another folder; started again, it resumes with the next shard"
        raise expected(out, "to write the images there", error.strerror, advice, OSError) from error
