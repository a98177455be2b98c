"""The command line: it parses, calls the library and reports errors in one line.

`arguments.py` declares the options of each command; `run_commands.py`, `net_commands.py`, `data_commands.py`,
`bench_commands.py` and `reproduce_commands.py` run them. Only the file of the command that was given is imported: all
would double the 0.1 s that `minialex --help` takes after NumPy.
"""

import argparse
import io
import os
import sys
from importlib import import_module

from minialex.cli.arguments import add_commands
from minialex.cli.kernels import restart_with_faster_kernels
from minialex.cli.over_ranks import as_one_of_several, check_ranks
from minialex.cli.wrong_arguments import WrongArgument
from minialex.convenience import our_word
from minialex.devices.mpi import place, stop_all
from minialex.files.atomic import os_error_message


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
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # file names that the terminal cannot encode
    if arguments is None and place().size > 1:
        return as_one_of_several(run)
    return run(arguments)


def run(arguments: list[str] | None = None) -> int:
    """Run one command in this process."""
    args = parsed(arguments)
    if not hasattr(args, "command"):
        return 0
    if arguments is None:
        restart_with_faster_kernels(args.name.split()[0])
    try:
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
        return complain(args, InterruptedError(str(stop) or "stopped; finished epochs and files are kept"), 130)


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    """Return the parsed arguments; where no command was given, print the help."""
    top = Parser(prog="minialex", description="AlexNet (2012) as a book you can run.")
    top.add_argument("--version", action="version", version=f"minialex {import_module('minialex').__version__}")
    add_commands(top)
    args, others = top.parse_known_args(arguments)
    if others:
        getattr(args, "parser", top).unrecognized(others)
    if not hasattr(args, "command"):
        top.print_help()
    return args


def complain(args: argparse.Namespace, error: Exception, status: int) -> int:
    """Print an error as one line and return the exit status, or raise it again with --debug."""
    if args.debug:
        raise error
    text = os_error_message(error) if isinstance(error, OSError) else str(error)
    if isinstance(error, MemoryError):
        text = f"not enough memory ({text or 'for all this'}); use a smaller --batch or --limit, or smaller images"
    line = f"minialex {args.name}: {' '.join(text.split())}"
    if place().size > 1:
        stop_all(status, line)
    print(line, file=sys.stderr)
    return status
