"""ILSVRC-2012 unpacked from archives of three classes with two tiny images each."""

import io
import sys
import tarfile

import numpy as np
import pytest
from PIL import Image

from minialex.data import read_folder
from minialex.data.imagenet import synsets, unpacking
from minialex.data.imagenet.devkit import DEVKIT, TRUTH, read_devkit
from minialex.data.imagenet.ilsvrc import TRAIN, VAL, unpack_ilsvrc
from minialex.data.imagenet.synsets import META, SYNSETS
from minialex.files.own_process import Crashed

FOX, TENCH, CRANE, BIRD = "n02119789", "n01440764", "n03126707", "n02012849"
IDS = {1: FOX, 2: TENCH, 517: CRANE}  # not in the order of the names, as the real ones
TABLE = "".join(f"{number} {name}\n" for number, name in IDS.items())
NUMBERS = [517, 1, 2, 2, 517, 1]  # of the six validation images
WORDS = {FOX: "kit fox, Vulpes macrotis", TENCH: "tench, Tinca tinca", CRANE: "crane"}


def jpeg(shade):
    file = io.BytesIO()
    Image.new("L", (20, 16), shade).save(file, "JPEG")
    return file.getvalue() + bytes(shade)  # so that sizes differ


def tar(files, mode="w", **attributes):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for attribute, value in attributes.get(name, {}).items():
                setattr(info, attribute, value)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


def devkit(files=None, truth=NUMBERS):
    kit = {TRUTH: "".join(f"{number}\n" for number in truth).encode(), META: b"no MATLAB"} | (files or {})
    return tar({f"ILSVRC2012_devkit_t12/data/{name}": content for name, content in kit.items()}, "w:gz")


CLASSES = {name: {f"{name}_{i}.JPEG": jpeg(60 * k + 10 * i) for i in (3, 18)} for k, name in enumerate(IDS.values(), 1)}
PHOTOS = {f"ILSVRC2012_val_{index:08}.JPEG": jpeg(number % 250) for index, number in enumerate(NUMBERS, 1)}


@pytest.fixture
def source(tmp_path):
    """The three archives, and the table of numbers as text."""
    folder = tmp_path / "archives"
    folder.mkdir()
    (folder / TRAIN).write_bytes(tar({f"{name}.tar": tar(files) for name, files in CLASSES.items()}))
    (folder / VAL).write_bytes(tar(dict(reversed(PHOTOS.items()))))  # in any order
    (folder / DEVKIT).write_bytes(devkit())
    (folder / SYNSETS).write_text(TABLE)
    return folder


def files_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


EXPECTED = {f"train/{name}/{image}" for name, files in CLASSES.items() for image in files} | {
    f"val/{IDS[number]}/{image}" for number, image in zip(NUMBERS, PHOTOS, strict=True)
}


def test_every_file_in_its_class(source, tmp_path):
    out = tmp_path / "a" / "imagenet"
    summary = unpack_ilsvrc(source, out)
    assert files_in(out) == EXPECTED | {"synset_words.txt"}
    for name, files in CLASSES.items():
        for image, content in files.items():
            assert (out / "train" / name / image).read_bytes() == content
    assert (out / "val" / CRANE / "ILSVRC2012_val_00000005.JPEG").read_bytes() == jpeg(517 % 250)
    assert summary == f"{out}: 3 classes, 6 training and 6 validation images; next: minialex train --data {out}"
    data = read_folder(out, 16)
    assert data.classes == (TENCH, FOX, CRANE)
    assert data.unreadable == ()
    shades = data.val.images.mean(axis=(1, 2, 3)).round().astype(int)
    np.testing.assert_array_equal(shades, [2, 2, 1, 1, 17, 17])  # the images show their numbers


class TestClasses:
    def test_some(self, source, tmp_path):
        (source / "synset_words.txt").write_text("".join(f"{name} {words}\n" for name, words in WORDS.items()))
        summary = unpack_ilsvrc(source, tmp_path / "out", classes=["Tench", CRANE])
        some = {name for name in EXPECTED if TENCH in name or CRANE in name}
        assert files_in(tmp_path / "out") == some | {"synset_words.txt"}
        assert (tmp_path / "out" / "synset_words.txt").read_text() == f"{TENCH} tench, Tinca tinca\n{CRANE} crane\n"
        assert "2 classes, 4 training and 4 validation" in summary

    def test_more_later(self, source, tmp_path):
        unpack_ilsvrc(source, tmp_path / "out", classes=[TENCH])
        unpack_ilsvrc(source, tmp_path / "out", classes=[FOX])
        assert (tmp_path / "out" / "synset_words.txt").read_text() == f"{TENCH}\n{FOX}\n"
        assert len(read_folder(tmp_path / "out", 16).train) == 4

    @pytest.mark.parametrize("requested", ["n02119788", "kit foxx"])
    def test_unknown(self, requested, source, tmp_path):
        (source / "synset_words.txt").write_text(f"{FOX} kit fox\n{BIRD} crane\n")
        with pytest.raises(ValueError, match=r"some of the 3 classes of .*; did you mean '(n02119789|kit fox)'\?"):
            unpack_ilsvrc(source, tmp_path / "out", classes=[requested])
        assert not (tmp_path / "out").exists()


