"""What each command of the command line does: it calls the library and prints.

The library is imported inside the commands, so that `--help` and wrong arguments are answered at once.
"""

import json
import sys
from argparse import Namespace
from pathlib import Path
from shlex import quote

from minialex.cli.checks import WrongArgument, as_wrong_argument, check_devices, known_data, known_recipe
from minialex.cli.settings import new_config, resumed
from minialex.files.atomic import in_words


def train(args: Namespace) -> int:
    from minialex.training.run import free_folder, train_run

    if args.resume:
        config, out = resumed(args), args.out
    else:
        config = new_config(args)
        out = args.out or free_folder(Path("runs"), [config["model"], Path(config["data"]).name])
    history = train_run(config, out, resume=args.resume)
    best = min(history, key=lambda row: row["val_error"])
    last = history[-1]
    print(
        f"validation error {last['val_error']:.1%} after epoch {last['epoch']}, "
        f"lowest {best['val_error']:.1%} after epoch {best['epoch']}\n"
        f"pictures: {out}/curves.png, {out}/filters.png, {out}/predictions.png\n"
        f"next:     minialex evaluate {quote(str(out))}"
    )
    return 0


def evaluate(args: Namespace) -> int:
    from minialex.cli.report import draw_confusion, report
    from minialex.training.evaluate import judge
    from minialex.training.run_data import load_data

    run = opened(args)
    other = known_data(args.data) if args.data else None
    limit = args.limit or (None if other else run.config["limit"])  # unless told otherwise, what the run saw
    dataset = load_data(run.config, args.run, other=other, limit=limit, told=("val", "test"))
    settings = {"mean": run.mean, "batch": run.config["batch"], "crop": run.config["image_size"]}
    found, confusion = judge(run.net, dataset.val, views=args.views, **settings)
    if args.json:
        print(json.dumps(found))
    else:
        one = judge(run.net, dataset.val, **settings)[0] if args.views > 1 else None
        print(report(found, confusion, run.classes, one))
        if one and run.config["scale"] == run.config["image_size"]:
            print("the images are no larger than the views: these are two, the image and its reflection")
    try:
        picture = draw_confusion(args.run, confusion, run.classes)
    except OSError as error:  # the run may be another's, to be read only: the errors are what was asked for
        print(f"minialex evaluate: no picture: {in_words(error)}", file=sys.stderr)
    else:
        print("" if args.json else f"picture: {picture}\n", end="")
    return 0


def predict(args: Namespace) -> int:
    from minialex.cli.prediction import answers, bars, draw, from_run, from_weights, is_weights
    from minialex.devices.names import devices_from

    if args.out and len(args.images) > 32:
        raise WrongArgument(f"--out: expected 32 images at most in a picture, got {len(args.images)}; give fewer")
    if args.out:
        check_picture(args.out)
    if is_weights(args.run):
        devices = as_wrong_argument(devices_from, args.devices or "cpu", args.workers)
        asked = from_weights(args.run, devices)
    else:
        asked = from_run(opened(args))
    asked = asked.with_labels(args.labels) if args.labels else asked
    images = asked.read(args.images)
    p = asked.probabilities(images)
    if args.out:
        draw(args.out, images, p, asked.labels, args.top)
    found = answers(asked, args.images, p, args.top)
    print(json.dumps(found) if args.json else "\n".join(map(bars, found)))
    return 0


def summary(args: Namespace) -> int:
    import numpy as np

    from minialex.devices import host
    from minialex.models import build
    from minialex.summary import summary

    recipe = known_recipe(args.model, args.preset)
    size = args.image_size or recipe.image_size
    options = {"image_size": size} | ({"classes": args.classes} if args.classes else {})
    net = build(args.model, [host], rng=np.random.default_rng(0), preset=args.preset, **options)
    table = summary(net, (3, size, size), batch=args.batch)
    print(json.dumps(table.as_dict()) if args.json else table)
    return 0


def gradcheck(args: Namespace) -> int:
    from minialex.checks import choose
    from minialex.gradcases import CASES, check_file, check_layers

    if args.layer and args.layer.endswith(".py"):
        verdicts = check_file(Path(args.layer))
    else:
        if args.layer:
            as_wrong_argument(choose, {name: None for name, *_ in CASES}, args.layer, "LAYER")
        verdicts = check_layers(args.layer, every_setting=args.all)
    wrong = total = 0
    print(f"       {'case':<38}  {'by':<6}  relative error (right: up to 1e-06)")
    for verdict in verdicts:
        print(verdict)
        total, wrong = total + 1, wrong + (not verdict.right)
    print(f"{total - wrong} of {total} gradients are right" + (f", {wrong} WRONG" if wrong else ""))
    return 1 if wrong else 0


def opened(args: Namespace):
    """The run that a command names, on the devices that it asks for."""
    from minialex.training.config import read_config
    from minialex.training.run import open_run

    changes = given(args, "devices", "workers")
    config = {**read_config(args.run), **changes}
    if changes:
        check_devices(config["model"], config["devices"], config["workers"])
    return open_run(args.run, **changes)


def check_picture(path: Path) -> None:
    """Finds out before anything is computed whether a picture of this name can be written."""
    from minialex.plots.figure import format_of

    as_wrong_argument(format_of, path)


def given(args: Namespace, *names: str) -> dict:
    """Those of the arguments that were given."""
    return {name: value for name in names if (value := getattr(args, name)) is not None}
