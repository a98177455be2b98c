"""A two-group net's parameters as those of its twin on one device, and back."""

import numpy as np

from minialex.checks import check_integers, check_kinds, expected
from minialex.parallel.tuples import letter

# The layers that are split into groups, each with its part of Figure 2; the others (fc8) keep their names.
PART = {
    "conv1": "lower", "conv2": "lower",
    "conv3": "upper", "conv4": "upper", "conv5": "upper",
    "fc6": "fc6", "fc7": "fc7",
}  # fmt: skip


def merge_groups(state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Convert a state of `alexnet` (lower.a.conv1.W, lower.b.conv1.W, ...) to one of `alexnet_single` (conv1.W, ...).

    The groups' kernels are concatenated; each convolution with groups=2 then reads its half of the channels.
    A state without groups is returned as it is.
    """
    check_kinds("merge_groups", dict, "pass net.state()", state=state)
    parts: dict[str, list[np.ndarray]] = {}
    for name, value in state.items():  # groups come in order: a, b, ...
        merged = ".".join(name.split(".")[-2:])
        parts.setdefault(merged, []).append(value)
    return {name: np.concat(values) if len(values) > 1 else values[0] for name, values in parts.items()}


def split_groups(state: dict[str, np.ndarray], groups: int = 2) -> dict[str, np.ndarray]:
    """Convert a state of `alexnet_single` to one of `alexnet`: the inverse of merge_groups.

    Errors: ValueError for kernels that cannot be divided among the groups.
    """
    check_kinds("split_groups", dict, "pass net.state()", state=state)
    check_integers("split_groups", groups=groups)
    names = [(name, PART.get(name.split(".")[0]), value) for name, value in state.items()]
    for name, part, value in names:
        if part and len(value) % groups:
            got = f"{len(value)}, not divisible by {groups}"
            raise expected(name, f"kernels for {groups} groups", got, "change groups")
    return {
        f"{part}.{letter(group)}.{name}" if part else name: half
        for name, part, value in names
        for group, half in enumerate(np.split(value, groups) if part else [value])
    }


def in_groups(arrays: dict[str, np.ndarray]) -> bool:
    """Tell whether this is the state of a net in two groups."""
    return any(".a." in name for name in arrays)


def ungrouped(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the arrays with those of all groups merged, in the groups' order, which a file need not keep."""
    return merge_groups(dict(sorted(arrays.items()))) if in_groups(arrays) else arrays
