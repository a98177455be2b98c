"""CuPy has what the library asks of an array module. No GPU is needed: the functions are looked up, not called."""

import inspect

import pytest
from xp_calls import CALLS


def test_the_walk_finds_what_is_there():
    names = {parameter.values[0] for parameter in CALLS}
    assert {"permute_dims", "concat", "matrix_transpose", "argmax", "where", "positive", "array"} <= names
    assert len(CALLS) > 60


@pytest.mark.filterwarnings("ignore")  # of CuPy's import: its warnings about missing GPUs do not matter here
@pytest.mark.parametrize(("name", "keywords"), CALLS)
def test_cupy_has_it_with_these_keywords(name, keywords):
    cupy = pytest.importorskip("cupy", minversion="14", reason="CuPy >= 14 is not installed")
    result = cupy
    for part in name.split("."):
        assert hasattr(result, part), f"CuPy has no {name}"
        result = getattr(result, part)
    if isinstance(result, cupy.ufunc):
        accepted = {"out", "dtype", "casting", "where"}
    else:
        try:
            accepted = set(inspect.signature(result).parameters)
        except (TypeError, ValueError):  # of a compiled class: it is there, and that is all that can be seen
            return
    assert keywords <= accepted, f"cupy.{name} takes {sorted(accepted)}"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["newaxis", "inf", "ndarray", "float32", "float64"])
def test_cupy_has_these_constants(name):
    assert hasattr(pytest.importorskip("cupy", minversion="14", reason="CuPy >= 14 is not installed"), name)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ["astype", "get", "T", "shape", "dtype", "device", "min", "max", "all"])
def test_cupys_arrays_have_these(name):
    cupy = pytest.importorskip("cupy", minversion="14", reason="CuPy >= 14 is not installed")
    assert hasattr(cupy.ndarray, name)
