"""Mutated files, by every reader: each ends in a result or an error of ours, within 10 s of processor time and 1 GB."""

import functools
import gzip
import io
import os
import pickle
import tarfile

import numpy as np
import pytest
from fuzzing import entries, failures, inside_json, inside_png, inside_zip, mutated
from PIL import Image
from small_runs import settings

from minialex import load_run
from minialex.data import prepare, read_prepared
from minialex.data.cifar10.batch_files import read_archive
from minialex.data.folders.class_names import read_words
from minialex.data.folders.image import read_image
from minialex.data.folders.labels import read_labels
from minialex.data.idx.format import read_idx
from minialex.data.imagenet.devkit import read_devkit
from minialex.data.prepared.manifest import digest_of, read_manifest
from minialex.files.plain_pickle import read_pickle
from minialex.files.plain_tar import open_archive, safe_members
from minialex.models import read_weights, write_weights
from minialex.training.checkpoint import load_checkpoint
from minialex.training.config import RunConfig
from minialex.training.history import read_history
from minialex.training.rules import sgd_of
from minialex.training.run import train_run

COUNT = 1400  # inputs of each reader
pytestmark = [
    pytest.mark.skipif(os.name != "posix" or not os.path.exists("/proc/self/statm"), reason="limits of Linux"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]
RNG = np.random.default_rng(0)
ARRAYS = {"conv1/0": RNG.standard_normal((4, 3, 3, 3)).astype("f"), "conv1/1": np.ones(4, "f")}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("fuzzed") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("minialex.training.run.draw_net", lambda *arguments: None)
        train_run(settings(model="cifar_80sec", lr=0.001, epochs=1, limit=40, batch=20), out, progress=False)
    return out


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    root = tmp_path_factory.mktemp("fuzzed") / "photos"
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            (root / split / label).mkdir(parents=True)
            Image.fromarray(RNG.integers(0, 256, (9, 9, 3), dtype=np.uint8)).save(root / split / label / "0.png")
    prepare(root, root.parent / "prepared", size=8)
    return root.parent / "prepared"


# Seeds


def pictures(kinds):
    found = []
    for kind, mode in kinds:
        file = io.BytesIO()
        image = Image.fromarray(RNG.integers(0, 256, (24, 20, 3), dtype=np.uint8)).convert(mode)
        image.save(file, kind, **({"exif": Image.Exif()} if kind == "JPEG" else {}))
        found.append(file.getvalue())
    return found


def saved(write, *arguments, **arrays):
    file = io.BytesIO()
    write(file, *arguments, **arrays)
    return file.getvalue()


def weights_as(suffix, folder):
    write_weights(folder / f"seed{suffix}", ARRAYS)
    return [(folder / f"seed{suffix}").read_bytes()]


def tar_of(**files):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name.replace("_", "."))
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def kit():
    return tar_of(
        synsets_txt=b"1 n02119789 kit fox\n2 n02100735 setter\n", ILSVRC2012_validation_ground_truth_txt=b"1\n2\n"
    )


PICKLES = [
    pickle.dumps({b"data": np.arange(12, dtype="u1").reshape(3, 4), b"labels": [1, 2, 3], "a": {"b": (1.5, None)}}, p)
    for p in range(6)
]
IDX = [bytes([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3]) + bytes(18), bytes([0, 0, 13, 1, 0, 0, 0, 2]) + bytes(8)]
NPY = [
    saved(np.save, np.array({"conv1": {"weights": ARRAYS["conv1/0"]}}, object)),
    saved(np.save, np.array({"fc6": [ARRAYS["conv1/1"]]}, object)),
]
WORDS = [
    b"n02119789 kit fox\nn02100735 English setter\n",
    "n02123045 tabby, tabby cat\nn02123159 tiger cat é\n".encode(),
]


# Readers: what they read of the file at `path`, where it lies, its seeds, and what mutates them (besides `mutated`)


def at(path, read):
    """Return a reader of bytes that writes them to a file first."""

    def read_bytes(raw):
        path.write_bytes(raw)
        return read(path)

    return read_bytes


def members(path):
    with open_archive(path) as tar:
        return [(member.name, tar.extractfile(member).read()) for member in safe_members(tar)]


