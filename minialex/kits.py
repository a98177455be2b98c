"""Kits: which layers a model builder takes for a device unless told otherwise.

Every kit has the same names: `minialex.layers` is the textbook, `minialex.fast` the same layers for speed on the host,
with twins of two variants, `minialex.cuda` the same ones for speed on a GPU.
"""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from minialex import cuda, fast, layers, variants
from minialex.devices import Cuda, Device, Host, checked_devices

Device.kit = layers
Host.kit = fast
Cuda.kit = cuda


def kit_for(devices: Device | Sequence[Device], kit: Any, init: str | float | None = None) -> SimpleNamespace:
    """Return the kit that a model builder was given, else that of the device, or of the first of several, complete."""
    several: Any = devices if isinstance(devices, list | tuple) else [devices]
    several = checked_devices("devices", several)
    return complete(kit or several[0].kit, init)


def complete(kit: Any, init: str | float | None = None) -> SimpleNamespace:
    """Return a kit with the variants too (the kit's own where it has them), with one rule of initial weights for all.

    Args:   init, as in `layers/initialization.py`, and biases of 0; None: each layer takes its own std and bias.
    """
    names = {name: getattr(variants, name) for name in variants.__all__} | vars(kit)
    if init is None:
        return SimpleNamespace(**names)

    def with_init(layer: Callable) -> Callable:
        return lambda *args, std=None, bias=0.0, **settings: layer(*args, init=init, **settings)

    learned = {name: with_init(names[name]) for name in ("Conv2D", "Dense", "Local2D")}
    return SimpleNamespace(**names | learned)