class TestGoingOn:
    def test_what_is_there_is_not_written_again(self, source, tmp_path):
        out = tmp_path / "out"
        unpack_ilsvrc(source, out)
        kept, torn = out / "train" / FOX / f"{FOX}_3.JPEG", out / "val" / FOX / "ILSVRC2012_val_00000002.JPEG"
        kept.write_bytes(bytes(kept.stat().st_size))  # the right size: accepted
        torn.write_bytes(torn.read_bytes()[:-1])
        assert "6 training and 6 validation images (11 of them were there already)" in unpack_ilsvrc(source, out)
        assert set(kept.read_bytes()) == {0}
        assert torn.read_bytes() == PHOTOS[torn.name]

    @pytest.mark.parametrize("after", [0, 1, 5, 7, 11])
    def test_stopped_and_started_again(self, after, source, tmp_path, monkeypatch):
        write, calls = unpacking.write_member, []

        def stops(*arguments):
            calls.append(arguments)
            if len(calls) > after:
                raise KeyboardInterrupt
            return write(*arguments)

        monkeypatch.setattr(unpacking, "write_member", stops)
        with pytest.raises(KeyboardInterrupt):
            unpack_ilsvrc(source, tmp_path / "out")
        assert len(files_in(tmp_path / "out")) == after + 1  # and the words
        monkeypatch.undo()
        unpack_ilsvrc(source, tmp_path / "out")
        assert files_in(tmp_path / "out") == EXPECTED | {"synset_words.txt"}


class TestRefusedBeforeAnythingIsWritten:
    def refused(self, source, message, error=ValueError):
        out = source.parent / "out"
        with pytest.raises(error, match=message) as got:
            unpack_ilsvrc(source, out)
        assert not out.exists()
        assert "\n" not in str(got.value)

    def test_no_folder(self, tmp_path):
        self.refused(tmp_path / "none", "expected a folder with the archives", FileNotFoundError)

    def test_absent_archives(self, source):
        (source / VAL).unlink()
        (source / DEVKIT).unlink()
        message = rf"expected {TRAIN}, {VAL} and {DEVKIT}, got no {VAL} and no {DEVKIT}"
        self.refused(source, message, FileNotFoundError)

    @pytest.mark.parametrize("name", [TRAIN, VAL, DEVKIT])
    @pytest.mark.parametrize("part", [0.0, 0.5])
    def test_truncated_archives(self, name, part, source):
        raw = (source / name).read_bytes()
        (source / name).write_bytes(raw[: int(part * len(raw))])
        self.refused(source, rf"{name}: expected ")

    @pytest.mark.parametrize("name", [TRAIN, VAL])
    @pytest.mark.parametrize(
        "how", [{}, {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}, {"type": tarfile.FIFOTYPE}]
    )
    def test_unsafe_archives(self, name, how, source):
        files = {"../evil.tar": b""} if not how else {"evil.tar": b""}
        (source / name).write_bytes(tar(files, **{"evil.tar": how}))
        self.refused(source, rf"{name}: expected plain files, got '.*evil.tar'")

    def test_a_unsafe_kit(self, source):
        (source / DEVKIT).write_bytes(tar({"/data/x": b""}, "w:gz"))
        self.refused(source, rf"{DEVKIT}: expected plain files, got '/data/x', an absolute path")

    def test_a_kit_that_grows(self, source):
        (source / DEVKIT).write_bytes(devkit({"zeros": bytes(2**26)}))
        self.refused(source, r"expected at most 67,108,864 bytes in it, got more")

    @pytest.mark.parametrize("truth", [NUMBERS[:-1], [*NUMBERS, 1]])
    def test_a_ground_truth_of_another_length(self, truth, source):
        (source / DEVKIT).write_bytes(devkit(truth=truth))
        self.refused(source, rf"{VAL}: expected images 1 to {len(truth)}, .* got 6 up to 6")

    @pytest.mark.parametrize(
        ("truth", "message"),
        [
            ([*NUMBERS[:-1], 3], "got 3 in line 6, which has none"),
            ([*NUMBERS[:-1], "-1"], "got '-1' in line 6"),
            ([*NUMBERS[:-1], FOX], f"got '{FOX}' in line 6"),
        ],
    )
    def test_a_ground_truth_of_other_numbers(self, truth, message, source):
        (source / DEVKIT).write_bytes(devkit(truth=truth))
        self.refused(source, rf"{TRUTH}: expected .*{message}")

    def test_a_kit_without_ground_truth(self, source):
        (source / DEVKIT).write_bytes(tar({META: b""}, "w:gz"))
        self.refused(source, f"expected {TRUTH} in it")

    def test_other_names(self, source):
        (source / VAL).write_bytes(tar({**PHOTOS, "ILSVRC2010_val_00000007.JPEG": b""}))
        self.refused(source, r"such as ILSVRC2012_val_00000001.JPEG, got 'ILSVRC2010_val_00000007.JPEG'")
        (source / VAL).write_bytes(tar(PHOTOS))
        (source / TRAIN).write_bytes(tar({"n1.tar": b""}))
        self.refused(source, r"such as n01440764.tar, got 'n1.tar'")

    def test_splits_of_other_classes(self, source):
        (source / SYNSETS).write_text(TABLE.replace(CRANE, BIRD))
        self.refused(source, rf"got {BIRD} in {VAL} and not in {TRAIN}")


