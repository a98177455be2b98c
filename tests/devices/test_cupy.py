"""CuPy has what the library asks of an array module. No GPU is needed: the functions are looked up, not called."""

import inspect
import tomllib
from importlib.metadata import metadata
from pathlib import Path

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


@pytest.mark.parametrize("cuda", ["12x", "13x"])
def test_the_extras_bring_cudas_libraries(cuda):
    """cuBLAS, NVRTC and the headers: without CuPy's extra `ctk` the first kernel fails where only a driver is there."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    (needed,) = project["optional-dependencies"][f"cuda{cuda}"]
    assert needed.replace(" ", "").startswith(f"cupy-cuda{cuda}[ctk]>=14")


@pytest.mark.filterwarnings("ignore")
def test_cupy_has_the_extra():
    pytest.importorskip("cupy", minversion="14", reason="CuPy >= 14 is not installed")
    assert "ctk" in metadata("cupy-cuda13x").get_all("Provides-Extra")
