"""The evaluation of one run, or of several together."""

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from minialex.checks import expected
from minialex.cli.known_arguments import known_data
from minialex.cli.report import draw_confusion, report, several_text
from minialex.cli.wrong_arguments import WrongArgument
from minialex.data import Dataset
from minialex.devices.mpi import is_first
from minialex.files.atomic import os_error_message
from minialex.training.ensemble import judge_mean
from minialex.training.opened import Run
from minialex.training.run_data import load_data, other_classes_text


def evaluate_one(args: Namespace, run: Run) -> None:
    """Print the errors of a run, and draw its confusion matrix."""
    dataset = images_for(args, run)
    errors, confusion = run.judge(dataset.val, args.views)
    if args.json:
        print(json.dumps(errors))
    else:
        one = run.judge(dataset.val, 1)[0] if args.views > 1 else None
        print(report(errors, confusion, run.classes, one))
        print(two_views_text([run], args.views), end="")
    if not is_first():
        return
    try:
        title = f"{run.config.model} on {dataset.name}, {errors['images']:,} validation images"
        picture = draw_confusion(run.folder, confusion, run.classes, title)
    except OSError as error:  # the folder may be read-only: the errors are what was asked for
        print(f"minialex evaluate: no picture: {os_error_message(error)}", file=sys.stderr)
    else:
        print("" if args.json else f"picture: {picture}\n", end="")


def evaluate_several(args: Namespace, runs: Sequence[Run]) -> None:
    """Print the errors of the mean of the runs' softmax outputs (Table 2 of the paper), and those of each run."""
    check_alike(args, runs)
    sizes = {run.config.scale: run for run in runs}  # images of one size are loaded once
    splits = {scale: images_for(args, run).val for scale, run in sizes.items()}

    def judged(views: int):
        return judge_mean((run.probabilities(splits[run.config.scale], views) for run in runs), views)

    errors, confusion, each = judged(args.views)
    rows = [{"run": str(run.folder), **own} for run, own in zip(runs, each, strict=True)]
    if args.json:
        shown = ("run", "top1_error", "top5_error", "loss")
        print(json.dumps({**errors, "runs": [{name: row[name] for name in shown} for row in rows]}))
        return
    one = judged(1)[0] if args.views > 1 else None
    print(several_text(errors, rows, len(runs[0].classes)))
    print(report(errors, confusion, runs[0].classes, one))
    print(two_views_text(runs, args.views), end="")


def images_for(args: Namespace, run: Run) -> Dataset:
    """Load the images that a run is evaluated on; unless --limit says otherwise, with the run's own limit."""
    other = known_data(args.data) if args.data else None
    limit = args.limit or (None if other else run.config.limit)
    return load_data(run.config, run.folder, other=other, limit=limit, reported=("val", "test"))


def two_views_text(runs: Sequence[Run], views: int) -> str:
    """Return a line where ten views of the images are two, else nothing."""
    if views != 10 or any(run.config.scale != run.config.image_size for run in runs):
        return ""
    return "the images are no larger than the views: these are two, the image and its reflection, as with --views 2\n"


def check_different(folders: Sequence[Path]) -> None:
    """Check that no run is named twice, which would only give it more weight."""
    names = [folder.resolve() for folder in folders]
    for n, folder in enumerate(folders):
        if names[n] in names[:n]:
            raise expected("RUN", "different runs", f"{folder} twice", "leave one of them out", WrongArgument)


def check_alike(args: Namespace, runs: Sequence[Run]) -> None:
    """Check that the runs have the same classes and, unless the options name them, the same images."""
    first, *others = runs
    for run in others:
        if run.classes != first.classes:
            what = f"the {len(first.classes)} classes of {first.folder}"
            raise expected(run.folder, what, other_classes_text(first.classes, run.classes), "evaluate it alone")
        for name, is_given in (("data", args.data), ("limit", args.limit or args.data)):
            own, of_first = getattr(run.config, name), getattr(first.config, name)
            if own != of_first and not is_given:
                what, advice = f"the {name} of {first.folder}, {of_first}", f"choose with --{name}"
                raise expected(run.folder, what, own, advice)
