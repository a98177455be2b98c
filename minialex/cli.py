"""The command line: it parses, calls and reports errors in one line.

What each command takes is in `arguments.py`, what it does in `commands.py`, `data/commands.py` and `lab/commands.py`.
"""

from __future__ import annotations

import argparse
import os
import sys

from minialex.arguments import add_commands
from minialex.known import WrongArgument


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns 0, or 1 for a failure, or 2 for a wrong argument."""
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
    message = " ".join(str(error).split()) or "not enough memory; use a smaller --batch or --limit"
    print(f"minialex {args.name}: {message}", file=sys.stderr)
    return status
