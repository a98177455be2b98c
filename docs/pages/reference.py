"""The reference: a page for each package, with every public name and its docstring."""

import inspect
from importlib import import_module

from pages.docstrings import rewrite

PACKAGES = (  # in the order in which a reader meets them
    "minialex", "minialex.layers", "minialex.parallel", "minialex.devices", "minialex.models", "minialex.training",
    "minialex.data", "minialex.data.augmentation", "minialex.plots", "minialex.variants", "minialex.summary",
    "minialex.tutor",
)  # fmt: skip


def pages() -> dict[str, str]:
    """Return the pages by their path: one a package, and their index."""
    names = "\n".join(f"   {package}" for package in PACKAGES)
    index = f"{heading('Reference', '=')}\nEvery public name, from its docstring.\n\n.. toctree::\n\n{names}\n"
    return {"reference/index.rst": index} | {f"reference/{package}.rst": page(package) for package in PACKAGES}


def page(package: str) -> str:
    module = import_module(package)
    text = (inspect.getdoc(module) or "").splitlines()
    rewrite(text)
    parts = [heading(f"``{package}``", "="), *text]
    return "\n".join(parts + [entry(package, name, getattr(module, name)) for name in public(module)])


def public(module) -> list[str]:
    return [name for name in module.__all__ if not inspect.ismodule(getattr(module, name))]


def entry(package: str, name: str, value) -> str:
    """Return the directive that shows one name; a name that stands elsewhere too is indexed at its first place only."""
    first = next(p for p in PACKAGES if getattr(import_module(p), name, None) is value and name in public_names(p))
    index = "" if first == package else "   :no-index:\n"
    if inspect.isclass(value):
        return f"{heading(name, '-')}\n.. autoclass:: {package}.{name}\n   :members:\n{index}"
    if callable(value):
        return f"{heading(name, '-')}\n.. autofunction:: {package}.{name}\n{index}"
    return f"{heading(name, '-')}\n.. py:data:: {package}.{name}\n{index}\n   {described(value)}\n"


def described(value) -> str:
    """Return what a constant is: names of a dict, or the value."""
    return f"A dict of {', '.join(f'``{key}``' for key in value)}." if isinstance(value, dict) else f"``{value!r}``"


def public_names(package: str) -> list[str]:
    return import_module(package).__all__


def heading(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}\n"
