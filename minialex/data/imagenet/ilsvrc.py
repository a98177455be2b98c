"""ImageNet's 1.2 million training images of 2012 (section 2), unpacked from the published archives.

The training images are a tar of a thousand tars, one a class. The inner tars are read as streams, so that the disk
needs room for the archives and the images alone.
"""

import os
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from minialex.checks import expected
from minialex.data.folders.class_names import FILE, choose_classes, write_words
from minialex.data.imagenet.devkit import DEVKIT, read_devkit
from minialex.data.imagenet.unpacking import Unpacking
from minialex.data.locations import absent_path
from minialex.files.plain_tar import archive_name, named_members, open_archive

TRAIN, VAL = "ILSVRC2012_img_train.tar", "ILSVRC2012_img_val.tar"


def unpack_ilsvrc(source: str | os.PathLike, out: str | os.PathLike, *, classes: Sequence[str] | None = None) -> str:
    """Unpack ILSVRC-2012 into out/train/<wnid>/*.JPEG and out/val/<wnid>/*.JPEG; return a summary.

    Started again, it resumes: files of the right size are not written again. The words of the classes are written to
    out/synset_words.txt.

    Args:   source, a folder with the three archives; classes, by WordNet id or by word, None for all.
    Errors: FileNotFoundError if an archive is absent; ValueError if one is damaged, unsafe or does not fit the
            others, or a class is unknown; RuntimeError if SciPy is needed (see `read_devkit`).
    """
    source, out = Path(source), Path(out)
    check_archives(source)
    truth, words = read_devkit(source)
    with open_archive(source / TRAIN) as train, open_archive(source / VAL) as val:
        tars = dict(named_members(train, r"(n[0-9]{8})\.tar", "tars of classes such as n01440764.tar"))
        images = validation_images(val, truth)
        check_same_classes(source, set(tars), set(truth))
        chosen = set(tars if classes is None else choose_classes(classes, tars, words, source))
        make_folders(out, chosen, words)
        tars = {name: member for name, member in tars.items() if name in chosen}
        images = [(name, image) for name, image in images if name in chosen]
        work = Unpacking(out, sum(member.size for member in (*tars.values(), *(image for _, image in images))))
        with work.bar:
            for name, image in images:
                work.write(val, image, "val", name)
            for name, member in tars.items():
                work.write_class(train, member, name)
    return work.summary(len(chosen))


def check_archives(source: Path) -> None:
    """Check that all three archives are there."""
    if not source.is_dir():
        raise absent_path(source, "a folder with the archives")
    if missing := [name for name in (TRAIN, VAL, DEVKIT) if not (source / name).is_file()]:
        what, got = f"{TRAIN}, {VAL} and {DEVKIT}", f"no {' and no '.join(missing)}"
        raise expected(source, what, got, "download from image-net.org", FileNotFoundError)


def validation_images(val: tarfile.TarFile, truth: list[str]) -> list[tuple[str, tarfile.TarInfo]]:
    """Return each validation image with the WordNet id of its class, in the order of the archive."""
    images = list(named_members(val, r"ILSVRC2012_val_([0-9]{8})\.JPEG", "images such as ILSVRC2012_val_00000001.JPEG"))
    numbers = {int(number) for number, _ in images}
    if numbers != set(range(1, len(truth) + 1)):
        what = f"images 1 to {len(truth)}, as in the ground truth of {DEVKIT}"
        got = f"{len(numbers)} up to {max(numbers, default=0)}"
        raise expected(archive_name(val), what, got, "use the archives of one year")
    return [(truth[int(number) - 1], image) for number, image in images]


def check_same_classes(source: Path, train: set[str], val: set[str]) -> None:
    """Check that both splits have the same classes; else the ids of the ground truth belong to others."""
    if train != val:
        name = min(train ^ val)
        has, lacks = (TRAIN, VAL) if name in train else (VAL, TRAIN)
        got = f"{name} in {has} and not in {lacks}"
        raise expected(source, f"the same classes in {TRAIN} and {VAL}", got, "use the archives of one year")


def make_folders(out: Path, chosen: Iterable[str], words: dict[str, str]) -> None:
    """Make a folder for each class in both splits, and write the words of all classes that are there."""
    for split in ("train", "val"):
        for name in chosen:
            (out / split / name).mkdir(parents=True, exist_ok=True)
    present = {entry.name for entry in (out / "train").iterdir()}
    write_words(out / FILE, present, words)
