"""Where CIFAR-10 is looked for."""

import pytest

from minialex.data import find_cifar10, read_cifar10


def test_in_the_environment_s_folder(binary_folder, monkeypatch):
    monkeypatch.setenv("MINIALEX_DATA", str(binary_folder.parent))
    assert find_cifar10() == binary_folder


def test_in_the_cache(binary_folder, monkeypatch):
    import pooch

    monkeypatch.delenv("MINIALEX_DATA", raising=False)
    monkeypatch.setattr(pooch, "os_cache", lambda name: binary_folder.parent)
    assert find_cifar10() == binary_folder


def test_nowhere(tmp_path):
    with pytest.raises(FileNotFoundError, match="minialex data get cifar10"):
        find_cifar10(tmp_path)
    with pytest.raises(FileNotFoundError, match="minialex data get cifar10"):
        read_cifar10(tmp_path / "none")
