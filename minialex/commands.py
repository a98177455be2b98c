"""What each command of the command line does: it calls the library and prints.

The library is imported inside the commands, so that `--help` and wrong arguments are answered at once.
"""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from minialex.known import WrongArgument, as_wrong_argument, check_devices, known_data, known_recipe
from minialex.settings import new_config, resumed


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
        f"next:     minialex evaluate {out}"
    )
    return 0


def evaluate(args: Namespace) -> int:
    from minialex.data import load
    from minialex.training.evaluate import judge
    from minialex.training.report import draw_confusion, report

    run = opened(args)
    source = known_data(args.data or run.config["data"])
    limit = args.limit or (None if args.data else run.config["limit"])  # unless told otherwise, what the run saw
    dataset = load(source, image_size=run.config["scale"], limit=limit)
    if list(dataset.classes) != run.classes:
        raise ValueError(
            f"{source}: expected the run's classes {', '.join(run.classes)}; got {', '.join(dataset.classes)}; "
            "evaluate on data with the same classes"
        )
    settings = {"mean": run.mean, "batch": run.config["batch"], "crop": run.config["image_size"]}
    found, confusion = judge(run.net, dataset.val, views=args.views, **settings)
    picture = draw_confusion(args.run, confusion, run.classes)
    if args.json:
        print(json.dumps(found))
        return 0
    one = judge(run.net, dataset.val, **settings)[0] if args.views > 1 else None
    print(report(found, confusion, run.classes, one))
    print(f"picture: {picture}")
    return 0


def predict(args: Namespace) -> int:
    from minialex.device_names import devices_from
    from minialex.prediction import answers, bars, draw, from_run, from_weights, is_weights

    if args.out and len(args.images) > 32:
        raise WrongArgument(f"--out: expected 32 images at most in a picture, got {len(args.images)}; give fewer")
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

    from minialex.device import host
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
    from minialex.gradcases import CASES, check_file, check_layers
    from minialex.presets import choose

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
    from minialex.training.run import open_run, read_config

    changes = given(args, "devices", "workers")
    config = {**read_config(args.run), **changes}
    if changes:
        check_devices(config["model"], config["devices"], config["workers"])
    return open_run(args.run, **changes)


def given(args: Namespace, *names: str) -> dict:
    """Those of the arguments that were given."""
    return {name: value for name in names if (value := getattr(args, name)) is not None}
