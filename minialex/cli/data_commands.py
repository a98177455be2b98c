"""What the commands `minialex data ...` do."""

from argparse import Namespace
from pathlib import Path
from shlex import quote

from minialex.cli.checks import WrongArgument, known_data


def get(args: Namespace) -> int:
    from minialex.data import get_cifar10

    if args.source != "cifar10":
        raise WrongArgument(f"data get: expected cifar10, got {args.source!r}; shapes are drawn, folders are yours")
    print(f"cifar10 is in {get_cifar10()}; next: minialex train --model cifar_80sec --data cifar10")
    return 0


def info(args: Namespace) -> int:
    from minialex.data import describe, load

    print(describe(load(known_data(args.source))))
    return 0


def prepare(args: Namespace) -> int:
    from minialex.data import prepare

    check_folder(args.folder)
    print(prepare(args.folder, args.out, size=args.size, workers=args.workers))
    some = (
        "--model alexnet" if args.size == 256 else f"--image-size {round(args.size * 7 / 8)} --augment crop reflection"
    )
    print(f"next         minialex train {some} --data {quote(str(args.out))}")
    return 0


def subset(args: Namespace) -> int:
    from minialex.data.folders.subset import subset
    from minialex.data.prepared.prepared import check_unprepared

    check_folder(args.folder)
    check_unprepared(args.folder)
    print(subset(args.folder, args.out, classes=args.classes, per_class=args.per_class, labels=args.labels))
    return 0


def unpack(args: Namespace) -> int:
    from minialex.data.imagenet.ilsvrc import unpack_ilsvrc

    check_folder(args.folder)
    print(unpack_ilsvrc(args.folder, args.out, classes=args.classes))
    return 0


def check_folder(folder: Path) -> None:
    """Checks that the folder is there, before anything is done."""
    if not folder.is_dir():
        came = "a file" if folder.exists() else "a path that is absent"
        raise WrongArgument(f"{folder}: expected a folder, got {came}; check it")
