"""The command line: what each command takes. What each one does is in `commands.py`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from minialex import commands
from minialex.lab import commands as lab

EXAMPLES = {
    "train": """
  minialex train                                      the drawn shapes, under two minutes
  minialex train --model cifar_80sec --data cifar10 --epochs 14 --divide-after 12
  minialex train --data FOLDER --out runs/mine        FOLDER/train/<class>/*.jpg and FOLDER/val/<class>/*.jpg
  minialex train --resume --out runs/mine --epochs 20""",
    "evaluate": """
  minialex evaluate runs/mine
  minialex evaluate runs/mine --data FOLDER --json""",
    "predict": """
  minialex predict runs/mine cat.jpg dog.png --top 3
  minialex predict alexnet.safetensors cat.jpg --labels imagenet.txt --out cat.png""",
    "summary": """
  minialex summary alexnet
  minialex summary cifar_80sec --batch 128 --json""",
    "gradcheck": """
  minialex gradcheck                 every layer, in its usual setting
  minialex gradcheck LRN --all       one layer, in all settings
  minialex gradcheck my_layer.py     your own; the file has example(rng), which returns (layer, x)""",
    "bench": """
  minialex bench                                          the paper's net, batch 128; takes minutes
  minialex bench cifar_80sec --json
  minialex bench alexnet --batch 1 --inference""",
    "reproduce": """
  minialex reproduce two-groups --data cifar10
  minialex reproduce two-groups --data shapes --limit 2000 --epochs 2 --seeds 2      to try it out""",
    "data": """
  minialex data get cifar10
  minialex data info shapes
  minialex data info FOLDER""",
}


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns 0, or 1 for a failure, or 2 for a wrong argument."""
    args = parser().parse_args(arguments)
    try:
        return args.command(args)
    except commands.WrongArgument as error:
        return complain(args, error, 2)
    except (ValueError, RuntimeError, OSError, MemoryError) as error:
        return complain(args, error, 1)
    except KeyboardInterrupt:
        return complain(args, InterruptedError("stopped; the epochs that were finished are kept"), 130)


def complain(args: argparse.Namespace, error: Exception, status: int) -> int:
    if args.debug:
        raise error
    message = " ".join(str(error).split()) or "not enough memory; use a smaller --batch or --limit"
    print(f"minialex {args.name}: {message}", file=sys.stderr)
    return status


def parser() -> argparse.ArgumentParser:
    top = Parser(prog="minialex", description="AlexNet (2012) as a book you can run.")
    verbs = top.add_subparsers(required=True, metavar="COMMAND", title="commands")

    def add(name: str, command, text: str) -> argparse.ArgumentParser:
        p = verbs.add_parser(
            name, help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=f"examples:{EXAMPLES[name]}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        p.set_defaults(command=command, name=name)
        p.add_argument("--debug", action="store_true", help="show the traceback of a failure")
        return p

    # fmt: off
    p = add("train", commands.train, "train a net and keep the run in a folder")
    p.add_argument("--model",               help="small_alexnet (default), alexnet, cifar_80sec, ...")
    p.add_argument("--preset",              help="paper (default), source or caffe: initialization, rates and norms")
    p.add_argument("--data",                help="shapes (default), cifar10, or a folder with train/<class>/*.jpg")
    p.add_argument("--image-size", type=whole, metavar="N", help="pixels (the model's own)")
    p.add_argument("--devices",             help="cpu (default); a group each: cpu:0,cpu:1 or cuda:0,cuda:1")
    p.add_argument("--workers", type=whole, metavar="N", help="threads of the cpu (all cores)")
    p.add_argument("--epochs", type=whole,  metavar="N", help="passes over the training images (the model's own)")
    p.add_argument("--batch", type=whole,   metavar="N", help="images a step (128)")
    p.add_argument("--lr", type=positive,   metavar="X", help="learning rate of the weights (the model's own)")
    p.add_argument("--divide-after", type=whole, nargs="+", metavar="EPOCH", help="divide the rate by 10 after these")
    p.add_argument("--seed", type=seed,     metavar="N", help="of initial weights, dropout and the order of images (0)")
    p.add_argument("--limit", type=whole,   metavar="N", help="at most so many training images, and validation images")
    p.add_argument("--out", type=Path,      metavar="DIR", help="the run's folder (runs/MODEL-DATA-1, -2, ...)")
    p.add_argument("--resume", action="store_true", help="go on with the run in --out; only --epochs may change")

    p = add("evaluate", commands.evaluate, "top-1 and top-5 errors of a run's best net on validation images")
    p.add_argument("run", type=Path,        metavar="RUN", help="the run's folder")
    p.add_argument("--data",                help="other data than the run's: shapes, cifar10 or a folder")
    p.add_argument("--views", type=int, choices=[1], default=1, help="views of each image (1: the image as it is)")
    p.add_argument("--limit", type=whole,   metavar="N", help="at most so many images (as in the run)")
    p.add_argument("--devices",             help="cpu, cuda:0, ... (the run's own)")
    p.add_argument("--workers", type=whole, metavar="N", help="threads of the cpu (all cores)")
    p.add_argument("--json", action="store_true", help="print JSON")

    p = add("predict", commands.predict, "the likeliest labels of images")
    p.add_argument("run", type=Path,        metavar="RUN | WEIGHTS", help="the run's folder, or a file of weights")
    p.add_argument("images", type=Path, nargs="+", metavar="IMAGE", help="image files")
    p.add_argument("--labels", type=Path,   metavar="FILE", help="names of the classes, one a line (the run's)")
    p.add_argument("--top", type=whole, default=5, metavar="K", help="labels to show of each image (5)")
    p.add_argument("--out", type=Path,      metavar="FILE.png", help="save images and labels as a picture")
    p.add_argument("--devices",             help="cpu, cuda:0, ... (the run's own, or cpu)")
    p.add_argument("--workers", type=whole, metavar="N", help="threads of the cpu (all cores)")
    p.add_argument("--json", action="store_true", help="print JSON")

    p = add("summary", commands.summary, "the table of a net: shapes, parameters, multiply-adds, bytes")
    p.add_argument("model",                 metavar="MODEL", help="alexnet, cifar_80sec, ...")
    p.add_argument("--preset", default="paper", help="paper (default), source or caffe")
    p.add_argument("--image-size", type=whole, metavar="N", help="pixels (the model's own)")
    p.add_argument("--classes", type=whole, metavar="N", help="classes (the model's own)")
    p.add_argument("--batch", type=whole, default=1, metavar="N", help="images for which bytes are counted (1)")
    p.add_argument("--json", action="store_true", help="print JSON")

    p = add("gradcheck", commands.gradcheck, "check gradients by finite differences")
    p.add_argument("layer", nargs="?",      metavar="LAYER | FILE.py", help="one layer (all), or a file with your own")
    p.add_argument("--all", action="store_true", help="every setting of a layer, not only the usual one")

    p = add("data", commands.data, "download a data set, or describe one")
    p.add_argument("action", choices=["get", "info"], help="download it, or describe what is there")
    p.add_argument("source",                metavar="NAME_OR_FOLDER", help="shapes, cifar10 or a folder")

    p = add("bench", lab.bench, "time a training step, ours against PyTorch's where it is installed")
    p.add_argument("model", nargs="?", default="alexnet", metavar="MODEL", help="alexnet (default), cifar_18pct, ...")
    p.add_argument("--batch", type=whole, default=128, metavar="N", help="images a step (128)")
    p.add_argument("--against", choices=["torch", "none"], default="torch", help="torch (default), or ours alone")
    p.add_argument("--repetitions", type=whole, default=5, metavar="N", help="of each side, after one to warm up (5)")
    p.add_argument("--inference", action="store_true", help="the forward pass alone")
    p.add_argument("--without-lrn", action="store_true", help="leave response normalization out on both sides")
    p.add_argument("--workers", type=whole, metavar="N", help="threads of each side (all cores)")
    p.add_argument("--json", action="store_true", help="print JSON")

    p = add("reproduce", lab.reproduce, "run an experiment of the paper and print its table")
    p.add_argument("figure", choices=["two-groups"], help="section 3.2: groups that talk, silent ones, half a net")
    p.add_argument("--data", default="cifar10", help="cifar10 (default), shapes or a folder")
    p.add_argument("--epochs", type=whole, default=8, metavar="N", help="of each training (8)")
    p.add_argument("--limit", type=whole,   metavar="N", help="at most so many training images")
    p.add_argument("--seeds", type=whole, default=3, metavar="N", help="trainings of each net (3)")
    p.add_argument("--out", type=Path,      metavar="DIR", help="where results are kept (runs/two-groups)")
    # fmt: on
    return top


def whole(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def seed(text: str) -> int:
    """A whole number from 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0, got {text!r}")
    return int(text)


def positive(text: str) -> float:
    """A finite number above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return number
