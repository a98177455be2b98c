"""Downloads, from servers on this machine alone."""

import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pooch
import pytest

from minialex.data import get_cifar10, mirrors
from minialex.data.cifar10 import download

CONTENT = b"the whole archive" * 5000
NAME = "cifar-10-binary.tar.gz"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    """The address of a server with the archive, whose checksum is the one expected."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(download, "BINARY_MD5", "md5:" + hashlib.md5(CONTENT).hexdigest())
    pages = tmp_path / "pages"
    for folder, content in (("good", CONTENT), ("slow", CONTENT), ("half", CONTENT[:100])):
        (pages / folder).mkdir(parents=True)
        (pages / folder / NAME).write_bytes(content)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=pages)) as http:
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


@pytest.fixture
def use(server, monkeypatch):
    """A function that makes these paths on the server the mirrors."""

    def use_these(*paths):
        got = tuple((f"{server}/{path}/{NAME}", download.BINARY_MD5) for path in paths)
        monkeypatch.setattr(download, "MIRRORS", got)

    return use_these


def test_the_first_server_delivers(use, tmp_path, capfd):
    use("good", "absent")
    path = get_cifar10(tmp_path / "new" / "data")
    assert path == tmp_path / "new" / "data" / NAME
    assert path.read_bytes() == CONTENT
    assert path.stat().st_mode & 0o044 == 0o044  # a class can read what the teacher downloaded


def test_the_next_server_is_tried_and_each_failure_is_one_line(use, tmp_path, capfd):
    use("absent", "half", "good")
    assert get_cifar10(tmp_path / "data").read_bytes() == CONTENT
    failures = [line for line in capfd.readouterr().err.splitlines() if line.startswith("http")]
    assert len(failures) == 2
    assert "404" in failures[0]
    assert "hash" in failures[1]


def test_no_server_delivers_and_no_partial_file_is_left(use, tmp_path):
    use("absent", "half")
    with pytest.raises(ConnectionError, match="expected one of 2 servers"):
        get_cifar10(tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == []


def test_what_is_there_is_not_downloaded_again(tmp_path, monkeypatch, use):
    use("absent", "good")
    (tmp_path / NAME).write_bytes(CONTENT)
    monkeypatch.setattr(pooch, "retrieve", lambda *args, **options: pytest.fail("downloaded again"))
    assert get_cifar10(tmp_path) == tmp_path / NAME


def test_a_broken_file_is_replaced(use, tmp_path):
    use("good")
    (tmp_path / NAME).write_bytes(CONTENT[:5])
    assert get_cifar10(tmp_path).read_bytes() == CONTENT


def test_into_the_environment_s_folder(use, tmp_path, monkeypatch):
    use("good")
    monkeypatch.setenv("MINIALEX_DATA", str(tmp_path / "mine"))
    assert get_cifar10().parent == tmp_path / "mine"


def test_a_slow_server_is_replaced_by_the_next_but_not_the_last(use, tmp_path, monkeypatch, capfd):
    use("slow", "good")
    monkeypatch.setattr(mirrors, "PATIENCE", 0)
    monkeypatch.setattr(mirrors, "SLOWEST", 10**15)
    assert get_cifar10(tmp_path / "data").read_bytes() == CONTENT
    assert capfd.readouterr().err.count("too slow") == 1


def test_the_real_mirrors_are_secure_and_checked():
    for url, checksum in download.MIRRORS:
        assert url.startswith("https://")
        assert checksum in (download.BINARY_MD5, download.PYTHON_MD5)
