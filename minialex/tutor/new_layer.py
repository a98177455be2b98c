"""A new layer's file: its name, checked, and what is written into it."""

import keyword
import re
import sys
from pathlib import Path

from minialex.checks import expected
from minialex.tutor.template import TEMPLATE

TAKEN = {"numpy", "pytest", "minialex", "layer"} | sys.stdlib_module_names  # `import numpy` would find the file instead


def file_name(name: str) -> str:
    """Return the file of a layer of that name in snake case: "LeakyReLU" -> "leaky_re_lu.py".

    Errors: ValueError for a name that is no class name, or whose file would hide another module.
    """
    if not (name.isidentifier() and name.isascii() and name[0].isupper()) or keyword.iskeyword(name):
        words = re.findall(r"[A-Za-z0-9]+", name)
        proposed = "".join(word[0].upper() + word[1:] for word in words).lstrip("0123456789")
        advice = f"did you mean {proposed}?" if proposed and proposed != name else "choose one such as MyLayer"
        raise expected("NAME", "the name of a class, such as MyLayer", repr(name), advice)
    stem = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    if stem in TAKEN or keyword.iskeyword(stem):
        advice = f"choose another name, such as My{name}"
        raise expected("NAME", "a file that hides no module", f"{stem}.py", advice)
    return f"{stem}.py"


def write_layer(name: str, folder: Path = Path()) -> Path:
    """Write the file of a new layer, and return its path.

    Errors: FileExistsError if there is such a file.
    """
    path = folder / file_name(name)
    text = TEMPLATE.format(name=name, file=path.name)
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise expected(path, "no such file yet", "one", "remove it, or choose another name", FileExistsError) from error
    return path
