"""The command line: it parses, calls and reports errors in one line.

What each command takes is in `arguments.py`, what it does in `commands.py`, `data/commands.py` and `lab/commands.py`.
"""

import argparse
import io
import os
import sys

from minialex.cli.arguments import add_commands
from minialex.cli.checks import WrongArgument
from minialex.files.atomic import os_error_message


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns 0, or 1 for a failure, or 2 for a wrong argument."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files that the terminal has no letters for
    top = Parser(prog="minialex", description="AlexNet (2012) as a book you can run.")
    add_commands(top)
    args = top.parse_args(arguments)
    try:
        status = args.command(args)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # who reads has seen enough: minialex summary alexnet | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python's last flush would complain
        return 1
    except WrongArgument as error:
        return complain(args, error, 2)
    except (ValueError, RuntimeError, OSError, MemoryError) as error:
        return complain(args, error, 1)
    except KeyboardInterrupt:
        return complain(args, InterruptedError("stopped; what was finished is kept"), 130)


def complain(args: argparse.Namespace, error: Exception, status: int) -> int:
    if args.debug:
        raise error
    words = os_error_message(error) if isinstance(error, OSError) else str(error)
    if isinstance(error, MemoryError):
        words = f"not enough memory ({words or 'for all this'}); use a smaller --batch or --limit, or smaller images"
    print(f"minialex {args.name}: {' '.join(words.split())}", file=sys.stderr)
    return status
