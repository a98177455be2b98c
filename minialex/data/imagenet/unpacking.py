"""Images written from the archives into folders of classes, with a progress bar and counts."""

import re
import sys
import tarfile
from pathlib import Path, PurePosixPath
from shlex import quote

from minialex.data.folders.listing import ENDINGS
from minialex.files.plain_tar import archive_name, named_members, open_archive, open_member, write_member
from minialex.printing import progress_bar

IMAGE = rf"(?i)([^.].*(?:{'|'.join(map(re.escape, ENDINGS))}))"


class Unpacking:
    """A progress bar and counts of the images that are written into a folder."""

    def __init__(self, out: Path, size: int) -> None:
        self.out, self.present, self.counts = out, 0, {"train": 0, "val": 0}
        self.bar = progress_bar(total=size, desc="unpacking", unit="B", unit_scale=True, file=sys.stderr, disable=None)

    def write(self, tar: tarfile.TarFile, image: tarfile.TarInfo, split: str, name: str) -> None:
        """Write one image."""
        path = self.out / split / name / PurePosixPath(image.name).name
        self.present += not write_member(tar, image, path)
        self.counts[split] += 1
        self.bar.update(image.size)

    def write_class(self, train: tarfile.TarFile, member: tarfile.TarInfo, name: str) -> None:
        """Write the training images of a class, from a tar within the tar."""
        end = self.bar.n + member.size
        with open_archive(Path(archive_name(train), member.name), open_member(train, member)) as tar:
            for _, image in named_members(tar, IMAGE, f"images such as {name}_18.JPEG"):
                self.write(tar, image, "train", name)
        self.bar.update(end - self.bar.n)  # headers and padding

    def summary(self, classes: int) -> str:
        """Return the numbers of classes and images as one line."""
        before = f" ({self.present:,} of them were there already)" if self.present else ""
        return (
            f"{self.out}: {classes} classes, {self.counts['train']:,} training and {self.counts['val']:,} validation "
            f"images{before}; next: minialex train --data {quote(str(self.out))}"
        )