class TestRefusedOnTheWay:
    def with_fox(self, source, raw):
        inner = {f"{name}.tar": tar(files) for name, files in CLASSES.items()} | {f"{FOX}.tar": raw}
        (source / TRAIN).write_bytes(tar(dict(sorted(inner.items()))))  # tench, fox, crane

    def refused(self, source, message):
        with pytest.raises(ValueError, match=rf"{TRAIN}/{FOX}\.tar: expected {message}"):
            unpack_ilsvrc(source, source.parent / "out")
        return {name for name in files_in(source.parent / "out") if name.startswith("train")}

    def test_a_truncated_class(self, source):
        self.with_fox(source, tar(CLASSES[FOX])[:1700])
        kept = self.refused(source, "a whole archive, got one that is damaged or ends early")
        assert kept == {f"train/{TENCH}/{image}" for image in CLASSES[TENCH]} | {f"train/{FOX}/{FOX}_3.JPEG"}

    def test_no_tar(self, source):
        self.with_fox(source, b"no tar" * 200)
        assert len(self.refused(source, "a tar archive")) == 2

    @pytest.mark.parametrize("name", ["../x.JPEG", "/tmp/x.JPEG", "x\\..\\y.JPEG"])
    def test_unsafe_names(self, name, source):
        self.with_fox(source, tar({name: b"evil"}))
        assert len(self.refused(source, "plain files, got ")) == 2
        assert sorted(path.name for path in source.parent.iterdir()) == ["archives", "out"]

    @pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
    def test_unsafe_kinds(self, kind, source):
        self.with_fox(source, tar({"x.JPEG": b""}, **{"x.JPEG": {"type": kind, "linkname": "../../evil"}}))
        assert len(self.refused(source, "plain files, got 'x.JPEG'")) == 2

    @pytest.mark.parametrize("name", ["readme.txt", ".x.JPEG", "a/.JPEG"])
    def test_no_images(self, name, source):
        self.with_fox(source, tar({name: b""}))
        assert len(self.refused(source, f"images such as {FOX}_18.JPEG, got '{name}'")) == 2


