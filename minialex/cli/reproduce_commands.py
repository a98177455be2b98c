"""The command `minialex reproduce EXPERIMENT`."""

from argparse import Namespace
from pathlib import Path

from minialex.checks import expected
from minialex.cli.known_arguments import known_data
from minialex.cli.reproduce_arguments import own_options
from minialex.cli.wrong_arguments import WrongArgument, check_picture
from minialex.lab.augmentation.versions import draw_augmentation
from minialex.lab.catalogue import experiment
from minialex.lab.frame.settings import Settings


def reproduce(args: Namespace) -> int:
    """Run an experiment, print its table, and name the folder that keeps it."""
    options = own_options(args)
    if photograph := options.pop("photograph", None):
        return draw_versions(photograph, args.out or Path("runs/augmentation.png"))
    out = args.out or Path("runs") / args.experiment
    if out.is_file():
        raise expected("--out", "a folder", f"the file {out}", "choose another", WrongArgument)
    if source := options.get("run") or options.get("weights"):
        out /= source.resolve().name if source.is_dir() else source.stem
    settings = Settings(out, known_data(args.data), args.limit, args.epochs, args.seeds, args.experiment)
    print(experiment(args.experiment)(settings, **options))
    print(f"kept in {out}")
    return 0


def draw_versions(photograph: Path, out: Path) -> int:
    """Draw augmented versions of a photograph, and nothing else."""
    check_picture(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    draw_augmentation(out, photograph=photograph)
    print(f"picture: {out}")
    return 0
