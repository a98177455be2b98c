"""Subsets of a folder: which files, the names of classes, and no partial folder after an error."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from minialex.data import read_folder
from minialex.data.folders.subset import subset


def everything(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_links_to_the_first_files_of_each_class(image_folder, tmp_path):
    summary = subset(image_folder, tmp_path / "lesson", classes=["dog", "cat"], per_class=2)
    files = [
        f"{split}/{name}/{number}.png" for split in ("train", "val") for name in ("cat", "dog") for number in (0, 1)
    ]
    assert [name for name in everything(tmp_path / "lesson") if name.endswith("png")] == files
    for name in files:
        link = tmp_path / "lesson" / name
        assert link.is_symlink()
        assert os.readlink(link) == str((image_folder / name).resolve())
    assert "2 classes, links to 4 training and 4 validation images" in summary
    assert f"minialex train --data {tmp_path / 'lesson'}" in summary
    assert "\n" not in summary


def test_read_folder_reads_the_links(image_folder, tmp_path):
    subset(image_folder, tmp_path / "lesson", classes=["dog"])
    lesson, full = read_folder(tmp_path / "lesson", 16), read_folder(image_folder, 16)
    assert lesson.classes == ("dog",)
    np.testing.assert_array_equal(lesson.train.images, full.train.images[full.train.labels == 1])
    np.testing.assert_array_equal(lesson.val.images, full.val.images[full.val.labels == 1])


def test_a_link_to_a_folder_or_to_nothing_is_no_image(image_folder, tmp_path):
    (image_folder / "train" / "dog" / "0a.png").symlink_to(tmp_path, target_is_directory=True)
    (image_folder / "train" / "dog" / "0b.png").symlink_to(tmp_path / "absent")
    subset(image_folder, tmp_path / "lesson", classes=["dog"], per_class=2)
    assert everything(tmp_path / "lesson" / "train") == ["dog", "dog/0.png", "dog/1.png"]
    (tmp_path / "lesson" / "train" / "dog" / "2.png").symlink_to(tmp_path, target_is_directory=True)
    assert len(read_folder(tmp_path / "lesson", 16).train) == 2


def test_a_subset_of_a_subset_does_not_need_it(image_folder, tmp_path):
    subset(image_folder, tmp_path / "lesson", classes=["cat", "dog"])
    subset(tmp_path / "lesson", tmp_path / "smaller", classes=["cat"], per_class=1)
    shutil.rmtree(tmp_path / "lesson")
    assert len(read_folder(tmp_path / "smaller", 16).train) == 1


def test_a_folder_with_test_and_a_relative_path(image_folder, tmp_path, monkeypatch):
    (image_folder / "val").rename(image_folder / "test")
    (tmp_path / "lesson").mkdir()  # an empty folder is accepted
    monkeypatch.chdir(image_folder)
    subset(".", "../lesson", classes=["cat"])
    assert len(read_folder(tmp_path / "lesson", 16).val) == 2


def test_hard_links_where_symbolic_ones_are_refused(image_folder, tmp_path, monkeypatch):
    def refused(*_, **__):
        raise OSError("a required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refused)
    subset(image_folder, tmp_path / "lesson", classes=["cat"], per_class=1)
    made = tmp_path / "lesson" / "train" / "cat" / "0.png"
    assert made.samefile(image_folder / "train" / "cat" / "0.png")
    assert not made.is_symlink()
    monkeypatch.setattr(os, "link", refused)
    with pytest.raises(OSError, match=r"expected to make a link to .*cat/0.png, got a required privilege .*drive"):
        subset(image_folder, tmp_path / "none", classes=["cat"])
    assert everything(tmp_path / "lesson")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lesson", "photos"]


class TestNames:
    WORDS = "cat tabby, tabby cat, pet\ndog kit fox, Fox, pet\neel tabby eel\n\n"

    def classes(self, folder, out, *requested, **options):
        subset(folder, out, classes=requested, **options)
        return sorted(path.name for path in (out / "train").iterdir())

    @pytest.mark.parametrize("requested", ["cat", "tabby", "Tabby Cat", " tabby cat "])
    def test_by_a_word(self, requested, image_folder, tmp_path):
        (image_folder / "synset_words.txt").write_text(self.WORDS)
        assert self.classes(image_folder, tmp_path / "lesson", requested) == ["cat"]
        assert (tmp_path / "lesson" / "synset_words.txt").read_text() == "cat tabby, tabby cat, pet\n"

    def test_a_class_given_twice(self, image_folder, tmp_path):
        (image_folder / "synset_words.txt").write_text(self.WORDS)
        assert self.classes(image_folder, tmp_path / "lesson", "dog", "FOX", "dog") == ["dog"]

    def test_a_folder_name_is_preferred_to_a_word(self, image_folder, tmp_path):
        (image_folder / "synset_words.txt").write_text("cat dog\ndog cat\n")
        assert self.classes(image_folder, tmp_path / "lesson", "cat") == ["cat"]

    def test_labels_from_elsewhere(self, image_folder, tmp_path):
        (image_folder / "synset_words.txt").write_text("cat moggy\n")
        (tmp_path / "words.txt").write_bytes("\ufeffcat tabby\r\ndog\r\n".encode())
        lesson = tmp_path / "lesson"
        assert self.classes(image_folder, lesson, "tabby", labels=tmp_path / "words.txt") == ["cat"]

    @pytest.mark.parametrize(
        ("requested", "message"),
        [
            ("cta", r"expected some of the 2 classes of .*photos, got 'cta'; did you mean 'cat'\?"),
            ("tabby cart", r"did you mean 'tabby cat'\?"),
            ("tabby eel", r"did you mean 'tabby"),  # a class that is not in the folder
            ("pet", r"got 'pet', a word of cat and dog; give one of these names"),
            ("", "got ''"),
        ],
    )
    def test_unknown_and_ambiguous(self, requested, message, image_folder, tmp_path):
        (image_folder / "synset_words.txt").write_text(self.WORDS)
        with pytest.raises(ValueError, match=message):
            subset(image_folder, tmp_path / "lesson", classes=["cat", requested])
        assert not (tmp_path / "lesson").exists()

    @pytest.mark.parametrize("requested", [[], "cat"])
    def test_no_list(self, requested, image_folder, tmp_path):
        with pytest.raises(ValueError, match="expected a list of names, got"):
            subset(image_folder, tmp_path / "lesson", classes=requested)

    @pytest.mark.parametrize(
        ("content", "message"), [(b"cat a\ncat b\n", "two for 'cat'"), (b"cat \xff\n", "expected text in UTF-8")]
    )
    def test_broken_labels(self, content, message, image_folder, tmp_path):
        (tmp_path / "words.txt").write_bytes(content)
        with pytest.raises(ValueError, match=message):
            subset(image_folder, tmp_path / "lesson", classes=["cat"], labels=tmp_path / "words.txt")

    def test_absent_labels(self, image_folder, tmp_path):
        with pytest.raises(FileNotFoundError, match="words of the classes"):
            subset(image_folder, tmp_path / "lesson", classes=["cat"], labels=tmp_path / "absent.txt")


class TestWrong:
    def test_out_in_use(self, image_folder, tmp_path):
        (tmp_path / "lesson").mkdir()
        (tmp_path / "lesson" / "mine.txt").write_text("keep")
        for out in (tmp_path / "lesson", tmp_path / "lesson" / "mine.txt", image_folder):
            with pytest.raises(ValueError, match="expected a new or empty folder"):
                subset(image_folder, out, classes=["cat"])
        assert everything(tmp_path / "lesson") == ["mine.txt"]

    def test_out_inside_a_split(self, image_folder):
        with pytest.raises(ValueError, match="expected a folder outside"):
            subset(image_folder, image_folder / "train" / "lesson", classes=["cat"])

    def test_absent_folder_and_numbers(self, image_folder, tmp_path):
        with pytest.raises(FileNotFoundError, match="absent"):
            subset(tmp_path / "none", tmp_path / "lesson", classes=["cat"])
        with pytest.raises(ValueError, match="subset: expected per_class to be an integer >= 1"):
            subset(image_folder, tmp_path / "lesson", classes=["cat"], per_class=0)

    def test_a_class_without_images(self, image_folder, tmp_path):
        for path in (image_folder / "val" / "dog").iterdir():
            path.unlink()
        with pytest.raises(ValueError, match="dog: expected images"):
            subset(image_folder, tmp_path / "lesson", classes=["cat", "dog"])
        subset(image_folder, tmp_path / "lesson", classes=["cat"])

    def test_stopped_in_the_middle(self, image_folder, tmp_path, monkeypatch):
        links, symlink_to = [], Path.symlink_to

        def stops(path, target):
            links.append(path)
            if len(links) == 4:
                raise KeyboardInterrupt
            symlink_to(path, target)

        monkeypatch.setattr(Path, "symlink_to", stops)
        with pytest.raises(KeyboardInterrupt):
            subset(image_folder, tmp_path / "lesson", classes=["cat", "dog"])
        assert [path.name for path in tmp_path.iterdir()] == ["photos"]
        assert len(everything(image_folder)) == 16


def test_classes_with_spaces_in_their_names_do_not_spoil_the_words(image_folder, tmp_path):
    for split in ("train", "val"):
        for name in ("red dog", "red cat"):
            shutil.copytree(image_folder / split / "dog", image_folder / split / name)
    (image_folder / "synset_words.txt").write_text("dog domestic dog\n")
    subset(image_folder, tmp_path / "lesson", classes=["red dog", "red cat", "dog"])
    assert (tmp_path / "lesson" / "synset_words.txt").read_text() == "dog domestic dog\n"
    subset(tmp_path / "lesson", tmp_path / "smaller", classes=["red dog"])
