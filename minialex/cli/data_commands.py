"""The commands `minialex data ...`."""

from argparse import Namespace
from shlex import quote

from minialex import data
from minialex.checks import did_you_mean, expected
from minialex.cli.known_arguments import known_data
from minialex.cli.wrong_arguments import WrongArgument, as_wrong_argument, check_is_folder
from minialex.data.folders import subset as subsets
from minialex.data.idx.mnist import NAMES as MNIST
from minialex.data.imagenet.ilsvrc import unpack_ilsvrc
from minialex.data.prepared.prepare import check_counts
from minialex.data.prepared.prepared import check_unprepared

SMALLEST = 8  # pixels of a side that small_alexnet reads


def get(args: Namespace) -> int:
    """Download a data set."""
    names = ("cifar10", *MNIST)
    if args.source not in names:
        advice = did_you_mean(args.source, names) or "shapes are drawn, folders are yours"
        raise expected("data get", f"one of {', '.join(names)}", repr(args.source), advice, WrongArgument)
    path = data.get_cifar10() if args.source == "cifar10" else data.get_mnist(args.source)
    print(f"{args.source} is in {path}; next: minialex train --model cifar_80sec --data {args.source}")
    return 0


def info(args: Namespace) -> int:
    """Describe images."""
    source = known_data(args.source)
    print(data.describe(data.load(source), data.originals(source)))
    return 0


def prepare(args: Namespace) -> int:
    """Write the images of a folder as squares of one size."""
    as_wrong_argument(check_counts, args.size, args.workers)
    check_is_folder(args.folder)
    print(data.prepare(args.folder, args.out, size=args.size, workers=args.workers))
    side = round(args.size * 7 / 8)
    if args.size < SMALLEST:
        print(f"next         images of {SMALLEST} pixels at least, for a net to read: prepare with a larger --size")
        return 0
    smaller = f"--image-size {side} --augment crop reflection" if side >= SMALLEST else f"--image-size {args.size}"
    options = "--model alexnet" if args.size == 256 else smaller
    print(f"next         minialex train {options} --data {quote(str(args.out))}")
    return 0


def subset(args: Namespace) -> int:
    """Link to some classes and images of a folder."""
    check_is_folder(args.folder)
    check_unprepared(args.folder)
    print(subsets.subset(args.folder, args.out, classes=args.classes, per_class=args.per_class, labels=args.labels))
    return 0


def unpack(args: Namespace) -> int:
    """Unpack the archives of ILSVRC-2012."""
    check_is_folder(args.folder)
    print(unpack_ilsvrc(args.folder, args.out, classes=args.classes))
    return 0
