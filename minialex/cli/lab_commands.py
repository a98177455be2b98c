"""The commands `minialex bench` and `minialex reproduce ...`."""

import json
import sys
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path

from minialex.checks import expected
from minialex.cli.known_arguments import known_data
from minialex.cli.wrong_arguments import WrongArgument, as_wrong_argument, check_is_folder, check_picture
from minialex.lab import initialization
from minialex.lab import transfer as fine_tuning
from minialex.lab import two_groups as section_3_2
from minialex.lab.bench import compare, loading, report
from minialex.models import recipe

RUNS = Path("runs")


def bench(args: Namespace) -> int:
    """Time a training step of a model, or with --loading the stages from the photograph to the step."""
    r = as_wrong_argument(recipe, args.model)
    if args.loading:
        return bench_loading(args)
    model = args.model if r.groups == 1 else r.twin  # one sequence of layers, as PyTorch's side has
    if model is None:
        advice = "use alexnet or cifar_80sec"
        raise WrongArgument(f"bench: {args.model} is a net of two groups without a twin on one device; {advice}")
    against = args.against or ("torch" if find_spec("torch") else "none")
    if args.against is None and against == "none":
        print("PyTorch is not installed: ours alone", file=sys.stderr)
    result = compare.bench(
        model,
        batch=args.batch,
        repetitions=args.repetitions,
        against=against,
        lrn=not args.without_lrn,
        inference=args.inference,
        workers=args.workers,
    )
    print(json.dumps(result) if args.json else report.as_table(result))
    return 0


def bench_loading(args: Namespace) -> int:
    """Time the stages from the photograph to the step."""
    if args.inference or args.without_lrn:
        what = "without --inference and --without-lrn"
        raise expected("--loading", what, "one of them", "leave it out", WrongArgument)
    check_is_folder(args.loading)
    result = loading.bench_loading(
        args.model, args.loading, batch=args.batch, repetitions=args.repetitions, workers=args.workers
    )
    print(json.dumps(result) if args.json else loading.as_table(result))
    return 0


def two_groups(args: Namespace) -> int:
    """Run the experiment of section 3.2."""
    out, data = args.out or RUNS / "two-groups", known_data(args.data)
    print(section_3_2.two_groups(out, data=data, epochs=args.epochs, limit=args.limit, seeds=args.seeds))
    print(f"kept in {out}/table.md and {out}/results.json")
    return 0


def transfer(args: Namespace) -> int:
    """Run the experiment on few images of other classes."""
    out, names = args.out or RUNS / "transfer", ("epochs", "limit", "images", "steps", "seeds")
    settings = {name: getattr(args, name) for name in names}
    print(fine_tuning.transfer(out, data=known_data(args.data), size=args.image_size, **settings))
    print(f"kept in {out}/table.md and {out}/results.json")
    return 0


def init(args: Namespace) -> int:
    """Run the experiment on initial weights of section 5."""
    out = args.out or RUNS / "init"
    print(initialization.init(out, data=known_data(args.data), images=args.images))
    print(f"kept in {out}/table.md, {out}/results.json and {out}/init.png")
    return 0


def augmentation(args: Namespace) -> int:
    """Draw the augmentation of section 4.1."""
    from minialex.lab.augmentation import draw_augmentation  # late: matplotlib takes half a second

    out = args.out or RUNS / "augmentation.png"
    check_picture(out)
    if args.out is None:
        RUNS.mkdir(exist_ok=True)
    draw_augmentation(out, photograph=args.photograph)
    print(f"picture: {out}")
    return 0
