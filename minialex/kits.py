"""Kits: which layers a model builder takes for a device unless told otherwise.

Every kit has the same names: `minialex.layers` is the textbook, `minialex.fast` the same layers for speed on the host.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from minialex import fast, layers
from minialex.devices import Device, Host

Device.kit = layers
Host.kit = fast


def initialized(kit: Any, init: str | float | None) -> Any:
    """Return the kit for a net of which all layers have the same rule of initial weights, and biases of 0.

    Args:   init, as in `layers/initialization.py`; None: the kit itself, whose layers take their own std and bias.
    """
    if init is None:
        return kit

    def with_init(layer: Callable) -> Callable:
        return lambda *args, std=None, bias=0.0, **settings: layer(*args, init=init, **settings)

    return SimpleNamespace(**{**vars(kit), **{name: with_init(getattr(kit, name)) for name in ("Conv2D", "Dense")}})
