"""The commands on a net without data: `minialex models`, `summary` and `gradcheck`."""

import json
from argparse import Namespace
from pathlib import Path

import numpy as np

from minialex.checks import choose
from minialex.cli.wrong_arguments import as_wrong_argument
from minialex.devices import host
from minialex.gradcases import CASES, check_file, check_layers
from minialex.models import RECIPES, build, recipe
from minialex.summary import summary as table_of

SHOWN = ("image_size", "groups", "epochs", "lr", "batch")  # of a recipe, in the list of models


def models(args: Namespace) -> int:
    """Print the list of models."""
    rows = [described_model(name) for name in RECIPES]
    if args.json:
        print(json.dumps(rows))
        return 0
    print(f"{'model':<20}  parameters  input  groups  epochs    rate  batch")
    for row in rows:
        print(
            f"{row['model']:<20}  {row['parameters']:>10,}  {row['image_size']:>5}  {row['groups']:>6}  "
            f"{row['epochs']:>6}  {row['lr']:>6g}  {row['batch']:>5}"
        )
    print("\ninput: pixels of a side; epochs, rate and batch are what minialex train takes unless told otherwise")
    return 0


def described_model(name: str) -> dict:
    """Return a model's parameters, input and recipe."""
    r = recipe(name)
    net = build(name, [host], rng=NoDraws(np.random.PCG64(0)))
    parameters = sum(layer.params[key].size for _, layer, key in net.parameters())
    return {"model": name, "parameters": parameters, **{key: getattr(r, key) for key in SHOWN}}


class NoDraws(np.random.Generator):
    """A generator whose normal numbers are 0, where only the shapes of the weights matter: drawing takes seconds."""

    def standard_normal(self, size=None, dtype="float64", out=None):
        return np.zeros(size, dtype)


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
