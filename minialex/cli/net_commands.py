"""The commands on a net without data: `minialex models`, `summary`, `gradcheck` and `new-layer`."""

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from minialex.checks import choose, expected
from minialex.cli.no_draws import NoDraws
from minialex.cli.rank_traffic import traffic_of, traffic_text_of
from minialex.cli.wrong_arguments import WrongArgument, as_wrong_argument
from minialex.devices import host
from minialex.gradcases import CASES
from minialex.models import RECIPES, build, recipe
from minialex.summary import summary as table_of
from minialex.tutor.checking import check_layers
from minialex.tutor.child import check_in_child
from minialex.tutor.new_layer import file_name, write_layer
from minialex.tutor.verdict import Verdict

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
    print("\ncifar_fast and cifar_airbench are variants of after 2012;\nthe other cifar nets are the authors'")
    print("input: pixels of a side; epochs, rate and batch are what minialex train takes unless told otherwise")
    return 0


def described_model(name: str) -> dict:
    """Return a model's parameters, input and recipe."""
    r = recipe(name).with_optimizer()
    net = build(name, [host], rng=NoDraws(np.random.PCG64(0)))
    parameters = sum(layer.params[key].size for _, layer, key in net.parameters())
    return {"model": name, "parameters": parameters, **{key: getattr(r, key) for key in SHOWN}}


def summary(args: Namespace) -> int:
    """Print the table of a net."""
    size = args.image_size or as_wrong_argument(recipe, args.model, args.preset).image_size
    options = {"image_size": size} | ({"classes": args.classes} if args.classes else {})
    net = build(args.model, [host], rng=np.random.default_rng(0), preset=args.preset, **options)
    table = table_of(net, (3, size, size), batch=args.batch)
    if args.json:
        sent = {"ranks": traffic_of(args, net, options)} if args.devices else {}
        print(json.dumps(table.as_dict() | sent))
    else:
        print(table, *(("", traffic_text_of(args, net, options)) if args.devices else ()), sep="\n")
    return 0


def gradcheck(args: Namespace) -> int:
    """Check the gradients of our layers, or of those in a file; exit status 1 if one is wrong."""
    wrong = total = 0
    what = "gradients"
    for verdict in verdicts_for(args):
        if not total:  # now, since a file that cannot be read raises first
            print(f"       {'case':<38}  {'of':<6}  relative error (right: up to 1e-06)")
        print(verdict, flush=True)
        if args.debug and verdict.traceback:
            print(verdict.traceback, file=sys.stderr)
        what = "gradients and outputs" if verdict.variable == "y" else what
        total, wrong = total + (verdict.kind != "note"), wrong + (not verdict.right)
    print(f"{total - wrong} of {total} {what} are right" + (f", {wrong} WRONG" if wrong else ""))
    if not total:
        raise expected(args.layer, "a gradient to compare", "none", "nothing was checked")
    return 1 if wrong else 0


def verdicts_for(args: Namespace) -> Iterator[Verdict]:
    """Return the verdicts on what the arguments name: our layers, or those in a file, alone or beside ours."""
    names = {name: None for name, *_ in CASES}
    if args.like is not None:
        as_wrong_argument(choose, names, args.like, "--like")
    if args.layer is not None and args.layer.endswith(".py"):
        if args.all:
            raise WrongArgument("--all is for our layers; a file has the settings of its example(rng)")
        if not Path(args.layer).is_file():
            what, got = "a Python file with a Layer", "no such file"
            raise expected(args.layer, what, got, "check the name", FileNotFoundError)
        return check_in_child(Path(args.layer), args.like)
    if args.like is not None:
        raise WrongArgument("--like compares the layer in a file: minialex gradcheck FILE.py --like LAYER")
    if args.layer is not None:
        file = f"{args.layer}.py"
        if args.layer not in names and Path(file).is_file():
            what = "the name of a layer, or of a file that ends in .py"
            raise expected("LAYER", what, repr(args.layer), f"did you mean {file}?", WrongArgument)
        as_wrong_argument(choose, names, args.layer, "LAYER")
    return check_layers(args.layer, every_setting=args.all)


def new_layer(args: Namespace) -> int:
    """Write the file of a new layer."""
    as_wrong_argument(file_name, args.layer)
    path = write_layer(args.layer)
    print(f"written: {path}\nnext:    minialex gradcheck {path}")
    return 0
