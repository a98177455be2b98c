"""The commands and their options; each command names its file: "run" stands for `run_commands.py`."""

import argparse

from minialex.cli.adding import adding
from minialex.cli.reproduce_arguments import add_reproduce
from minialex.cli.types import count, fraction, init_rule, names, number_of_ranks, path, rate, seed


def add_commands(top: argparse.ArgumentParser) -> None:
    """Add all commands, in the order in which a user meets them."""
    verbs = top.add_subparsers(metavar="COMMAND", title="commands")
    for add in (
        add_train, add_evaluate, add_predict, add_models, add_summary, add_gradcheck, add_new_layer, add_grade,
        add_data, add_bench, add_reproduce,
    ):  # fmt: skip
        add(verbs)


# fmt: off
def add_train(verbs) -> None:
    p = adding(verbs, "train", "train a net and keep the run in a folder", "run")
    p.add_argument("--model", help="small_alexnet (default), alexnet, alexnet_single, torchvision_alexnet, "
                   "cifar_80sec, cifar_18pct, cifar_13pct, cifar_11pct, cifar_fast, cifar_airbench: minialex models")
    p.add_argument("--width", type=count,   metavar="N", help="kernels of cifar_airbench's first block (32)")
    p.add_argument("--preset",              help="paper (default), source or caffe: initialization, rates and norms")
    p.add_argument("--data",                help="shapes (default), cifar10, mnist, fashion-mnist, a folder")
    p.add_argument("--image-size", type=count, metavar="N", help="pixels (the model's own)")
    add_places(p)
    add_rule(p)
    p.add_argument("--augment", nargs="+", metavar="NAME",
                   help="crop, reflection (flip), colour, rotation, scaling, shift, upside-down, image-colour, "
                        "alternating-reflection (in every second epoch), reflected-shift, or none (the preset's)")
    p.add_argument("--scale", type=count,   metavar="N", help="pixels of the images that crops are taken from")
    p.add_argument("--standardize", action=argparse.BooleanOptionalAction,
                   help="divide by the deviation of each channel too; goes with He and Xavier weights")
    p.add_argument("--weights", type=path,  metavar="FILE | RUN", help="begin with these: a file or a run's folder")
    p.add_argument("--freeze", type=names,  metavar="A,B,C", help="layers that keep their weights: conv1,conv2")
    p.add_argument("--lr-factor", type=names, metavar="A=X,B=Y", help="factors of layers' rates: fc8=10")
    p.add_argument("--init", type=init_rule, metavar="RULE", help="initial weights: he, xavier or their deviation")
    p.add_argument("--seed", type=seed,     metavar="N", help="of initial weights, dropout and the order of images (0)")
    p.add_argument("--limit", type=count,   metavar="N", help="at most so many training images, and validation images")
    add_folder(p)


def add_folder(p: argparse.ArgumentParser) -> None:
    p.add_argument("--out", type=path,      metavar="DIR", help="the run's folder (runs/MODEL-DATA-1, -2, ...)")
    p.add_argument("--resume", action="store_true", help="continue the run in --out; --epochs and --devices may change")
    p.add_argument("--accept-edits", action="store_true",
                   help="with --resume: go on with an edited config.json as it is, and write metrics.csv anew")
    p.add_argument("--checkpoint-minutes", type=rate, default=10.0, metavar="X",
                   help="between two checkpoints within an epoch (10)")
    p.add_argument("--check-finite", action="store_true",
                   help="look at what every layer computes, and name the first whose values are not finite: slower")
    p.add_argument("--quiet", action="store_true", help="print the result only")


def add_places(p: argparse.ArgumentParser) -> None:
    p.add_argument("--devices",             help="cpu (default); a group each: cpu:0,cpu:1 or cuda:0,cuda:1; "
                   "processes of mpiexec: ranks, or a group each rank:0,rank:1 (docs/scale.md)")
    p.add_argument("--split", choices=["data", "hybrid"], help="with --devices ranks: each batch is split (data, the "
                   "default), or the units of dense layers too (hybrid)")
    p.add_argument("--workers", type=count, metavar="N", help="threads of each process (all cores)")


