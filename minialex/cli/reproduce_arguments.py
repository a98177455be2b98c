"""The options of `minialex reproduce`: the same for each experiment, and a few of its own."""

import argparse

from minialex.cli.adding import adding
from minialex.cli.types import count, path, rate
from minialex.lab.catalogue import CATALOGUE, CIFAR_NETS, Listed

OWN = {  # options of one experiment alone
    "airbench": (
        ("--width", {"type": count, "default": 16, "metavar": "N", "help": "kernels of the first block (16)"}),
    ),
    "augmentation": (
        ("--photograph", {"type": path, "metavar": "FILE",
                          "help": "only draw versions of this image file, into --out FILE.png"}),
    ),
    "filters": (
        ("--weights", {"type": path, "metavar": "FILE", "help": "measure weights that others trained, or a run's"}),
    ),
    "neighbours": (
        ("--run", {"type": path, "metavar": "DIR", "help": "features of this run, with its images"}),
        ("--layer", {"metavar": "NAME", "help": "the layer whose outputs are the features (what the last one reads)"}),
    ),
    "recipes": (
        ("--models", {"nargs": "+", "choices": (*CIFAR_NETS, "all"), "default": ["cifar_80sec"], "metavar": "MODEL",
                      "help": f"{', '.join(CIFAR_NETS)} or all (cifar_80sec)"}),
    ),
    "scale": (
        ("--rate", {"type": rate, "default": 22.0, "metavar": "X", "help": "images a second of one rank (22, a core)"}),
        ("--bandwidth", {"type": rate, "default": 1.15, "metavar": "GB/s", "help": "of a rank (1.15: 10 Gb/s)"}),
        ("--ranks", {"type": count, "nargs": "+", "default": [1, 2, 4, 8, 16, 64, 256], "metavar": "N",
                     "help": "(1 2 4 8 16 64 256)"}),
        ("--batch", {"type": count, "default": 128, "metavar": "N", "help": "images of a rank and step (128)"}),
    ),
    "transfer": (
        ("--image-size", {"type": count, "default": 16, "metavar": "N", "help": "pixels (16)"}),
        ("--images", {"type": count, "nargs": "+", "default": [10, 50], "metavar": "N",
                      "help": "of each class of the second training (10 50)"}),
        ("--steps", {"type": count, "default": 200, "metavar": "N", "help": "of the second training (200)"}),
    ),
    "variants": (
        ("--group", {"choices": ("architecture", "initialization", "training", "all"), "default": "all",
                     "help": "the entries to compare (all)"}),
    ),
}  # fmt: skip

SMALLER = {"transfer": ("--steps 5",)}  # options of one experiment alone, to try it out


def add_reproduce(verbs) -> None:
    """Add `minialex reproduce` and its experiments."""
    parser = adding(verbs, "reproduce", "run an experiment of the paper: its table and picture")
    experiments = parser.add_subparsers(required=True, metavar="EXPERIMENT", title="experiments")
    for name, listed in CATALOGUE.items():
        add_experiment(experiments, name, listed)


def add_experiment(experiments, name: str, listed: Listed) -> None:
    command = f"minialex reproduce {name}"
    small = " ".join(("--data shapes --limit 200 --epochs 2 --seeds 1", *SMALLER.get(name, ())))
    examples = f"\n  {command}\n  {command} {small}      to try it out"
    p = adding(experiments, name, listed.text, "reproduce", function="reproduce", examples=examples)
    p.set_defaults(experiment=name)
    p.add_argument("--data", default=listed.data, help=f"cifar10, shapes or a folder ({listed.data})")
    usual = "all" if listed.limit is None else f"{listed.limit:,}"
    p.add_argument("--limit", type=count, default=listed.limit, metavar="N", help=f"training images ({usual})")
    epochs = listed.epochs or "the recipe's own"
    p.add_argument("--epochs", type=count, default=listed.epochs, metavar="N", help=f"of a training ({epochs})")
    p.add_argument(
        "--seeds", type=count, default=listed.seeds, metavar="N", help=f"trainings of a net ({listed.seeds})"
    )
    p.add_argument("--out", type=path, metavar="DIR", help=f"folder for the results (runs/{name})")
    for option, settings in OWN.get(name, ()):
        p.add_argument(option, **settings)


def own_options(args: argparse.Namespace) -> dict:
    """Return the values of the experiment's own options by their names."""
    names = (option.removeprefix("--").replace("-", "_") for option, _ in OWN.get(args.experiment, ()))
    return {name: getattr(args, name) for name in names}
