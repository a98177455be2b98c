"""The arguments of `fit`, checked before anything is computed."""

from typing import Any

from minialex.checks import check_between, check_flags, check_integers, check_kinds, check_rng, described, expected
from minialex.data import Augmentation, Split
from minialex.layer import Layer
from minialex.training.averaging import WeightAverage
from minialex.training.position import Position
from minialex.training.setting_types import MOST
from minialex.training.sgd import SGD

MAKE = "Split.from_arrays(images, labels)"


def check_arguments(
    net: Any, train: Any, val: Any, sgd: Any, epochs: Any, rng: Any, batch: Any, augment: Any, loss: Any, schedule: Any
) -> None:
    """Check that each argument is what `fit` needs, and that the update rule is that of the net.

    Errors: ValueError, naming the argument.
    """
    check_kinds("fit", Layer, "pass Sequential(...)", net=net)
    check_kinds("fit", Split, f"pass {MAKE}", train=train)
    check_kinds("fit", Split | None, f"pass {MAKE}", val=val)
    check_kinds("fit", SGD, "pass SGD(net, 0.01)", sgd=sgd)
    check_kinds("fit", Augmentation | None, "pass Augmentation([RandomCrop(28)], seed=0)", augment=augment)
    check_kinds("fit", Layer | None, "pass SoftmaxCrossEntropy()", loss=loss)
    check_rng("fit", rng)
    check_between("fit", 0, MOST["epochs"], epochs=epochs)
    check_integers("fit", batch=batch)
    check_functions(schedule=[schedule])
    if sgd.net is not net:
        raise expected("fit", "the update rule of this net", "that of another", "pass sgd=SGD(net, ...)")


def check_keeping(
    history: Any, position: Any, after_epoch: Any, after_step: Any, average: Any, check_finite: Any
) -> None:
    """Check the arguments for runs that are kept and resumed."""
    check_kinds("fit", list | tuple, "pass what fit has returned", history=history)
    check_kinds("fit", Position, "pass what after_step was called with", position=position)
    check_kinds("fit", WeightAverage | None, "pass WeightAverage(0.99)", average=average)
    check_flags("fit", check_finite=check_finite)
    check_functions(after_epoch=after_epoch, after_step=[after_step])


def check_functions(**functions: list) -> None:
    """Check that the arguments are functions, each one or several."""
    for name, several in functions.items():
        if not all(map(callable, several)):
            advice = "pass a function, not its result"
            raise expected("fit", f"{name} to be a function", described(several[0]), advice)