class TestTableOfNumbers:
    @pytest.mark.parametrize(
        "text", [TABLE, f"\ufeff2\t{TENCH}\r\n\r\n1 {FOX} kit fox\r\n517   {CRANE}  \r\n"], ids=["plain", "Windows"]
    )
    def test_numbered(self, text, source):
        (source / SYNSETS).write_text(text)
        assert read_devkit(source).truth == [IDS[number] for number in NUMBERS]

    def test_in_order(self, source):
        (source / SYNSETS).write_text(f"{FOX}\n{TENCH}\n{CRANE}\n")
        (source / DEVKIT).write_bytes(devkit(truth=[3, 1, 2]))
        assert read_devkit(source).truth == [CRANE, FOX, TENCH]

    def test_in_the_kit(self, source):
        (source / SYNSETS).unlink()
        (source / DEVKIT).write_bytes(devkit({SYNSETS: TABLE.replace(FOX, f"{FOX} kit fox").encode()}))
        kit = read_devkit(source)
        assert kit.truth == [IDS[number] for number in NUMBERS]
        assert kit.words == {FOX: "kit fox", TENCH: "", CRANE: ""}

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            (f"1 {FOX}\n1 {TENCH}\n", "each number once, .* correct line 2"),
            (f"1 {FOX}\n{TENCH}\n", "correct line 2"),
            (f"{FOX} 1 kit_fox\n", "correct line 1"),
            ("1 ../../evil\n", "correct line 1"),
            ("1 n0211978\n", "correct line 1"),
            (f"1 {FOX}\n2 {FOX}\n", "each WordNet id once"),
            ("", "which has none"),
        ],
    )
    def test_wrong(self, text, message, source):
        (source / SYNSETS).write_text(text)
        with pytest.raises(ValueError, match=rf"\.txt: expected .*{message}"):
            read_devkit(source)

    def test_the_alphabet_is_not_the_order(self, source):
        """The list that circulates with Caffe and TensorFlow would give every image a wrong class, silently."""
        names = [f"n{number:08}" for number in range(1000)]
        (source / SYNSETS).write_text("\n".join(names))
        with pytest.raises(ValueError, match="in alphabetical order"):
            read_devkit(source)
        (source / SYNSETS).write_text("\n".join(reversed(names)))
        assert read_devkit(source).truth[1:3] == ["n00000999", "n00000998"]

    def test_neither(self, source):
        (source / SYNSETS).unlink()
        (source / DEVKIT).write_bytes(tar({TRUTH: b"1\n"}, "w:gz"))
        with pytest.raises(ValueError, match=f"expected {META} or {SYNSETS} in it"):
            read_devkit(source)

    def test_without_scipy(self, source, monkeypatch):
        monkeypatch.setitem(sys.modules, "scipy.io", None)  # importing it fails
        (source / SYNSETS).unlink()
        with pytest.raises(RuntimeError, match=r"pip install 'minialex\[imagenet\]', or put a text file synsets.txt"):
            unpack_ilsvrc(source, source.parent / "out")
        assert not (source.parent / "out").exists()

    def test_a_file_that_crashes_scipy(self, source, monkeypatch):
        def crashed(function, raw):
            raise Crashed("Python ended by SIGSEGV while it read it")

        monkeypatch.setattr(synsets, "scipy_is_there", lambda: True)
        monkeypatch.setattr(synsets, "call_apart", crashed)
        (source / SYNSETS).unlink()
        with pytest.raises(ValueError, match=r"meta.mat: expected a struct array .*, got Python ended by SIGSEGV"):
            read_devkit(source)


class TestMeta:
    def meta(self, table):
        """As in the kit: leaves first, then what they belong to, in a struct array of MATLAB's."""
        io_of_scipy = pytest.importorskip("scipy.io")
        fields = ["ILSVRC2012_ID", "WNID", "words", "gloss", "num_children", "children", "wordnet_height"]
        rows = np.zeros((len(table), 1), dtype=[(name, object) for name in fields])
        for row, (number, name, words) in zip(rows[:, 0], table, strict=True):
            row["ILSVRC2012_ID"], row["WNID"], row["words"], row["gloss"] = np.uint16([[number]]), name, words, "what"
            row["num_children"], row["children"], row["wordnet_height"] = 0, np.zeros((1, 0)), np.uint8([[0]])
        file = io.BytesIO()
        io_of_scipy.savemat(file, {"synsets": rows}, do_compression=True)
        return file.getvalue()

    def use(self, source, raw):
        (source / SYNSETS).unlink()
        (source / DEVKIT).write_bytes(devkit({META: raw}))

    def test_words_and_numbers(self, source, tmp_path):
        table = [(number, name, WORDS[name]) for number, name in IDS.items()]
        self.use(source, self.meta([*table, (1001, "n00001740", "entity")]))
        unpack_ilsvrc(source, tmp_path / "out", classes=["kit fox", TENCH, CRANE])
        assert files_in(tmp_path / "out") == EXPECTED | {"synset_words.txt"}
        lines = [f"{name} {WORDS[name]}\n" for name in (TENCH, FOX, CRANE)]
        assert (tmp_path / "out" / "synset_words.txt").read_text() == "".join(lines)

    def test_one_row(self, source):
        self.use(source, self.meta([(1, FOX, "kit fox")]))
        with pytest.raises(ValueError, match="got 517 in line 1, which has none"):
            read_devkit(source)

    @pytest.mark.parametrize("damage", ["cut", "other", "names"])
    def test_damaged(self, damage, source):
        raw = self.meta([(1, "../evil" if damage == "names" else FOX, "kit fox")])
        self.use(source, {"cut": raw[:200], "other": b"no MATLAB", "names": raw}[damage])
        with pytest.raises(ValueError, match=r"meta\.mat: expected") as error:
            read_devkit(source)
        assert "\n" not in str(error.value)
