"""The settings of a run, from what was asked for on the command line."""

from argparse import Namespace

from minialex.cli.checks import (
    WrongArgument,
    check_devices,
    check_sizes,
    known_augment,
    known_data,
    known_recipe,
    known_scale,
)

DEFAULTS = {"model": "small_alexnet", "preset": "paper", "data": "shapes", "devices": "cpu", "seed": 0}
SETTINGS = ("workers", "image_size", "scale", "augment", "epochs", "batch", "lr", "divide_after", "limit")


def new_config(args: Namespace) -> dict:
    """The settings of a new run: what was asked for, else the defaults, else the model's recipe."""
    asked = {key: value for key, value in vars(args).items() if value is not None}
    config = {**DEFAULTS, "workers": None, "limit": None, "divide_after": None, **asked}
    recipe = known_recipe(config["model"], config["preset"])
    config["data"] = known_data(config["data"])
    check_devices(config["model"], config["devices"], config["workers"])
    for key in ("image_size", "epochs", "batch", "lr", "augment"):
        config.setdefault(key, getattr(recipe, key))
    config["augment"] = known_augment(config["augment"])
    config.setdefault("scale", known_scale(config["data"], config["image_size"], config["augment"]))
    check_sizes(config["image_size"], config["scale"], config["augment"], asked=args.scale is not None)
    return {key: config[key] for key in (*DEFAULTS, *SETTINGS)}


def resumed(args: Namespace) -> dict:
    """The settings of the run that goes on; only the number of epochs may be another."""
    from minialex.training.config import read_config

    if args.out is None:
        raise WrongArgument("--resume needs --out, the folder of the run that goes on")
    config = read_config(args.out)
    for key in (*DEFAULTS, *SETTINGS):
        asked = getattr(args, key)
        if key == "data" and asked is not None:
            asked = known_data(asked)  # a folder's full path, as the config has it
        if key == "augment" and asked is not None:
            asked = known_augment(asked)
        if asked not in (None, config[key]) and key != "epochs":
            option = "--" + key.replace("_", "-")
            raise WrongArgument(
                f"{option} {asked} differs from the run's {config[key]}; leave it out, or start a new run"
            )
    return {**config, "epochs": args.epochs or config["epochs"]}
