"""The floors of the house: which room may import which, read from the source.

A room is a module or a folder at the top of a package. It imports from lower floors only, or from itself.
"""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[1] / "minialex"
Floors = dict[str, tuple[str, ...]]  # what a floor is for, and its rooms; the lowest first
FLOORS: dict[str, Floors] = {  # of each package that is divided into rooms
    "minialex": {
        "errors, text, signals, threads": ("checks", "interrupts", "printing", "threads"),
        "machine, files, tables": ("convenience", "devices", "files", "one_thread", "presets"),
        "a layer; images": ("layer", "data"),
        "parts of a net": ("layers", "sequential", "parallel"),
        "after 2012; many processes": ("variants", "ranks"),
        "proofs, speed, pictures": ("fast", "gradcheck", "summary", "plots"),
        "speed on a GPU": ("cuda",),
        "which layers": ("kits", "gradcases"),
        "the paper's net; a student's layers": ("alexnet", "tutor"),
        "other nets": ("models",),
        "training": ("training",),
        "experiments; assignments": ("lab", "grading"),
        "command line": ("cli",),
        "entrances": ("__init__", "__main__"),
    },
    "minialex.data": {
        "on disk": ("shards", "locations", "mirrors"),
        "sums, checks": ("pixel_statistics", "arrays", "inputs"),
        "pixels": ("preprocessing",),
        "half a dataset": ("resized", "split"),
        "a dataset": ("dataset",),
        "kinds of images": ("augmentation", "drawn", "cifar10", "idx", "folders"),
        "ready to train": ("batches", "prepared", "imagenet"),
        "by name": ("loading", "info"),
        "entrance": ("__init__",),
    },
}


class Import(NamedTuple):
    """One module imported by another, and where."""

    path: Path
    line: int
    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} imports {self.target}"


def modules(package: Path) -> dict[str, Path]:
    """Return the modules of a package by their full names; a folder's is that of its `__init__.py`."""
    names = {path: ".".join(path.relative_to(package.parent).with_suffix("").parts) for path in package.rglob("*.py")}
    return {name.removesuffix(".__init__"): path for path, name in sorted(names.items())}


def imports(package: Path) -> list[Import]:
    """Return every import of a module of the package by another, those inside functions included."""
    known, got = modules(package), []
    trees = {source: ast.parse(path.read_text(encoding="utf-8")) for source, path in known.items()}
    faces = {source: trees[source] for source, path in known.items() if path.name == "__init__.py"}
    importable = {**known, **dict.fromkeys(hidden(faces, known))}
    for source, path in known.items():
        folder = source if source in faces else source.rpartition(".")[0]
        for node in ast.walk(trees[source]):
            for target in sorted(set(targets(node, folder, importable))):
                got.append(Import(path.relative_to(package.parent), node.lineno, source, target))  # type: ignore[attr-defined]
    return got


def hidden(faces: dict[str, ast.Module], known: dict[str, Path]) -> Iterator[str]:
    """Yield the modules that a face hides behind a name of its own: `from shed import x` is then not the module x."""
    for face, tree in faces.items():
        for node in tree.body:
            if isinstance(node, ast.ImportFrom):
                base = resolve_name("." * node.level + (node.module or ""), face)
                own = [alias for alias in node.names if f"{base}.{alias.name}" not in known]
                inside = (f"{face}.{alias.asname or alias.name}" for alias in own)
                yield from (name for name in inside if name in known)


def targets(node: ast.AST, folder: str, known: dict[str, Path | None]) -> Iterator[str]:
    """Yield the known modules that a statement imports: `from a import b` is the module a.b, if it is one, else a.

    A module that is hidden by its face (known as None) cannot be imported as `from a import b`: that is the face's b.
    """
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in known)
    elif isinstance(node, ast.ImportFrom):
        base = resolve_name("." * node.level + (node.module or ""), folder)
        names = (f"{base}.{alias.name}" if known.get(f"{base}.{alias.name}") else base for alias in node.names)
        yield from (name for name in names if name in known)


def room(module: str, package: str) -> str | None:
    """Return the room of a package that a module belongs to; None if it is outside the package."""
    if module == package:
        return "__init__"
    return module.removeprefix(f"{package}.").split(".")[0] if module.startswith(f"{package}.") else None


def arrows(found: list[Import], package: str) -> dict[tuple[str, str], list[Import]]:
    """Return the imports between two different rooms of a package, by the pair of rooms."""
    between: dict[tuple[str, str], list[Import]] = {}
    for one in found:
        start, end = room(one.source, package), room(one.target, package)
        if start and end and start != end:
            between.setdefault((start, end), []).append(one)
    return between


def upward(found: list[Import], package: str, floors: Floors) -> list[str]:
    """Return a sentence for each import that does not lead to a lower floor."""
    floor = {name: number for number, names in enumerate(floors.values(), 1) for name in names}
    return [
        f"{one}: {start} is on floor {floor[start]} of {package}, {end} on floor {floor[end]}; import from lower floors"
        for (start, end), ones in arrows(found, package).items()
        for one in ones
        if start in floor and end in floor and floor[end] >= floor[start]
    ]


def through_faces(found: list[Import]) -> list[str]:
    """Return a sentence for each import through the `__init__.py` of a folder from inside this folder."""
    return [
        f"{one}, the face of its own folder; import from the file that defines it"
        for one in found
        if one.source.startswith(f"{one.target}.")
    ]


def run_by(one: Import) -> list[str]:
    """Return the modules that an import runs: a.b.c, and the faces a and a.b, unless the source is inside of them."""
    parts = one.target.split(".")
    above = [".".join(parts[:n]) for n in range(1, len(parts))]
    faces = [face for face in above if not f"{one.source}.".startswith(f"{face}.")]
    return [module for module in (one.target, *faces) if module != one.source]


def circle(found: list[Import]) -> list[str]:
    """Return the imports that form a circle, in its order, or nothing."""
    edges: dict[str, dict[str, Import]] = {}
    for one in found:
        for module in run_by(one):
            edges.setdefault(one.source, {}).setdefault(module, one)
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        ring = error.args[1][::-1]
        return [str(edges[start][end]) for start, end in pairwise(ring)]
    return []
