"""A Python of its own, for code that may end the process it runs in: other people's, and libraries that crash.

What kills the child, or keeps it busy for ever, becomes an error of the parent.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

SECONDS = 20  # of processor time that a child may take
BYTES = 2**32  # of address space; most of it is reserved by libraries and never used
PROGRAM = "from minialex.files.own_process import main; main()"


class Crashed(RuntimeError):
    """A child process that ended without an answer."""


def python(program: str, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of a Python that runs a program, with this very package to import."""
    root = str(Path(__file__).parents[2])  # wherever it was imported from
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return [sys.executable, "-P", "-c", program, *arguments], {**os.environ, "PYTHONPATH": paths}


def call_apart(function: Callable[[bytes], Any], raw: bytes) -> Any:
    """Return function(raw), computed in a process of its own; the result is passed as JSON.

    Args:   function, of a module, without side effects.
    Errors: ValueError, with the child's message, if it raised an error; Crashed if it ended without an answer.
    """
    command, environment = python(PROGRAM, function.__module__, function.__qualname__)
    environment["OPENBLAS_NUM_THREADS"] = "1"  # each thread reserves address space
    child = subprocess.run(command, input=raw, capture_output=True, env=environment, check=False)
    try:
        answer = json.loads(child.stdout)
    except ValueError:
        raise Crashed(f"Python ended {ending(child.returncode)} while it read it") from None
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer["result"]


def ending(status: int) -> str:
    """Return as text how a process ended: "by SIGSEGV", or "with status 1"."""
    if status >= 0:
        return f"with status {status}"
    with suppress(ValueError):
        return f"by {signal.Signals(-status).name}"
    return f"by signal {-status}"


def main() -> None:
    """Call the function that the arguments name with the bytes of standard input, and print the result as JSON."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no limits; a system may have lower ones
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the library prints is no answer
    module, function = sys.argv[1:]
    try:
        answer = {"result": getattr(import_module(module), function)(sys.stdin.buffer.read())}
    except Exception as error:  # whatever the library raises
        answer = {"error": f"{type(error).__name__}: {' '.join(str(error).split())}"}
    with answers:
        json.dump(answer, answers)
