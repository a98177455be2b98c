"""Unsafe and damaged archives of every kind are refused, plain ones are read."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from minialex.files.plain_tar import named_members, open_archive, open_member, safe_members, write_member


def member(name, content=b"pixels", **attributes):
    """Return a header and its content; attributes override those of a plain file."""
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    return info, content


def pack(path, *members, format=tarfile.PAX_FORMAT):
    with tarfile.open(path, "w", format=format) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return path


def names(path):
    with open_archive(path) as tar:
        return [got.name for got in safe_members(tar)]


HOSTILE = {
    "absolute": (member("/etc/passwd"), "an absolute path"),
    "drive": (member("C:/windows/a.JPEG"), "an absolute path"),
    "drive without a slash": (member("c:a.JPEG"), "an absolute path"),
    "parent": (member("../a.JPEG"), r"a path with \.\."),
    "parent inside": (member("a/../../b.JPEG"), r"a path with \.\."),
    "parent that is a folder": (member("..", b"", type=tarfile.DIRTYPE), r"a path with \.\."),
    "backslashes": (member("..\\a.JPEG"), "a backslash or a NUL"),
    "NUL": (member("a", pax_headers={"path": "a.JPEG\0.txt"}), "a backslash or a NUL"),
    "symbolic link out": (member("a", b"", type=tarfile.SYMTYPE, linkname="/etc"), "a link to '/etc'"),
    "symbolic link up": (member("a/b", b"", type=tarfile.SYMTYPE, linkname="../../c"), r"a link to '\.\./\.\./c'"),
    "hard link out": (member("a", b"", type=tarfile.LNKTYPE, linkname="../b"), r"a link to '\.\./b'"),
    "link within": (member("a", b"", type=tarfile.SYMTYPE, linkname="good.JPEG"), "a link to 'good.JPEG'"),
    "character device": (member("a", b"", type=tarfile.CHRTYPE, devmajor=1, devminor=5), "neither a plain file nor"),
    "block device": (member("a", b"", type=tarfile.BLKTYPE, devmajor=8), "neither a plain file nor"),
    "fifo": (member("a", b"", type=tarfile.FIFOTYPE), "neither a plain file nor"),
    "holes": (member("a", b"", pax_headers={"GNU.sparse.size": "99", "GNU.sparse.map": "0,0"}), "neither a plain file"),
    "twice": (member("good.JPEG", b"other"), "a name that occurred before"),
    "no name": (member("."), "a file without a name"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_unsafe_members_are_named_and_refused(kind, tmp_path):
    bad, message = HOSTILE[kind]
    path = pack(tmp_path / "evil.tar", member("good.JPEG"), bad, member("after.JPEG"))
    got = []
    with open_archive(path) as tar, pytest.raises(ValueError, match=message) as error:
        got.extend(one.name for one in safe_members(tar))
    assert got == ["good.JPEG"]  # nothing of what follows an unsafe member
    assert str(error.value).startswith(f"{path}: expected plain files, got ")
    assert "\n" not in str(error.value)


def test_the_same_path_in_two_spellings(tmp_path):
    path = pack(tmp_path / "evil.tar", member("x/a.JPEG"), member("./x//a.JPEG"))
    with pytest.raises(ValueError, match="before"):
        names(path)


def test_python_s_filter_is_used_too(tmp_path, monkeypatch):
    def against(member, folder):
        raise tarfile.SpecialFileError(member)

    monkeypatch.setattr(tarfile, "data_filter", against)
    with pytest.raises(ValueError, match="'a' is a special file"):
        names(pack(tmp_path / "a.tar", member("a")))
    monkeypatch.delattr(tarfile, "data_filter")  # as before Python 3.11.4
    assert names(tmp_path / "a.tar") == ["a"]


def test_links_on_the_disk_change_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.JPEG").symlink_to("/etc/passwd")
    assert names(pack(tmp_path / "a.tar", member("a.JPEG"))) == ["a.JPEG"]


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_plain_files_of_every_format_are_read(format, tmp_path):
    folder = member("deep", b"", type=tarfile.DIRTYPE)
    long = "deep/" + "x" * 90 + ".JPEG"
    path = pack(tmp_path / "a.tar", folder, member(long), member("./é..JPEG", b""), format=format)
    assert names(path) == [long, "./é..JPEG"]


def test_an_empty_archive(tmp_path):
    assert names(pack(tmp_path / "a.tar")) == []


class TestDamaged:
    def raw(self, tmp_path, *members):
        path = pack(tmp_path / "whole.tar", *(members or (member("a.JPEG", bytes(700)), member("b.JPEG", bytes(700)))))
        return path.read_bytes()

    @pytest.mark.parametrize("end", [513, 1000, 1536, 1700, 2048, 2500, 3072, 3100])
    def test_cut_anywhere(self, end, tmp_path):
        (tmp_path / "cut.tar").write_bytes(self.raw(tmp_path)[:end])  # 3072: both files, but not the block of the end
        with pytest.raises(ValueError, match=r"cut\.tar: expected a whole archive, got one that is damaged or ends"):
            names(tmp_path / "cut.tar")

    def test_a_member_that_is_cut_is_an_error(self, tmp_path):
        (tmp_path / "cut.tar").write_bytes(self.raw(tmp_path)[:2700])
        with open_archive(tmp_path / "cut.tar") as tar:
            members = safe_members(tar)
            assert next(members).name == "a.JPEG"
            with pytest.raises(ValueError, match=r"'b\.JPEG' of 700 bytes"):
                next(members)

    @pytest.mark.parametrize("content", [b"", b"no tar" * 200, bytes(100)])
    def test_no_archive(self, content, tmp_path):
        (tmp_path / "a.tar").write_bytes(content)
        with pytest.raises(ValueError, match=r"a\.tar: expected a tar archive, not compressed"):
            names(tmp_path / "a.tar")

    def test_compressed(self, tmp_path):
        with tarfile.open(tmp_path / "a.tar", "w:gz"):
            pass
        with pytest.raises(ValueError, match="not compressed"):
            names(tmp_path / "a.tar")

    def test_a_header_changed(self, tmp_path):
        raw = bytearray(self.raw(tmp_path))
        raw[1536 + 5] ^= 1  # the second header no longer fits its checksum; tarfile would read this as the end
        (tmp_path / "a.tar").write_bytes(raw)
        with pytest.raises(ValueError, match="damaged"):
            names(tmp_path / "a.tar")

    @pytest.mark.parametrize("size", ["99999999999", "-512", "-1024"])
    def test_wrong_sizes(self, size, tmp_path):
        """A negative one would make tarfile read the same header for ever."""
        path = pack(tmp_path / "a.tar", member("a.JPEG"), member("b.JPEG", pax_headers={"size": size}))
        with pytest.raises(ValueError, match=r"a\.tar: expected a whole archive"):
            names(path)

    def test_a_thousand_long_names_in_each_other(self, tmp_path):
        info = tarfile.TarInfo("././@LongLink")
        info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1
        block = info.tobuf(tarfile.USTAR_FORMAT) + b"x".ljust(512, b"\0")
        (tmp_path / "a.tar").write_bytes(self.raw(tmp_path)[:1536] + 3000 * block)
        with pytest.raises(ValueError, match="damaged"):
            names(tmp_path / "a.tar")


class TestNamed:
    def listing(self, path):
        with open_archive(path) as tar:
            return {part: got.name for part, got in named_members(tar, r"(n\d+)\.tar", "tars of classes")}

    def test_in_any_folder(self, tmp_path):
        path = pack(tmp_path / "a.tar", member("./n1.tar"), member("deep/n2.tar"))
        assert self.listing(path) == {"n1": "./n1.tar", "n2": "deep/n2.tar"}

    @pytest.mark.parametrize("other", ["n1.tar.gz", "deep/n1.tar", "readme"])
    def test_others(self, other, tmp_path):
        path = pack(tmp_path / "a.tar", member("n1.tar"), member(other))
        with pytest.raises(ValueError, match=rf"expected tars of classes, got '{other}', a"):
            self.listing(path)


class TestWriting:
    def test_whole_or_not_at_all(self, tmp_path, monkeypatch):
        path, out = pack(tmp_path / "a.tar", member("a", bytes(5000))), tmp_path / "out"
        with open_archive(path) as tar:
            (got,) = safe_members(tar)
            os.truncate(path, 3000)  # while it is read
            with pytest.raises(ValueError, match=r"a\.tar: expected a whole archive.*'a' is cut"):
                write_member(tar, got, out)
        assert [entry.name for entry in tmp_path.iterdir()] == ["a.tar"]

    def test_the_right_size_is_left_alone(self, tmp_path):
        out = tmp_path / "out"
        with open_archive(pack(tmp_path / "a.tar", member("a", b"123"))) as tar:
            (got,) = safe_members(tar)
            out.write_bytes(b"12")
            assert write_member(tar, got, out)
            assert out.read_bytes() == b"123"
            out.write_bytes(b"abc")
            assert not write_member(tar, got, out)
            assert out.read_bytes() == b"abc"

    def test_a_link_on_the_disk_is_replaced_not_followed(self, tmp_path):
        (tmp_path / "mine").write_text("keep")
        (tmp_path / "out").symlink_to(tmp_path / "mine")
        with open_archive(pack(tmp_path / "a.tar", member("a", b"123"))) as tar:
            assert write_member(tar, *safe_members(tar), tmp_path / "out")
        assert (tmp_path / "mine").read_text() == "keep"


def test_an_archive_in_an_archive(tmp_path):
    inner = pack(tmp_path / "inner.tar", member("a", b"123")).read_bytes()
    with open_archive(pack(tmp_path / "outer.tar", member("inner.tar", inner))) as outer:
        (got,) = safe_members(outer)
        with open_archive(Path("outer.tar/inner.tar"), open_member(outer, got)) as tar:
            assert [open_member(tar, one).read() for one in safe_members(tar)] == [b"123"]
            assert str(tar.name).endswith("outer.tar/inner.tar")
