"""Files that appear whole: cases that `test_containers.py` does not test."""

import errno
import os
from pathlib import Path

import pytest

from minialex.files import atomic
from minialex.files.atomic import os_error_message, whole_file, write_text
from minialex.files.lock import held


@pytest.fixture(autouse=True)
def searched_no_folder(monkeypatch):
    monkeypatch.setattr(atomic, "_searched", set())


@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_in_the_current_folder_may_be_named_by_text_or_path(tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    with whole_file(kind("a.bin")) as file:
        file.write(b"\0\n")
    assert (tmp_path / "a.bin").read_bytes() == b"\0\n"


def test_text_is_written_in_utf_8_with_the_line_ends_that_it_has(tmp_path):
    write_text(tmp_path / "a.txt", "caf\u00e9\n")
    assert (tmp_path / "a.txt").read_bytes() == b"caf\xc3\xa9\n"


def test_a_folder_of_that_name_stays_and_no_partial_file_is_left(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError, match="a"), whole_file(tmp_path / "a") as file:
        file.write(b"text")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert not any((tmp_path / "a").iterdir())


def test_a_replace_that_fails_leaves_the_old_file_alone(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("old")

    def fails(source, target):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="no space left"), whole_file(tmp_path / "a") as file:
        file.write(b"new")
    assert (tmp_path / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_error_of_the_system_names_the_file_and_not_the_partial_one(tmp_path, monkeypatch):
    def fails(source, target):
        raise OSError(errno.EACCES, "Permission denied", source, None, target)

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(PermissionError) as error, whole_file(tmp_path / "a") as file:
        file.write(b"new")
    assert os_error_message(error.value) == f"{tmp_path / 'a'}: Permission denied; choose a folder that you may use"


def test_an_error_without_a_name_gets_one(tmp_path):
    def write():
        with whole_file(tmp_path / "a"):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left") as error:
        write()
    assert os_error_message(error.value) == f"{tmp_path / 'a'}: No space left on device; make room"


def test_a_failed_cleanup_does_not_hide_the_error(tmp_path, monkeypatch):
    def full(source, target):
        raise OSError(errno.ENOSPC, "No space left on device")

    def read_only(path, **_):
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr(Path, "unlink", read_only)
    with pytest.raises(OSError, match="No space left"), whole_file(tmp_path / "a") as file:
        file.write(b"new")


def test_an_error_of_this_library_stays_as_it_is():
    assert os_error_message(FileNotFoundError("a: expected b; do c")) == "a: expected b; do c"


@pytest.mark.skipif(os.name != "posix", reason="no file is removed on Windows while it is open")
def test_what_killed_processes_left_is_removed_and_what_others_are_writing_is_not(tmp_path):
    left, written = (tmp_path / f".a.npz.{number}.partial" for number in ("0123abcd", "0123abce"))
    for path in (left, tmp_path / ".a.partial", tmp_path / "b.0123abcd.partial"):
        path.write_text("half")
    with held(written, "", "w+b"):
        write_text(tmp_path / "other", "text")
        assert written.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".a.npz.0123abce.partial", ".a.partial", "b.0123abcd.partial", "other",
    ]  # fmt: skip


def test_the_file_before_is_kept_under_another_name(tmp_path):
    new, old = tmp_path / "new", tmp_path / "old"
    for text, before in (("1", None), ("2", "1"), ("3", "2")):
        with whole_file(new, previous=old) as file:
            file.write(text.encode())
            if before:
                assert new.read_text() == before  # there is one at any time
        assert new.read_text() == text
        assert (old.read_text() if old.exists() else None) == before
    with pytest.raises(ZeroDivisionError), whole_file(new, previous=old):
        1 / 0  # noqa: B018
    assert (new.read_text(), old.read_text()) == ("3", "2")


def test_a_kill_between_the_two_names_leaves_nothing_behind(tmp_path):
    """Both names are of one file then, and POSIX renames nothing."""
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_text("1")
    os.link(new, old)
    with whole_file(new, previous=old) as file:
        file.write(b"2")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"new": "2", "old": "1"}


def test_a_drive_without_links_keeps_the_file_before_too(tmp_path, monkeypatch):
    def no_links(source, target):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    for text in "12":
        with whole_file(tmp_path / "new", previous=tmp_path / "old") as file:
            file.write(text.encode())
    assert ((tmp_path / "new").read_text(), (tmp_path / "old").read_text()) == ("2", "1")
