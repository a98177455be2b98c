"""The entrance of the process of a submission, run as a script: `minialex` itself would import every layer.

Standard input and output carry the frames; the submission gets others: what it prints is lost, or goes to the error
output of the parent, and reading ends at once.
"""

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import IO

PACKAGE = Path(os.path.realpath(__file__)).parents[2]


def library_for(also: list[str]):
    """Return the part of the library that is allowed, installed for all imports that follow."""
    spec = spec_from_file_location("library", PACKAGE / "grading" / "child" / "library.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    library = module.Library(PACKAGE, also)
    library.install()
    return library


def taken_over(descriptor: int, mode: str, other: int) -> IO[bytes]:
    """Return a file on a copy of a descriptor, in place of which the submission gets another one."""
    file = os.fdopen(os.dup(descriptor), mode)
    os.dup2(other, descriptor)
    return file


def main() -> None:
    """Serve a submission, which the arguments name, until standard input ends."""
    path, seconds, megabytes, *also = sys.argv[1:]
    library = library_for(also)
    from minialex.grading.child.guard import guard
    from minialex.grading.child.landlock import landlock
    from minialex.grading.child.readable import readable
    from minialex.grading.child.serve import Server
    from minialex.grading.limits import Limits

    requests = taken_over(0, "rb", os.open(os.devnull, os.O_RDONLY))
    answers = taken_over(1, "wb", 2)
    sys.dont_write_bytecode = True  # and nothing could be written
    server, allowed = Server(Path(path)), readable(library, Path(path))
    Limits(float(seconds), int(megabytes)).hold()
    landlock(allowed)
    guard(allowed)
    server.serve(requests, answers)
    os._exit(0)  # threads that the file has started do not keep it


if __name__ == "__main__":
    main()
