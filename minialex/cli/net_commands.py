"""The commands on a net without data: `minialex summary` and `minialex gradcheck`."""

import json
from argparse import Namespace
from pathlib import Path

import numpy as np

from minialex.checks import choose
from minialex.cli.wrong_arguments import as_wrong_argument
from minialex.devices import host
from minialex.gradcases import CASES, check_file, check_layers
from minialex.models import build, recipe
from minialex.summary import summary as table_of


def summary(args: Namespace) -> int:
    """Print the table of a net."""
    size = args.image_size or as_wrong_argument(recipe, args.model, args.preset).image_size
    options = {"image_size": size} | ({"classes": args.classes} if args.classes else {})
    net = build(args.model, [host], rng=np.random.default_rng(0), preset=args.preset, **options)
    table = table_of(net, (3, size, size), batch=args.batch)
    print(json.dumps(table.as_dict()) if args.json else table)
    return 0


def gradcheck(args: Namespace) -> int:
    """Check the gradients of our layers, or of those in a file; exit status 1 if one is wrong."""
    if args.layer and args.layer.endswith(".py"):
        verdicts = check_file(Path(args.layer))
    else:
        if args.layer:
            as_wrong_argument(choose, {name: None for name, *_ in CASES}, args.layer, "LAYER")
        verdicts = check_layers(args.layer, every_setting=args.all)
    wrong = total = 0
    for verdict in verdicts:
        if not total:  # now, since a file that cannot be read raises first
            print(f"       {'case':<38}  {'of':<6}  relative error (right: up to 1e-06)")
        print(verdict)
        total, wrong = total + 1, wrong + (not verdict.right)
    print(f"{total - wrong} of {total} gradients are right" + (f", {wrong} WRONG" if wrong else ""))
    return 1 if wrong else 0
