"""The commands on a run: `minialex train`, `evaluate` and `predict`."""

import json
import signal
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from shlex import quote

from minialex.checks import expected
from minialex.cli.evaluation import check_different, evaluate_one, evaluate_several
from minialex.cli.known_arguments import check_devices
from minialex.cli.prediction import DRAWN, answers, bars, draw_answers, is_weights
from minialex.cli.report import result_text
from minialex.cli.settings import new_config, resumed_config
from minialex.cli.wrong_arguments import WrongArgument, as_wrong_argument, check_picture
from minialex.devices import devices_from
from minialex.devices.first import agreed
from minialex.devices.mpi import is_first
from minialex.interrupts import Stopped
from minialex.ranks import split_over
from minialex.training.config import RunConfig
from minialex.training.opened import Run, load_run
from minialex.training.predictor import Predictor, from_weights
from minialex.training.run import train_run
from minialex.training.run_folder import free_folder


def train(args: Namespace) -> int:
    """Train a net and keep the run in a folder."""
    if args.resume:
        config, out = resumed_config(args), args.out
    else:
        config = new_config(args)
        out = agreed(args.out or free_folder(Path("runs"), [config.model, Path(config.data).name]))
    try:
        history = train_run(
            config, out, resume=args.resume, progress=not args.quiet, minutes=args.checkpoint_minutes,
            accept_edits=args.accept_edits, check_finite=args.check_finite,
        )  # fmt: skip
    except KeyboardInterrupt as stop:
        if not (out / "config.json").exists():
            number = getattr(stop, "number", signal.SIGINT)
            raise Stopped("stopped before the first step; nothing was kept", number) from None
        print(f"next: minialex train --resume --out {quote(str(out))}")
        raise
    print(result_text(history, out, len(RunConfig.read(out).classes), quiet=args.quiet))
    return 0


def evaluate(args: Namespace) -> int:
    """Print the errors of a run's best net on validation images, or of the mean output of several runs."""
    check_different(args.runs)
    runs = [opened(args, folder) for folder in args.runs]
    if len(runs) == 1:
        evaluate_one(args, runs[0])
    else:
        evaluate_several(args, runs)
    return 0


def predict(args: Namespace) -> int:
    """Print the most probable labels of image files."""
    if args.out:
        if len(args.images) > 32:
            got = len(args.images)
            raise expected("--out", "32 images at most in a picture", got, "give fewer", WrongArgument)
        check_picture(args.out)
    predictor = predictor_of(args)
    images = predictor.read(args.images)
    p = predictor.probabilities(images)
    if args.out and is_first():
        draw_answers(args.out, predictor.read(args.images, least=DRAWN), p, predictor.labels, args.top)
    result = answers(predictor, args.images, p, args.top)
    print(json.dumps(result) if args.json else "\n".join(map(bars, result)))
    return 0


def predictor_of(args: Namespace) -> Predictor:
    """Return the net that a command names, a run's or one from a file of weights, with its labels."""
    if is_weights(args.run):
        devices = as_wrong_argument(devices_from, args.devices or "cpu", args.workers)
        predictor = from_weights(args.run, devices)
        predictor = predictor._replace(net=split_over(predictor.net, args.devices or "cpu"))
    else:
        predictor = opened(args, args.run).predictor
    return predictor.with_labels(args.labels) if args.labels else predictor


def opened(args: Namespace, folder: Path) -> Run:
    """Open the run in a folder, on the devices of the command's options or else of the run."""
    config = RunConfig.read(folder).in_one_process()
    given = {name: value for name in ("devices", "workers") if (value := getattr(args, name)) is not None}
    if given:
        config = replace(config, **given)
        check_devices(config)
    return load_run(folder, config)
