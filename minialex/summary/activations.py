"""The output of every layer of a net."""

from typing import Any

import numpy as np

from minialex.checks import check_kinds
from minialex.devices import host
from minialex.layer import Layer


def activations(net: Layer, x) -> dict[str, Any]:
    """Return the output of every layer for the inputs x, by the layer's name, in evaluation mode and in main memory.

    Where groups pass on one array each, the value is a tuple. The net is set back to training mode if it was in it.
    """
    check_kinds("activations", Layer, "pass a net", net=net)
    was_training = net.training
    net.eval()
    try:
        return {name: in_memory(y) for name, y in net.outputs(net.device.put(x))}
    finally:
        if was_training:
            net.train()


def in_memory(y):
    """Return a copy of an array, or of each of several, in main memory."""
    return tuple(map(in_memory, y)) if isinstance(y, tuple) else np.array(host.put(y))
