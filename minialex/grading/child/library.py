"""The part of this library that a submission may use: `Layer` and what it needs, not the layers themselves."""

import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path

FACES = {  # packages whose own __init__ would import the layers; what their names stand for
    "minialex": {
        "Layer": "minialex.layer", "Sequential": "minialex.sequential", "check_gradients": "minialex.gradcheck",
        "Device": "minialex.devices", "Host": "minialex.devices", "host": "minialex.devices",
    },
    "minialex.tutor": {},
    "minialex.grading": {},
}  # fmt: skip
ALLOWED = (  # with a dot at the end: and all inside
    "minialex.checks", "minialex.convenience", "minialex.printing", "minialex.devices.", "minialex.layer",
    "minialex.one_thread", "minialex.sequential", "minialex.threads", "minialex.gradcheck", "minialex.tutor.advice",
    "minialex.tutor.failure", "minialex.tutor.importing", "minialex.tutor.location", "minialex.tutor.trial",
    "minialex.tutor.verdict", "minialex.grading.frames", "minialex.grading.limits", "minialex.grading.child.",
)  # fmt: skip
OTHERS = ("minialex", "numpy", "threadpoolctl", "__main__")  # packages that are no part of Python's standard library


class Library(MetaPathFinder, Loader):
    """A finder of modules that refuses other packages, and this library but for the part that is allowed."""

    def __init__(self, package: Path, also: Iterable[str] = ()):
        self.package, self.allowed = package, (*ALLOWED, *also)

    def allows(self, name: str) -> bool:
        """Tell whether a module of this library may be imported, and its file be read."""
        fits = (f"{name}.".startswith(one) if one.endswith(".") else name == one for one in self.allowed)
        return name in FACES or any(fits)

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in OTHERS and top not in sys.stdlib_module_names and not top.startswith("_sysconfigdata"):
            raise ImportError(f"{top} is not available to a graded file: write it with NumPy, in one file", name=name)
        if top != "minialex":
            return None
        if not self.allows(name):
            raise ImportError(f"{name} is not available to a graded file: write it yourself", name=name)
        if name not in FACES:
            return None  # found as usual, in the package's folder
        spec = ModuleSpec(name, self, is_package=True)
        spec.submodule_search_locations = [str(self.package.joinpath(*name.split(".")[1:]))]
        return spec

    def create_module(self, spec):
        return None

    def exec_module(self, module) -> None:
        face = module.__name__

        def of_face(name: str):
            if name in FACES[face]:
                return getattr(import_module(FACES[face][name]), name)
            if not name.startswith("_") and not self.allows(f"{face}.{name}"):
                raise ImportError(f"{face}.{name} is not available to a graded file: write it yourself")
            raise AttributeError(f"module {face!r} has no attribute {name!r}")

        module.__getattr__ = of_face

    def files(self) -> list[Path]:
        """Return the files of the modules that may be imported."""
        return [file for file in self.package.rglob("*.py") if self.allows(self.module_of(file))]

    def module_of(self, file: Path) -> str:
        """Return the name of the module of this library that a file holds."""
        parts = file.relative_to(self.package).with_suffix("").parts
        return ".".join(["minialex", *(part for part in parts if part != "__init__")])

    def install(self) -> None:
        """Make all imports of this process go through this finder first."""
        sys.meta_path.insert(0, self)
