"""The imports inside minialex.data: the base files stand below the packages, and nothing imports in a circle."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

DATA = Path(__file__).parents[2] / "minialex" / "data"
BASE = {"dataset", "split", "arrays", "resized", "shards", "preprocessing", "pixel_statistics", "batches"}
BASE |= {"locations", "mirrors", "inputs"}
ABOVE = {"loading", "info"}  # they import packages, no package imports them
PACKAGES = {"augmentation", "drawn", "cifar10", "idx", "folders", "prepared", "imagenet"}


def imports() -> dict[str, set[str]]:
    """Return which files and packages of minialex.data each of them imports, late imports included."""
    graph: dict[str, set[str]] = {name: set() for name in BASE | ABOVE | PACKAGES}
    for path in DATA.rglob("*.py"):
        name = path.relative_to(DATA).parts[0].removesuffix(".py")
        if name == "__init__":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("minialex.data."):
                graph[name].add(node.module.split(".")[2])
    return {name: used - {name} for name, used in graph.items()}


def test_every_file_has_its_floor():
    assert set(imports()) == BASE | ABOVE | PACKAGES


def test_no_circle():
    assert len(list(TopologicalSorter(imports()).static_order())) == len(imports())


def test_base_files_import_no_package_but_the_draws_of_an_epoch():
    used = {(name, other) for name in BASE for other in imports()[name] - BASE}
    assert used == {("batches", "augmentation")}


def test_packages_import_base_files_and_lower_packages():
    graph = imports()
    lower = {"prepared": {"folders"}, "imagenet": {"folders"}}
    for name in PACKAGES:
        assert graph[name] <= BASE | lower.get(name, set()), name
