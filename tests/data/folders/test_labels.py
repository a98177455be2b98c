"""Files of labels."""

import pytest

from minialex.data import read_labels


def test_numbers_of_wordnet_are_left_out_and_nothing_else(tmp_path):
    text = "n01440764 tench, Tinca tinca\nn01443537\tgoldfish\r\nn1 short\ncafé au lait \n n02084071  dog\nn01440764\n"
    (tmp_path / "labels.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_labels(tmp_path / "labels.txt") == [
        "tench, Tinca tinca", "goldfish", "n1 short", "café au lait", "dog", "n01440764",
    ]  # fmt: skip


@pytest.mark.parametrize(("raw", "message"), [
    (b"cat\n\ndog\n", "none in line 2"), (b"", "an empty file"), (b"\n\n", "an empty file"),
])  # fmt: skip
def test_what_is_no_list_of_labels(tmp_path, raw, message):
    (tmp_path / "labels.txt").write_bytes(raw)
    with pytest.raises(ValueError, match=rf"labels\.txt: expected one label a line, got .*{message}"):
        read_labels(tmp_path / "labels.txt")


def test_what_is_no_text(tmp_path):
    (tmp_path / "labels.txt").write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(ValueError, match=r"labels\.txt: expected text in UTF-8"):
        read_labels(tmp_path / "labels.txt")


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"labels\.txt: expected a text file of labels"):
        read_labels(tmp_path / "labels.txt")
