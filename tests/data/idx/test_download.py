"""Downloads of MNIST, from a server on this machine alone."""

import hashlib
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from minialex.data import get_mnist, load
from minialex.data.idx import download


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def served(idx_folder, monkeypatch):
    """The folder that a server delivers as Fashion-MNIST, as its second mirror."""
    pages = idx_folder("pages", end=".gz")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    sums = {path.name: hashlib.md5(path.read_bytes()).hexdigest() for path in pages.iterdir()}
    monkeypatch.setitem(download.MD5, "fashion-mnist", sums)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=pages)) as http:
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        address = f"http://127.0.0.1:{http.server_port}/"
        monkeypatch.setitem(download.MIRRORS, "fashion-mnist", (address + "absent/", address))
        yield pages
        http.shutdown()


def test_four_files_in_a_folder_of_the_name_that_load_finds(served, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("MINIALEX_DATA", str(tmp_path / "data"))
    assert get_mnist("fashion-mnist") == tmp_path / "data" / "fashion-mnist"
    assert capfd.readouterr().err.count("404") == 4
    assert load("fashion-mnist").classes[0] == "T-shirt/top"
    monkeypatch.setattr("pooch.retrieve", lambda *args, **options: pytest.fail("downloaded again"))
    get_mnist("fashion-mnist")


def test_another_file_under_the_name_is_refused(served, tmp_path):
    (served / "t10k-labels-idx1-ubyte.gz").write_bytes(b"something else")
    with pytest.raises(ConnectionError, match=r"one of 2 servers to deliver t10k-labels-idx1-ubyte.gz"):
        get_mnist("fashion-mnist", tmp_path)
    assert not (tmp_path / "fashion-mnist" / "t10k-labels-idx1-ubyte.gz").exists()


def test_a_name_that_is_none():
    with pytest.raises(ValueError, match="get_mnist: expected one of mnist, fashion-mnist, got 'mnst'; did you mean"):
        get_mnist("mnst")


def test_every_file_has_the_published_checksum():
    for name in ("mnist", "fashion-mnist"):
        assert len(download.MD5[name]) == 4
        assert all(len(md5) == 32 and int(md5, 16) for md5 in download.MD5[name].values())
        assert all(server.endswith("/") for server in download.MIRRORS[name])
    assert download.MD5["mnist"]["train-images-idx3-ubyte.gz"] == "f68b3c2dcbeaaa9fbdd348bbdeb94873"
    assert download.MD5["fashion-mnist"]["t10k-labels-idx1-ubyte.gz"] == "bb300cfdad3c16e7a12a480ee83cd310"
