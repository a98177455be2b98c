"""What each command of the command line takes."""

import argparse
from collections.abc import Callable
from pathlib import Path

from minialex.cli import commands
from minialex.cli import data_commands as data
from minialex.cli import lab_commands as lab
from minialex.cli.types import names, positive, seed, whole

EXAMPLES = {
    "train": """
  minialex train                                      the drawn shapes, under two minutes
  minialex train --model cifar_80sec --data cifar10 --epochs 14 --divide-after 12
  minialex train --data FOLDER --out runs/mine        FOLDER/train/<class>/*.jpg and FOLDER/val/<class>/*.jpg
  minialex train --model alexnet --data PREPARED      a folder that minialex data prepare has made
  minialex train --augment crop reflection --image-size 64 --data FOLDER
  minialex train --resume --out runs/mine --epochs 20""",
    "evaluate": """
  minialex evaluate runs/mine
  minialex evaluate runs/mine --views 10
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
  minialex bench alexnet --batch 1 --inference
  minialex bench alexnet --loading FOLDER                 from the photograph to the step, stage by stage""",
    "reproduce": """
  minialex reproduce two-groups --data cifar10
  minialex reproduce two-groups --data shapes --limit 2000 --epochs 2 --seeds 2      to try it out
  minialex reproduce init --data FOLDER""",
    "data": """
  minialex data get cifar10
  minialex data info FOLDER
  minialex data prepare FOLDER --out PREPARED
  minialex data subset FOLDER --classes cat,dog --per-class 100 --out DIR
  minialex data unpack FOLDER --out DIR               the archives of ILSVRC-2012""",
}


def add_commands(top: argparse.ArgumentParser) -> None:
    """All commands, in the order in which a user meets them."""
    verbs = top.add_subparsers(required=True, metavar="COMMAND", title="commands")
    for add in (
        add_train, add_evaluate, add_predict, add_summary, add_gradcheck, add_data, add_bench, add_reproduce,
    ):  # fmt: skip
        add(verbs)


# fmt: off
def add_train(verbs) -> None:
    p = adding(verbs, "train", "train a net and keep the run in a folder", commands.train)
    p.add_argument("--model",               help="small_alexnet (default), alexnet, cifar_80sec, ...")
    p.add_argument("--preset",              help="paper (default), source or caffe: initialization, rates and norms")
    p.add_argument("--data",                help="shapes (default), cifar10, or a folder with train/<class>/*.jpg")
    p.add_argument("--image-size", type=whole, metavar="N", help="pixels (the model's own)")
    p.add_argument("--devices",             help="cpu (default); a group each: cpu:0,cpu:1 or cuda:0,cuda:1")
    p.add_argument("--workers", type=whole, metavar="N", help="threads of the cpu (all cores)")
    p.add_argument("--epochs", type=whole,  metavar="N", help="passes over the training images (the model's own)")
    p.add_argument("--batch", type=whole,   metavar="N", help="images a step (128)")
    p.add_argument("--lr", type=positive,   metavar="X", help="learning rate of the weights (the model's own)")
    p.add_argument("--augment", nargs="+", metavar="NAME",
                   help="crop, reflection, colour, rotation, scaling, shift, or none (the preset's)")
    p.add_argument("--scale", type=whole,   metavar="N", help="pixels of the images that crops are taken from")
    p.add_argument("--divide-after", type=whole, nargs="+", metavar="EPOCH", help="divide the rate by 10 after these")
    p.add_argument("--seed", type=seed,     metavar="N", help="of initial weights, dropout and the order of images (0)")
    p.add_argument("--limit", type=whole,   metavar="N", help="at most so many training images, and validation images")
    p.add_argument("--out", type=Path,      metavar="DIR", help="the run's folder (runs/MODEL-DATA-1, -2, ...)")
    p.add_argument("--resume", action="store_true", help="go on with the run in --out; only --epochs may change")


def add_evaluate(verbs) -> None:
    p = adding(verbs, "evaluate", "top-1 and top-5 errors of a run's best net on validation images", commands.evaluate)
    p.add_argument("run", type=Path,        metavar="RUN", help="the run's folder")
    p.add_argument("--data",                help="other data than the run's: shapes, cifar10 or a folder")
    p.add_argument("--views", type=int, choices=[1, 10], default=1,
                   help="1, the centre (default), or 10: corners and centre and their reflections, averaged")
    p.add_argument("--limit", type=whole,   metavar="N", help="at most so many images (as in the run)")
    p.add_argument("--devices",             help="cpu, cuda:0, ... (the run's own)")
    p.add_argument("--workers", type=whole, metavar="N", help="threads of the cpu (all cores)")
    p.add_argument("--json", action="store_true", help="print JSON")


def add_predict(verbs) -> None:
    p = adding(verbs, "predict", "the likeliest labels of images", commands.predict)
    p.add_argument("run", type=Path,        metavar="RUN | WEIGHTS", help="the run's folder, or a file of weights")
    p.add_argument("images", type=Path, nargs="+", metavar="IMAGE", help="image files")
    p.add_argument("--labels", type=Path,   metavar="FILE", help="names of the classes, one a line (the run's)")
    p.add_argument("--top", type=whole, default=5, metavar="K", help="labels to show of each image (5)")
    p.add_argument("--out", type=Path,      metavar="FILE.png", help="save images and labels as a picture")
    p.add_argument("--devices",             help="cpu, cuda:0, ... (the run's own, or cpu)")
    p.add_argument("--workers", type=whole, metavar="N", help="threads of the cpu (all cores)")
    p.add_argument("--json", action="store_true", help="print JSON")