def add_rule(p: argparse.ArgumentParser) -> None:
    p.add_argument("--epochs", type=count,  metavar="N", help="passes over the training images (the model's own)")
    p.add_argument("--batch", type=count,   metavar="N", help="images a step (128)")
    p.add_argument("--lr", type=rate,       metavar="X", help="learning rate of the weights (the model's own)")
    p.add_argument("--momentum", type=fraction, metavar="X", help="of the update rule (the model's own, 0.9)")
    p.add_argument("--nesterov", action=argparse.BooleanOptionalAction, help="Nesterov's momentum (the model's own)")
    p.add_argument("--weight-decay", type=fraction, metavar="X", help="of all weights (the model's own)")
    p.add_argument("--optimizer", metavar="NAME", help="sgd, adam: rate 0.001, no decay unless given; muon: 0.02 for "
                   "matrices, the model's own rates for all others (the model's own, sgd)")
    p.add_argument("--clip", type=rate,     metavar="X", help="scale all gradients down to this norm together (never)")
    p.add_argument("--smoothing", type=fraction, metavar="X",
                   help="share of the labels spread over all classes (the model's own, 0)")
    p.add_argument("--average", metavar="NAME",
                   help="of the weights over the steps: ema:DECAY, lookahead:DECAY or none (the model's own)")
    p.add_argument("--schedule", metavar="NAME", help="of the rate: constant, plateau, one-cycle, inverse-sqrt:STEPS, "
                   "every:STEPS; warm-up:STEPS, and after a comma one of the last three (the model's own)")
    p.add_argument("--divide-after", "--milestones", type=count, nargs="+", metavar="EPOCH",
                   help="divide the rate by 10 after these")


def add_evaluate(verbs) -> None:
    p = adding(verbs, "evaluate", "top-1 and top-5 errors of a run's best net on validation images", "run")
    p.add_argument("runs", type=path, nargs="+", metavar="RUN", help="a run's folder; of several, the mean output")
    p.add_argument("--data",                help="other data than the run's: shapes, cifar10 or a folder")
    p.add_argument("--views", type=int, choices=[1, 2, 6, 10], default=1,
                   help="averaged: 1, the centre (default), 2, its reflection too, 6, both shifted by a pixel too, "
                        "10, corners and centre and their reflections")
    p.add_argument("--limit", type=count,   metavar="N", help="at most so many images (as in the run)")
    p.add_argument("--devices",             help="cpu, cuda:0, ranks, ... (the run's own)")
    p.add_argument("--workers", type=count, metavar="N", help="threads of the cpu (all cores)")
    p.add_argument("--json", action="store_true", help="print JSON")


def add_predict(verbs) -> None:
    p = adding(verbs, "predict", "the most probable labels of images", "run")
    p.add_argument("run", type=path,        metavar="RUN | WEIGHTS", help="the run's folder, or a file of weights")
    p.add_argument("images", type=path, nargs="+", metavar="IMAGE", help="image files")
    p.add_argument("--labels", type=path,   metavar="FILE", help="names of the classes, one a line (the run's)")
    p.add_argument("--top", type=count, default=5, metavar="K", help="labels to show of each image (5)")
    p.add_argument("--out", type=path,      metavar="FILE.png", help="save images and labels as a picture")
    p.add_argument("--devices",             help="cpu, cuda:0, ranks, ... (the run's own, or cpu)")
    p.add_argument("--workers", type=count, metavar="N", help="threads of the cpu (all cores)")
    p.add_argument("--json", action="store_true", help="print JSON")


def add_models(verbs) -> None:
    p = adding(verbs, "models", "list the models: parameters, input, groups, epochs, rate and batch of each", "net")
    p.add_argument("--json", action="store_true", help="print JSON")


def add_summary(verbs) -> None:
    p = adding(verbs, "summary", "the table of a net: shapes, parameters, multiply-adds, bytes", "net")
    p.add_argument("model",                 metavar="MODEL", help="alexnet, cifar_80sec, ...: see minialex models")
    p.add_argument("--preset", default="paper", help="paper (default), source or caffe")
    p.add_argument("--image-size", type=count, metavar="N", help="pixels (the model's own)")
    p.add_argument("--classes", type=count, metavar="N", help="classes (the model's own)")
    p.add_argument("--batch", type=count, default=1, metavar="N", help="images for which bytes are counted (1)")
    p.add_argument("--devices", type=number_of_ranks, metavar="ranks:N", help="what N processes send to each other in "
                   "a step of a batch, for each way of splitting the work (docs/scale.md)")
    p.add_argument("--json", action="store_true", help="print JSON")


def add_gradcheck(verbs) -> None:
    p = adding(verbs, "gradcheck", "check gradients by finite differences", "net")
    p.add_argument("layer", nargs="?",      metavar="LAYER | FILE.py", help="one layer (all), or a file with your own")
    p.add_argument("--all", action="store_true", help="every setting of a layer, not only the usual one")
    p.add_argument("--like", metavar="LAYER", help="compare the file's layer with ours of this name: y, dx, gradients")