def by_name(name, tmp, run, prepared):
    """Return the reader, its seeds, and further mutations of a seed."""
    config = RunConfig.read(run)
    net = config.build(RNG)
    checkpoint = functools.partial(load_checkpoint, net=net, sgd=sgd_of(config, net))
    png, jpeg = (
        pictures([("PNG", "RGB"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "I;16")]),
        pictures([("JPEG", "RGB"), ("JPEG", "CMYK")]),
    )
    others = pictures(
        [
            ("GIF", "P"),
            ("BMP", "RGB"),
            ("TIFF", "RGB"),
            ("WEBP", "RGB"),
            ("PPM", "RGB"),
            ("TGA", "RGB"),
            ("ICO", "RGBA"),
        ]
    )
    npz = [saved(np.savez, **ARRAYS), saved(np.savez_compressed, **ARRAYS)]
    facts = (prepared / "train-00000.npz").read_bytes()
    whole = lambda path: (data := read_prepared(prepared)) and (data.train.images[:], data.val.images[:], data.mean)  # noqa: E731
    return {
        "PNG": (at(tmp / "a.png", lambda path: read_image(path, 16)), png, [inside_png]),
        "JPEG": (at(tmp / "a.jpg", lambda path: read_image(path, 16)), jpeg, []),
        "other images": (at(tmp / "a.img", lambda path: read_image(path, 16, channels=1)), others, []),
        "pickle": (lambda raw: read_pickle(raw, str(tmp / "batch")), PICKLES, []),
        "weights npy": (at(tmp / "w.npy", read_weights), NPY, []),
        "weights npz": (at(tmp / "w.npz", read_weights), npz, [inside_zip, inside_zip]),
        "weights safetensors": (at(tmp / "w.safetensors", read_weights), weights_as(".safetensors", tmp), []),
        "IDX": (at(tmp / "i", read_idx), [*IDX, gzip.compress(IDX[0])], []),
        "CIFAR-10 archive": (
            at(tmp / "c.tar.gz", read_archive),
            [gzip.compress(tar_of(data_batch_1=b"x" * 600)), tar_of(test_batch=b"y")],
            [],
        ),
        "tar": (at(tmp / "t.tar", members), [tar_of(a_txt=b"a" * 700, b=b"b"), kit()], []),
        "ILSVRC kit": (
            at(tmp / "ILSVRC2012_devkit_t12.tar.gz", lambda path: read_devkit(path.parent)),
            [gzip.compress(kit())],
            [lambda raw, n: gzip.compress(mutated([gzip.decompress(raw)], n))] * 3,
        ),
        "words": (at(tmp / "words.txt", read_words), WORDS, []),
        "labels": (at(tmp / "labels.txt", read_labels), WORDS, []),
        "checkpoint": (
            at(run / "checkpoint.npz", checkpoint),
            [(run / "checkpoint.npz").read_bytes()],
            [inside_zip] * 3,
        ),
        "best weights": (
            at(run / "best.npz", lambda path: load_run(run)),
            [(run / "best.npz").read_bytes()],
            [inside_zip] * 3,
        ),
        "config.json": (
            at(tmp / "config.json", lambda path: RunConfig.read(tmp)),
            [(run / "config.json").read_bytes()],
            [inside_json] * 2,
        ),
        "metrics.csv": (at(tmp / "metrics.csv", read_history), [(run / "metrics.csv").read_bytes()], []),
        "manifest": (
            at(prepared / "dataset.json", whole),
            [(prepared / "dataset.json").read_bytes()],
            [functools.partial(inside_json, digest=digest_of)] * 3,
        ),
        "manifest alone": (
            at(tmp / "dataset.json", read_manifest),
            [(prepared / "dataset.json").read_bytes()],
            [functools.partial(inside_json, digest=digest_of)] * 3,
        ),
        "shard's facts": (at(prepared / "train-00000.npz", whole), [facts], [inside_zip] * 3),
        "shard's images": (at(prepared / "train-00000.npy", whole), [(prepared / "train-00000.npy").read_bytes()], []),
        "statistics": (
            at(prepared / "statistics.npz", whole),
            [(prepared / "statistics.npz").read_bytes()],
            [inside_zip] * 3,
        ),
    }[name]


NAMES = (
    "PNG", "JPEG", "other images", "pickle", "weights npy", "weights npz", "weights safetensors", "IDX",
    "CIFAR-10 archive", "tar", "ILSVRC kit", "words", "labels", "checkpoint", "best weights", "config.json",
    "metrics.csv", "manifest", "manifest alone", "shard's facts", "shard's images", "statistics",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("count", [15, pytest.param(COUNT, marks=pytest.mark.slow)])
def test_every_input_ends_in_a_result_or_an_error_of_ours(name, count, tmp_path, run, prepared):
    read, seeds, mutations = by_name(name, tmp_path, run, prepared)
    kept = {path: path.read_bytes() for folder in (run, prepared) for path in folder.iterdir()}
    folders = {"checkpoint": run, "best weights": run}
    where = folders.get(
        name, tmp_path if name not in ("manifest", "shard's facts", "shard's images", "statistics") else prepared
    )

    def make(number):
        kind = number % (1 + len(mutations))
        return mutations[kind - 1](seeds[number % len(seeds)], number) if kind else mutated(seeds, number)

    try:
        found = failures(read, make, count, where)
    finally:
        for path, content in kept.items():
            path.write_bytes(content)
    assert not found, "\n".join(["", *found[:20]])


def test_enough_inputs():
    assert len(NAMES) * COUNT >= 30_000


@pytest.mark.parametrize(("read", "wrong"), [
    (lambda raw: 1 / 0, "ZeroDivisionError"), (lambda raw: {}["x"], "KeyError"),
    (lambda raw: os._exit(3), "ended with 3"),
    (lambda raw: os.kill(os.getpid(), 9), "ended with -9"), (lambda raw: bytearray(2**31), "MemoryError"),
    (lambda raw: int("x"), "ValueError"), (lambda raw: None, None),
])  # fmt: skip
def test_a_reader_that_fails_is_found(read, wrong, tmp_path):
    found = failures(read, lambda number: b"", 2, tmp_path)
    assert (wrong in found[0]) if wrong else not found


def test_an_input_follows_from_its_number():
    seeds = [b"abc" * 50, b"0123456789"]
    assert [mutated(seeds, n) for n in range(50)] == [mutated(seeds, n) for n in range(50)]
    assert len({mutated(seeds, n) for n in range(50)}) > 40
    assert list(entries(inside_zip(saved(np.savez, a=np.ones(2)), 1))) == ["a.npy"]
