"""What each command of the command line does: it calls the library and prints.

The library is imported inside the commands, so that `--help` and wrong arguments are answered at once.
"""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

DEFAULTS = {"model": "small_alexnet", "preset": "paper", "data": "shapes", "devices": "cpu", "seed": 0}


class WrongArgument(ValueError):
    """An argument that is wrong in itself, whatever the machine and the files hold: exit status 2."""


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


def new_config(args: Namespace) -> dict:
    """The settings of a new run: what was asked for, else the defaults, else the model's recipe."""
    asked = {key: value for key, value in vars(args).items() if value is not None}
    config = {**DEFAULTS, "workers": None, "limit": None, "divide_after": None, **asked}
    recipe = known_recipe(config["model"], config["preset"])
    config["data"] = known_data(config["data"])
    check_devices(config["model"], config["devices"], config["workers"])
    for key in ("image_size", "epochs", "batch", "lr"):
        config.setdefault(key, getattr(recipe, key))
    return {key: config[key] for key in (*DEFAULTS, *SETTINGS)}


SETTINGS = ("workers", "image_size", "epochs", "batch", "lr", "divide_after", "limit")


def resumed(args: Namespace) -> dict:
    """The settings of the run that goes on; only the number of epochs may be another."""
    from minialex.training.run import read_config

    if args.out is None:
        raise WrongArgument("--resume needs --out, the folder of the run that goes on")
    config = read_config(args.out)
    for key in (*DEFAULTS, *SETTINGS):
        asked = getattr(args, key)
        if key == "data" and asked is not None:
            asked = known_data(asked)  # a folder's full path, as the config has it
        if asked not in (None, config[key]) and key != "epochs":
            option = "--" + key.replace("_", "-")
            raise WrongArgument(
                f"{option} {asked} differs from the run's {config[key]}; leave it out, or start a new run"
            )
    return {**config, "epochs": args.epochs or config["epochs"]}


def evaluate(args: Namespace) -> int:
    from minialex.data import load
    from minialex.training import evaluate

    run = opened(args)
    source = known_data(args.data or run.config["data"])
    limit = args.limit or (None if args.data else run.config["limit"])  # unless told otherwise, what the run saw
    dataset = load(source, image_size=run.config["image_size"], limit=limit)
    if list(dataset.classes) != run.classes:
        raise ValueError(
            f"{source}: expected the run's classes {', '.join(run.classes)}; got {', '.join(dataset.classes)}; "
            "evaluate on data with the same classes"
        )
    found = evaluate(run.net, dataset.val, mean=run.mean, batch=run.config["batch"])
    if args.json:
        print(json.dumps(found))
    else:
        print(
            f"{found['images']} images, {found['views']} view each: top-1 error {found['top1_error']:.2%}, "
            f"top-5 error {found['top5_error']:.2%}, loss {found['loss']:.4f}"
        )
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


def data(args: Namespace) -> int:
    from minialex.data import describe, get_cifar10, load

    if args.action == "get":
        if args.source != "cifar10":
            raise WrongArgument(f"data get: expected cifar10, got {args.source!r}; shapes are drawn, folders are yours")
        print(f"cifar10 is in {get_cifar10()}; next: minialex train --model cifar_80sec --data cifar10")
    else:
        print(describe(load(known_data(args.source))))
    return 0


def opened(args: Namespace):
    """The run that a command names, on the devices that it asks for."""
    from minialex.training.run import open_run, read_config

    changes = given(args, "devices", "workers")
    config = {**read_config(args.run), **changes}
    if changes:
        check_devices(config["model"], config["devices"], config["workers"])
    return open_run(args.run, **changes)


def known_recipe(model: str, preset: str):
    from minialex.models import recipe

    return as_wrong_argument(recipe, model, preset)


def known_data(source: str) -> str:
    """A data set's name, or a folder's full path (a run is used from other places than where it was made)."""
    from minialex.data import check_source
    from minialex.data.loading import KNOWN

    as_wrong_argument(check_source, source)
    return source if source in KNOWN else str(Path(source).resolve())


def check_devices(model: str, devices: str, workers: int | None) -> None:
    """Finds out before anything is loaded whether the devices are there, and whether the model can use them."""
    from minialex.device_names import devices_from
    from minialex.models.recipes import places

    as_wrong_argument(places, model, as_wrong_argument(devices_from, devices, workers))


def as_wrong_argument(function, *arguments):
    try:
        return function(*arguments)
    except ValueError as error:
        raise WrongArgument(str(error)) from None


def given(args: Namespace, *names: str) -> dict:
    """Those of the arguments that were given."""
    return {name: value for name in names if (value := getattr(args, name)) is not None}
