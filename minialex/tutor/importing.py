"""The import of a student's file, and the error on a file whose code raised one."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from minialex.checks import expected
from minialex.tutor.failure import told
from minialex.tutor.location import place_of


def import_file(path: Path) -> ModuleType:
    """Import a student's file and return its module; the files beside it can be imported from it."""
    spec = spec_from_file_location(path.stem, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise expected(path, "a Python file with a Layer", "no such file", "check the name", FileNotFoundError)
    module = module_from_spec(spec)
    folder, written = str(path.resolve().parent), sys.dont_write_bytecode
    sys.path.append(folder)
    sys.dont_write_bytecode = True  # a compiled file of the same second and size would hide a change
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise failed(path, "a Python file that can be imported", error) from error
    finally:
        sys.path.remove(folder)
        sys.dont_write_bytecode = written
    return module


def failed(path: Path, what: str, error: BaseException, place: str = "") -> ValueError:
    """Return the error on a file whose code raised one."""
    place = place_of(error, path) or place
    return expected(path, what, told(error, path), f"see {place}" if place else "correct that first")
