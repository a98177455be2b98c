"""What the commands `bench` and `reproduce` do."""

import json
from argparse import Namespace
from pathlib import Path

from minialex.cli.checks import WrongArgument, known_data, known_recipe


def bench(args: Namespace) -> int:
    from minialex.lab.bench.compare import as_table, bench

    known_recipe(args.model, "paper")
    if args.loading:
        return bench_loading(args)
    model = {"alexnet": "alexnet_single"}.get(args.model, args.model)  # one sequence of layers, as PyTorch's twin has
    if model == "small_alexnet":
        raise WrongArgument("bench: small_alexnet is a net of two groups without a twin; use alexnet or cifar_80sec")
    found = bench(
        model, batch=args.batch, repetitions=args.repetitions, against=args.against, lrn=not args.without_lrn,
        inference=args.inference, workers=args.workers,
    )  # fmt: skip
    print(json.dumps(found) if args.json else as_table(found))
    return 0


def bench_loading(args: Namespace) -> int:
    from minialex.lab.bench.loading import as_table, bench_loading

    if args.inference or args.without_lrn:
        raise WrongArgument("--loading: expected without --inference and --without-lrn, got one of them; leave it out")
    if not args.loading.is_dir():
        raise WrongArgument(f"--loading: expected a folder of images, got {args.loading}; check it")
    found = bench_loading(
        args.model, args.loading, batch=args.batch, repetitions=args.repetitions, workers=args.workers
    )
    print(json.dumps(found) if args.json else as_table(found))
    return 0


def two_groups(args: Namespace) -> int:
    from minialex.lab.two_groups import two_groups

    out = args.out or Path("runs") / "two-groups"
    print(two_groups(out, data=known_data(args.data), epochs=args.epochs, limit=args.limit, seeds=args.seeds))
    print(f"kept in {out}/table.md and {out}/results.json")
    return 0


def init(args: Namespace) -> int:
    from minialex.lab.initialization import init

    out = args.out or Path("runs") / "init"
    print(init(out, data=known_data(args.data), images=args.images))
    print(f"kept in {out}/table.md, {out}/results.json and {out}/init.png")
    return 0