def add_new_layer(verbs) -> None:
    p = adding(verbs, "new-layer", "write the file of a layer of your own, to be changed", "net")
    p.add_argument("layer",                 metavar="NAME", help="its class, such as MyLayer, for my_layer.py")


def add_grade(verbs) -> None:
    p = adding(verbs, "grade", "check assignments: forward values and gradients, points and hints", "grade")
    p.add_argument("files", type=path, nargs="+", metavar="FILE", help="submissions: relu.py, smith_conv.py, ...")
    p.add_argument("--assignment", metavar="NAME", help="relu, conv, ... (what the file's name contains)")
    p.add_argument("--hidden", action="store_true", help="the hidden checks too")
    p.add_argument("--checks", type=path, action="append", default=[], metavar="FILE", help="a pytest file of your own")
    p.add_argument("--seed", type=seed,     metavar="N", help="of the random inputs (a new one each time)")
    p.add_argument("--seconds", type=rate, default=20, metavar="X", help="that a check may take (20)")
    p.add_argument("--memory", type=count, default=2048, metavar="MB", help="that a submission may use (2048)")
    p.add_argument("--json", action="store_true", help="print JSON")


def add_data(verbs) -> None:
    parser = adding(verbs, "data", "download, prepare or describe images")
    actions = parser.add_subparsers(required=True, metavar="ACTION", title="actions")
    p = adding(actions, "get", "download a data set", "data")
    p.add_argument("source", metavar="NAME", help="cifar10, mnist or fashion-mnist; shapes are drawn, folders yours")

    p = adding(actions, "info", "describe images: classes, counts, sizes", "data")
    p.add_argument("source", metavar="NAME_OR_FOLDER", help="shapes, cifar10, mnist, fashion-mnist or a folder")

    p = adding(actions, "prepare", "write the images of a folder as squares of one size, to train from", "data")
    p.add_argument("folder", type=path, metavar="FOLDER", help="with train/<class>/*.jpg and val/<class>/*.jpg")
    p.add_argument("--out", type=path, required=True, metavar="DIR", help="folder to write to; a stopped one continues")
    p.add_argument("--size", type=count, default=256, metavar="N", help="pixels of a side (256)")
    p.add_argument("--workers", type=count, metavar="N", help="threads (all cores, for photographs)")

    p = adding(actions, "subset", "link to some classes and images of a folder", "data")
    p.add_argument("folder", type=path, metavar="FOLDER", help="with train/<class>/*.jpg and val/<class>/*.jpg")
    p.add_argument("--classes", type=names, required=True, metavar="A,B,C", help="classes, or words in their labels")
    p.add_argument("--per-class", type=count, metavar="N", help="at most so many images of each, in both parts (all)")
    p.add_argument("--labels", type=path, metavar="FILE", help="the labels: lines such as n02123045 tabby, tabby cat")
    p.add_argument("--out", type=path, required=True, metavar="DIR", help="a new folder")

    p = adding(actions, "unpack", "unpack the archives of ILSVRC-2012", "data")
    p.add_argument("folder", type=path, metavar="FOLDER", help="with the three archives (docs/data.md)")
    p.add_argument("--classes", type=names, metavar="A,B,C", help="only these classes")
    p.add_argument("--out", type=path, required=True, metavar="DIR", help="folder to write to; a stopped one continues")


def add_bench(verbs) -> None:
    p = adding(verbs, "bench", "time a training step, ours against PyTorch's where it is installed", "bench")
    p.add_argument("model", nargs="?", default="alexnet", metavar="MODEL", help="alexnet (default), cifar_18pct, ...")
    p.add_argument("--batch", type=count, default=128, metavar="N", help="images a step (128)")
    p.add_argument("--against", choices=["torch", "none"], help="torch (where it is installed), or none: ours alone")
    p.add_argument("--repetitions", type=count, default=5, metavar="N", help="of each side, after one to warm up (5)")
    p.add_argument("--inference", action="store_true", help="the forward pass alone")
    p.add_argument("--loading", type=path,  metavar="FOLDER", help="time each stage from image to step instead")
    p.add_argument("--without-lrn", action="store_true", help="leave response normalization out on both sides")
    p.add_argument("--workers", type=count, metavar="N", help="threads of each side (all cores)")
    p.add_argument("--json", action="store_true", help="print JSON")
