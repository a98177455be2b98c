"""The command `minialex bench`."""

import json
import sys
from argparse import Namespace
from importlib.util import find_spec

from minialex.checks import expected
from minialex.cli.wrong_arguments import WrongArgument, as_wrong_argument, check_is_folder
from minialex.lab.bench import compare, loading, report
from minialex.models import recipe


def bench(args: Namespace) -> int:
    """Time a training step of a model, or with --loading the stages from the photograph to the step."""
    r = as_wrong_argument(recipe, args.model)
    if args.loading:
        return bench_loading(args)
    model = r.twin or args.model  # the twin on one device, where there is one: each layer is timed
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