def add_summary(verbs) -> None:
    p = adding(verbs, "summary", "the table of a net: shapes, parameters, multiply-adds, bytes", commands.summary)
    p.add_argument("model",                 metavar="MODEL", help="alexnet, cifar_80sec, ...")
    p.add_argument("--preset", default="paper", help="paper (default), source or caffe")
    p.add_argument("--image-size", type=whole, metavar="N", help="pixels (the model's own)")
    p.add_argument("--classes", type=whole, metavar="N", help="classes (the model's own)")
    p.add_argument("--batch", type=whole, default=1, metavar="N", help="images for which bytes are counted (1)")
    p.add_argument("--json", action="store_true", help="print JSON")


def add_gradcheck(verbs) -> None:
    p = adding(verbs, "gradcheck", "check gradients by finite differences", commands.gradcheck)
    p.add_argument("layer", nargs="?",      metavar="LAYER | FILE.py", help="one layer (all), or a file with your own")
    p.add_argument("--all", action="store_true", help="every setting of a layer, not only the usual one")


def add_data(verbs) -> None:
    parser = adding(verbs, "data", "download, prepare or describe images")
    actions = parser.add_subparsers(required=True, metavar="ACTION", title="actions")
    p = adding(actions, "get", "download a data set", data.get)
    p.add_argument("source", metavar="cifar10", help="the only one; shapes are drawn, folders are yours")

    p = adding(actions, "info", "describe images: classes, numbers, sizes", data.info)
    p.add_argument("source", metavar="NAME_OR_FOLDER", help="shapes, cifar10 or a folder")

    p = adding(actions, "prepare", "write the images of a folder as squares of one size, to train from", data.prepare)
    p.add_argument("folder", type=Path, metavar="FOLDER", help="with train/<class>/*.jpg and val/<class>/*.jpg")
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="where they go; a stopped one goes on")
    p.add_argument("--size", type=whole, default=256, metavar="N", help="pixels of a side (256)")
    p.add_argument("--workers", type=whole, metavar="N", help="threads (all cores, for photographs)")

    p = adding(actions, "subset", "link to some classes and images of a folder", data.subset)
    p.add_argument("folder", type=Path, metavar="FOLDER", help="with train/<class>/*.jpg and val/<class>/*.jpg")
    p.add_argument("--classes", type=names, required=True, metavar="A,B,C", help="names of classes, or words of theirs")
    p.add_argument("--per-class", type=whole, metavar="N", help="at most so many images of each, in both parts (all)")
    p.add_argument("--labels", type=Path, metavar="FILE", help="the words: lines such as n02123045 tabby, tabby cat")
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")

    p = adding(actions, "unpack", "unpack the archives of ILSVRC-2012", data.unpack)
    p.add_argument("folder", type=Path, metavar="FOLDER", help="with the three archives (docs/data.md)")
    p.add_argument("--classes", type=names, metavar="A,B,C", help="only these classes")
    p.add_argument("--out", type=Path, required=True, metavar="DIR", help="where images go; a stopped one goes on")


def add_bench(verbs) -> None:
    p = adding(verbs, "bench", "time a training step, ours against PyTorch's where it is installed", lab.bench)
    p.add_argument("model", nargs="?", default="alexnet", metavar="MODEL", help="alexnet (default), cifar_18pct, ...")
    p.add_argument("--batch", type=whole, default=128, metavar="N", help="images a step (128)")
    p.add_argument("--against", choices=["torch", "none"], default="torch", help="torch (default), or ours alone")
    p.add_argument("--repetitions", type=whole, default=5, metavar="N", help="of each side, after one to warm up (5)")
    p.add_argument("--inference", action="store_true", help="the forward pass alone")
    p.add_argument("--loading", type=Path,  metavar="FOLDER", help="time the way from these images to the step instead")
    p.add_argument("--without-lrn", action="store_true", help="leave response normalization out on both sides")
    p.add_argument("--workers", type=whole, metavar="N", help="threads of each side (all cores)")
    p.add_argument("--json", action="store_true", help="print JSON")


def add_reproduce(verbs) -> None:
    parser = adding(verbs, "reproduce", "run an experiment of the paper: its table or picture")
    figures = parser.add_subparsers(required=True, metavar="FIGURE", title="figures")
    p = adding(figures, "two-groups", "section 3.2: groups that talk, silent ones, half a net", lab.two_groups)
    p.add_argument("--data", default="cifar10", help="cifar10 (default), shapes or a folder")
    p.add_argument("--epochs", type=whole, default=8, metavar="N", help="of each training (8)")
    p.add_argument("--limit", type=whole, metavar="N", help="at most so many training images")
    p.add_argument("--seeds", type=whole, default=3, metavar="N", help="trainings of each net (3)")
    p.add_argument("--out", type=Path, metavar="DIR", help="where results are kept (runs/two-groups)")

    p = adding(
        figures, "init", "section 5: the signal through the untrained layers, by preset and input scale", lab.init
    )
    p.add_argument("--data", default="shapes", help="shapes (default), cifar10 or a folder; best are photographs")
    p.add_argument("--images", type=whole, default=16, metavar="N", help="how many go through the net (16)")
    p.add_argument("--out", type=Path, metavar="DIR", help="where table and picture are kept (runs/init)")


# fmt: on
def adding(verbs, name: str, text: str, command: Callable | None = None) -> argparse.ArgumentParser:
    """A command, or one under it, with its help and its examples."""
    p = verbs.add_parser(
        name, help=text, description=f"{text[0].upper()}{text[1:]}.",
        epilog=f"examples:{EXAMPLES[name]}" if name in EXAMPLES else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    if command is not None:
        p.set_defaults(command=command, name=p.prog.removeprefix("minialex "))
        p.add_argument("--debug", action="store_true", help="show the traceback of a failure")
    return p
