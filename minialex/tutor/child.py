"""A student's file, run in a Python of its own: what ends that Python does not end, or pass, the check.

The child's results are lines of JSON on its standard output; what the student's code prints goes to standard error.
"""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from traceback import format_exception

from minialex.checks import expected
from minialex.files.own_process import python
from minialex.tutor.checking import check_file
from minialex.tutor.like import check_like
from minialex.tutor.verdict import Verdict

PROGRAM = "from minialex.tutor.child import main; main()"
NO_PROCESSES = {errno.ENOSYS, errno.ENOTSUP}  # errors of a Python in a browser (Pyodide), which can start none


def check_in_child(path: Path, like: str | None = None) -> Iterator[Verdict]:
    """Yield the verdicts on a student's file, checked in a process of its own; an error of the file is raised here.

    Where no process can be started it is checked in this one, which a file can then end.
    """
    command, environment = python(PROGRAM, str(path), like or "")
    try:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    except OSError as error:
        if error.errno not in NO_PROCESSES:
            raise
        yield from check_here(path, like)
    else:
        yield from results(child, path)


def results(child: subprocess.Popen, path: Path) -> Iterator[Verdict]:
    """Yield the verdicts that the process sends."""
    with child:
        assert child.stdout is not None
        try:
            for line in child.stdout:
                message = json.loads(line)
                if message == "done":
                    return
                if isinstance(message, dict):
                    error = ValueError(message["error"])
                    error.add_note(message["traceback"])
                    raise error
                yield Verdict(*message)
            got = f"Python ended after {child.wait()} as exit status, before all was checked"
            raise expected(path, "the results of all checks", got, "remove os._exit() and the like")
        finally:
            child.kill()


def check_here(path: Path, like: str | None) -> Iterator[Verdict]:
    """Yield the verdicts on a file, checked in this process."""
    sys.path.append(str(path.resolve().parent))  # for imports of files beside it, inside functions too
    yield from check_like(path, like) if like else check_file(path)


def main() -> None:
    """Check the file that the arguments name, and write each verdict as a line."""
    path, like = sys.argv[1:]
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as results:
        os.dup2(2, 1)

        def send(message) -> None:
            sys.stdout.flush()
            results.write(json.dumps(message) + "\n")
            results.flush()

        try:
            for verdict in check_here(Path(path), like or None):
                send(verdict)
        except ValueError as error:
            send({"error": str(error), "traceback": "".join(format_exception(error))})
        except KeyboardInterrupt:
            os._exit(130)
        except BaseException as error:  # GeneratorExit, and classes of the student's own that are no Exception
            raised: ValueError = expected(
                path, "the results of all checks", f"a {type(error).__name__}", "raise an Exception"
            )
            send({"error": str(raised), "traceback": "".join(format_exception(error))})
        send("done")
        os._exit(0)  # threads that the file has started do not keep it
