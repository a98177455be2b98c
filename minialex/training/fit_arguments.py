"""The arguments of `fit`, checked before anything is computed."""

from typing import Any

from minialex.checks import check_between, check_integers, check_rng, described, expected
from minialex.data import Augmentation, Split
from minialex.layer import Layer
from minialex.training.setting_types import MOST
from minialex.training.sgd import SGD

KINDS: dict[str, tuple[type, bool, str]] = {  # of each argument: its class, whether None will do, and what makes one
    "net": (Layer, False, "Sequential(...)"),
    "train": (Split, False, "Split.from_arrays(images, labels)"),
    "val": (Split, True, "Split.from_arrays(images, labels)"),
    "sgd": (SGD, False, "SGD(net, 0.01)"),
    "augment": (Augmentation, True, 'Augmentation([RandomCrop(28)], seed=0), or augmentation(("crop",), ...)'),
}


def check_arguments(**given: Any) -> None:
    """Check that each argument is what `fit` needs, and that the update rule is that of the net.

    Errors: ValueError, naming the argument.
    """
    for name, (kind, may_be_none, example) in KINDS.items():
        value = given[name]
        if not isinstance(value, kind) and not (may_be_none and value is None):
            raise expected("fit", f"{name} to be a {kind.__name__}", described(value), f"pass {example}")
    check_rng("fit", given["rng"])
    check_between("fit", 0, MOST["epochs"], epochs=given["epochs"])
    check_integers("fit", batch=given["batch"])
    if given["sgd"].net is not given["net"]:
        raise expected("fit", "the update rule of this net", "that of another", "pass sgd=SGD(net, ...)")
