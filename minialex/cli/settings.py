"""The settings of a run, from the options of `minialex train`."""

from argparse import Namespace
from dataclasses import fields, replace
from typing import Any

from minialex.cli.known_arguments import check_devices, check_layers, check_sizes, known_augment, known_data
from minialex.cli.wrong_arguments import WrongArgument, as_wrong_argument
from minialex.models import recipe
from minialex.training.config import RunConfig
from minialex.training.edits import PLACES
from minialex.training.named_schedules import depends_on_epochs
from minialex.training.rules import check_rules, schedule_of
from minialex.training.run_folder import is_unbegun
from minialex.training.transfer import tuned_config


def new_config(args: Namespace) -> RunConfig:
    """Return the settings of a new run: the options given, else the model's recipe, else the defaults."""
    given = given_settings(args)
    as_wrong_argument(recipe, given.get("model", RunConfig.model), given.get("preset", RunConfig.preset))
    config = tuned_config(**given) if "weights" in given else as_wrong_argument(lambda: RunConfig.new(**given))
    as_wrong_argument(check_rules, config)
    check_devices(config)
    check_layers(config)
    check_sizes(config, scale_given="scale" in given)
    return config


def resumed_config(args: Namespace) -> RunConfig:
    """Return the settings of the run in --out; the number of epochs and the devices may be others."""
    if args.out is None:
        raise WrongArgument("--resume needs --out, the folder of the run to resume")
    if is_unbegun(args.out):
        return new_config(args)
    config = RunConfig.read(args.out)
    if args.weights is not None:
        raise WrongArgument("--weights with --resume: a resumed run continues with its own weights; leave one out")
    for name, value in given_settings(args).items():
        if name not in ("epochs", *PLACES) and value != getattr(config, name):
            option, run_value = "--" + name.replace("_", "-"), as_text(getattr(config, name))
            raise WrongArgument(
                f"{option} {as_text(value)} differs from the run's {run_value}; leave it out, or start a new run"
            )
    epochs = args.epochs or config.epochs
    if epochs != config.epochs and depends_on_epochs(schedule_of(config)):
        got, advice = f"the run's {config.epochs}", "leave it out, or start a new run"
        raise WrongArgument(f"--epochs {epochs} differs from {got}, which the rates of its schedule follow; {advice}")
    return replace(config, epochs=epochs, **other_places(args, config))


def other_places(args: Namespace, config: RunConfig) -> dict[str, Any]:
    """Return where a resumed run computes, where an option says so: devices, workers and split, checked."""
    given = {name: value for name in PLACES if (value := getattr(args, name)) is not None}
    if "devices" not in given:
        return given
    places = {name: given.get(name, getattr(RunConfig, name)) for name in PLACES}
    check_devices(replace(config, **places, weights=None))  # it has weights of its own by now
    return places


def given_settings(args: Namespace) -> dict[str, Any]:
    """Return the settings that are among the options given, as a RunConfig has them."""
    names = [setting.name for setting in fields(RunConfig)]
    given = {name: value for name in names if (value := getattr(args, name, None)) is not None}
    converted = {
        "data": known_data,
        "augment": known_augment,
        "divide_after": tuple,
        "freeze": tuple,
        "lr_factor": tuple,
    }
    return {name: converted[name](value) if name in converted else value for name, value in given.items()}


def as_text(value) -> str:
    """Return the value of a setting as its option takes it: a tuple as names separated by spaces."""
    if value is None:
        return "own (the option was not given)"
    return (" ".join(map(str, value)) or "none") if isinstance(value, tuple) else str(value)
