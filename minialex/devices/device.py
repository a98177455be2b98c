"""Device: where arrays live, and the array module (`xp`) that computes there.

A layer has one device and uses nothing else: `self.device.xp` computes, `self.device.put(x)` brings an array there.
"""

from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Any, ClassVar, Self


class Device:
    """A place for arrays, and the array module that computes there (section 3.2: each GPU holds half of the net).

    Every device has `xp`, its array module, and may be entered: `with device:` selects it for new arrays.
    """

    xp: ModuleType
    workers: int = 1  # ranges that `share` makes at most
    here = True  # False: the arrays are on another rank, and known here by their shapes only
    link: Any = None  # of a rank: what it sends to the others, and how
    kit: ClassVar[ModuleType]  # the layers that a model builder takes for this device: `minialex/kits.py` says which

    def put(self, x):
        """Return the array `x`, from whichever device, on this one. Nothing else moves arrays."""
        raise NotImplementedError

    def holds(self, x) -> bool:
        """Tell whether the array `x` is on this device."""
        return True

    def for_group(self) -> "Device":
        """Return the device of a group of kernels that is put here; of a rank, what this process has of it."""
        return self

    def zeros(self, shape, dtype="float32"):
        """Return a new array of zeros on this device."""
        with self:
            return self.xp.zeros(shape, dtype=dtype)

    def empty(self, shape, dtype="float32"):
        """Return a new array on this device, its contents undefined."""
        with self:
            return self.xp.empty(shape, dtype=dtype)

    def astype(self, x, dtype):
        """Return an array of this device with another dtype."""
        with self:
            return x.astype(dtype)

    def assign(self, x, index: tuple, value: float) -> None:
        """Set one element of an array of this device."""
        with self:
            x[index] = value

    def share(self, work: Callable[[int, int], None], n: int, least: int = 1) -> None:
        """Call `work(start, stop)` on ranges that cover 0..n, each of `least` or more; here: on one range."""
        if n > 0:
            work(0, n)

    def elementwise(self, work: Callable, *arrays) -> None:
        """Call `work` on pieces of arrays of one shape, until it has seen all of them; here: on all at once."""
        work(*arrays)

    def release(self) -> None:
        """Give the memory that is kept for reuse back to the system."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error) -> None:
        pass

    def __deepcopy__(self, memo) -> Self:
        return self  # a copied layer stays on its device


def on_its_device(method: Callable) -> Callable[..., Any]:
    """Make the device current while a method runs: of losses and of a net's input, which no container calls."""

    @wraps(method)
    def entered(layer, *args):
        with layer.device:
            return method(layer, *args)

    return entered
