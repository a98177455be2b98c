"""The laws of the house (docs/contributing.md), as far as the source can be read for them."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "minialex"
SOURCES = sorted(PACKAGE.rglob("*.py"))
LAYERS = sorted([*(PACKAGE / "layers").glob("*.py"), *(PACKAGE / "variants").glob("*.py")])


def names_imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def relative(path):
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_only_one_file_imports_cupy(path):
    if relative(path) != "devices/cuda.py":
        assert "cupy" not in set(names_imported(ast.parse(path.read_text())))


@pytest.mark.parametrize("path", LAYERS, ids=relative)
def test_law_1_layers_compute_with_the_xp_of_their_device(path):
    """NumPy itself is used for types and for labels, which are checked on the host; never to compute."""
    tree = ast.parse(path.read_text())
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "np"
    }
    assert used <= {"ndarray", "int64", "random"}


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_law_2_only_put_moves_arrays(path):
    """`.get()` without arguments copies a CuPy array to main memory; `.asnumpy` and `.asarray` move arrays too.

    Data, pictures and experiments use main memory only: there `np.asarray` makes arrays of lists.
    """
    if relative(path).split("/")[0] in ("devices", "data", "plots", "lab"):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            moves = node.func.attr in ("asnumpy", "asarray") or (node.func.attr == "get" and not node.args)
            assert not moves, f"{path.name}:{node.lineno} moves an array; use device.put"


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_law_3_only_containers_enter_a_device(path):
    if relative(path).split("/")[0] in ("sequential.py", "devices", "parallel"):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.With):
            for item in node.items:
                entered = ast.unparse(item.context_expr)
                assert "device" not in entered.lower(), f"{path.name}:{node.lineno} enters {entered}"


@pytest.mark.parametrize("path", LAYERS, ids=relative)
def test_law_4_layers_use_array_api_names_only(path):
    """Every `xp.name` is a function of the Array API standard, as array-api-strict has it."""
    strict = pytest.importorskip("array_api_strict", reason="array-api-strict is not installed")
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("xp", "self.device.xp"):
            assert hasattr(strict, node.attr), f"{path.name}:{node.lineno} uses xp.{node.attr}"


def test_no_utils():
    assert not [path for path in SOURCES if "util" in path.name]
