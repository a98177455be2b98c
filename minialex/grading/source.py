"""The source of a submission, compiled but never run in this process: in which lines its methods are."""

import warnings
from pathlib import Path
from types import CodeType

CANNOT_BE_READ = (OSError, SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)


def codes(path: Path) -> dict[str, CodeType]:
    """Return the code of each function and method by its name: "descend", "ReLU.forward"; {} if it has no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a submission's own style
            module = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except CANNOT_BE_READ:
        return {}
    inside = {one.co_name: one for one in module.co_consts if isinstance(one, CodeType)}
    methods = {f"{name}.{one.co_name}": one for name, code in inside.items()
               for one in code.co_consts if isinstance(one, CodeType)}  # fmt: skip
    return inside | methods
