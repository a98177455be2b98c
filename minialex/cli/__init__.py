"""The command line: it parses, calls the library and reports errors in one line.

`arguments.py` declares the options of each command; `run_commands.py`, `net_commands.py`, `data_commands.py`,
`grade_commands.py`, `bench_commands.py` and `reproduce_commands.py` run them. Only the file of the command that was
given is imported: all would double the 0.1 s that `minialex --help` takes after NumPy.
"""

import argparse
import io
import os
import signal
import sys
from importlib import import_module

from minialex.cli.arguments import add_commands
from minialex.cli.kernels import restart_with_faster_kernels
from minialex.cli.over_ranks import as_one_of_several, check_ranks
from minialex.cli.wrong_arguments import WrongArgument
from minialex.convenience import our_word
from minialex.devices.mpi import place, stop_all
from minialex.files.atomic import os_error_message
from minialex.interrupts import raising_stopped


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line, and whose options are not abbreviated."""

    def __init__(self, **settings):
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")

    def unrecognized(self, arguments: list[str]):
        """Refuse arguments that the command does not have; the first misspelled option is answered with its name."""
        options = [option.removeprefix("--") for action in self._actions for option in action.option_strings]
        wrong = [argument.removeprefix("--").split("=")[0] for argument in arguments if argument.startswith("--")]
        near = our_word(wrong[0].replace("-", "_"), [option.replace("-", "_") for option in options]) if wrong else None
        hint = f"; did you mean --{near.replace('_', '-')}?" if near else ""
        self.error(f"unrecognized arguments: {' '.join(arguments)}{hint}")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, or 1 for a failure, or 2 for a wrong argument."""
    open_streams()
    if arguments is None and place().size > 1:
        return as_one_of_several(run)
    return run(arguments)


def run(arguments: list[str] | None = None) -> int:
    """Run one command in this process."""
    args = argparse.Namespace(debug=False, name="")  # of a command line that is stopped before it is read
    try:
        with raising_stopped():
            if (parsed := parse(arguments)) is None:
                return 0
            args = parsed
            if arguments is None:
                restart_with_faster_kernels(args.name.split()[0])
            check_ranks(args)
            module, function = args.command
            status = getattr(import_module(module), function)(args)
            sys.stdout.flush()
            return status
    except BrokenPipeError:  # the reader closed the pipe: minialex summary alexnet | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python's last flush would raise again
        return 1
    except WrongArgument as error:
        return complain(args, error, 2)
    except (ValueError, RuntimeError, OSError, MemoryError) as error:
        return complain(args, error, 1)
    except KeyboardInterrupt as stop:
        text = str(stop) or "stopped; finished epochs and files are kept"
        return complain(args, InterruptedError(text), 128 + getattr(stop, "number", signal.SIGINT))


def parse(arguments: list[str] | None) -> argparse.Namespace | None:
    """Return the arguments of a command; None if there is none, once the help is printed."""
    top = Parser(prog="minialex", description="AlexNet (2012) as a book you can run.")
    top.add_argument("--version", action="version", version=f"minialex {import_module('minialex').__version__}")
    add_commands(top)
    args, others = top.parse_known_args(arguments)
    if others:
        getattr(args, "parser", top).unrecognized(others)
    if not hasattr(args, "command"):
        top.print_help()
        return None
    return args


def open_streams() -> None:
    """Open the standard streams that are closed, or the next file to be opened would take the place of one."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free, this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w"))  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # file names that the terminal cannot encode


def complain(args: argparse.Namespace, error: Exception, status: int) -> int:
    """Print an error as one line and return the exit status, or raise it again with --debug."""
    if args.debug:
        raise error
    text = os_error_message(error) if isinstance(error, OSError) else str(error)
    if isinstance(error, MemoryError):
        text = f"not enough memory ({text or 'for all this'}); use a smaller --batch or --limit, or smaller images"
    line = f"{f'minialex {args.name}'.strip()}: {' '.join(text.split())}"
    if place().size > 1:
        stop_all(status, line)
    print(line, file=sys.stderr)
    return status
