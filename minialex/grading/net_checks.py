"""A submission's net beside ours: which layers are in it, and which parameters."""

from collections.abc import Sequence

from minialex.grading.remote import Remote
from minialex.layer import Layer
from minialex.tutor.verdict import Mistake


def check_inside(mine: Remote, ours: Layer) -> None:
    """Check that the net has our net's layers, in the same order, by the same names."""
    got = [(str(name), str(kind)) for name, kind in mine.made["inside"][1:]]
    right = [(prefix.removesuffix("."), type(layer).__name__) for prefix, layer in ours.walk()][1:]
    for position, (name, kind) in enumerate(right):
        after = f"after {right[position - 1][0]} " if position else "first "
        if position >= len(got):
            raise Mistake(f"{after}the net ends; expected {name} ({kind})")
        if got[position] != (name, kind):
            raise Mistake(f"{after}comes {as_text(got[position])}; expected {name} ({kind})")
    if len(got) > len(right):
        raise Mistake(f"after {right[-1][0]} comes {as_text(got[len(right)])}; expected the net's end")


def as_text(named: Sequence[str]) -> str:
    return f"{named[0]} ({named[1]})"


def check_parameters(mine: Remote, ours: Layer) -> None:
    """Check the names and shapes of all parameters."""
    got = {name: value.shape for name, value in mine.params.items()}
    for name, value in ours.state().items():
        if name not in got:
            raise Mistake(f"no parameter {name}; expected one of shape {value.shape}")
        if got[name] != value.shape:
            raise Mistake(f"{name} has shape {got[name]}, expected {value.shape}: {reason(got[name], value.shape)}")
    if more := got.keys() - ours.state().keys():
        raise Mistake(f"{min(more)} is a parameter that the net does not have")


def reason(got: tuple, right: tuple) -> str:
    """Return what a wrong shape may mean."""
    if len(got) == len(right) and len(got) > 1 and got[0] == right[0] and 2 * got[1] == right[1]:
        return "it reads its own group only; conv3, fc6, fc7 and fc8 read both"
    if len(got) == len(right) and len(got) > 1 and got[0] == right[0] and got[1] == 2 * right[1]:
        return "it reads both groups; conv2, conv4 and conv5 read their own only"
    if len(got) == len(right) and got[0] == 2 * right[0]:
        return "half of the kernels are in each group"
    return "see the table of layers"
