"""The command `minialex reproduce EXPERIMENT`."""

from argparse import Namespace
from pathlib import Path

from minialex.checks import expected
from minialex.cli.known_arguments import known_data
from minialex.cli.reproduce_arguments import own_options
from minialex.cli.wrong_arguments import WrongArgument
from minialex.lab.catalogue import experiment
from minialex.lab.frame.settings import Settings


def reproduce(args: Namespace) -> int:
    """Run an experiment, print its table, and name the folder that keeps it."""
    out = args.out or Path("runs") / args.experiment
    if out.is_file():
        raise expected("--out", "a folder", f"the file {out}", "choose another", WrongArgument)
    settings = Settings(out, known_data(args.data), args.limit, args.epochs, args.seeds)
    print(experiment(args.experiment)(settings, **own_options(args)))
    print(f"kept in {out}")
    return 0
