"""Where GPU tests run: on the double of CuPy at every run, and with -m gpu or -m multi_gpu on GPUs."""

import sys
from collections import Counter

import cupy_double
import pytest
from kernels_on_cpu import COMPILER

ALL = ("cuda:0", "cuda:1", "cuda:0,cuda:1", "cuda:1,cuda:0", "cuda:0,cuda:0")  # what --devices takes


def on_gpus(*names: str, slow: tuple[str, ...] = (), kit: bool = True):
    """Return a mark that runs a test once a name of devices on the double, and once on GPUs; `gpus` is the name.

    Args:   slow, of the names: those that the double runs with -m slow only; kit, whether the test uses the kit for
            GPUs, whose kernels the double has from a C++ compiler.
    """
    compiled = pytest.mark.skipif(kit and COMPILER is None, reason="no C++ compiler (g++, c++, clang++ or $CXX)")
    doubled = [
        pytest.param((name, True), id=f"{name} double", marks=[compiled] + [pytest.mark.slow] * (name in slow))
        for name in names
    ]
    real = [
        pytest.param((name, False), id=name, marks=pytest.mark.multi_gpu if "1" in name else pytest.mark.gpu)
        for name in names
    ]
    return pytest.mark.parametrize("gpus", doubled + real, indirect=True)


@pytest.fixture
def double(monkeypatch):
    """CuPy's double in place of CuPy: a race between streams in the test is an error."""
    monkeypatch.setitem(sys.modules, "cupy", cupy_double)
    cupy_double.races.clear()
    yield cupy_double
    assert not cupy_double.races, Counter(cupy_double.races).most_common(5)


@pytest.fixture
def gpus(request):
    """The name of devices of `on_gpus`, with the double in place where it is asked for."""
    name, is_double = request.param
    if is_double:
        request.getfixturevalue("double")
    return name
