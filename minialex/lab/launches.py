"""A device that counts what a GPU would have to do: kernel launches, the bytes that they move, and transfers.

NumPy computes; each operation on an array is counted as one launch, which is the least that CuPy starts for it. As in
CuPy, an array of the device does not mix with one in main memory. So launches are counted where there is no GPU; the
time that they take is not: it must be measured on one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import ClassVar

import numpy as np

from minialex import layers
from minialex.devices import Device
from minialex.lab.counted import Counted

MAKERS = ("arange", "empty", "eye", "full", "linspace", "ones", "zeros")  # functions that return a new array


@dataclass
class Count:
    """What a GPU would have had to do."""

    launches: int = 0
    bytes: int = 0  # that these read and write
    transfers: int = 0  # of arrays from another device
    transferred: int = 0  # their bytes


class CountingDevice(Device):
    """A stand-in for a GPU that counts its work.

    device = CountingDevice()
    layer, x = LRN().to(device), device.put(x)
    with device.counting() as count:
        layer.forward(x)
    count.launches, count.bytes
    """

    kit: ClassVar[ModuleType] = layers

    def __init__(self) -> None:
        self.count = Count()
        names = {name: getattr(np, name) for name in np.__all__ if hasattr(np, name)}
        self._xp = SimpleNamespace(**names | {name: self._making(getattr(np, name)) for name in MAKERS})

    @property
    def xp(self):  # type: ignore[override]
        """The functions of NumPy; those that make an array make it here, and are counted."""
        return self._xp

    @contextmanager
    def counting(self) -> Iterator[Count]:
        """Count what happens inside, from 0."""
        before, self.count = self.count, Count()
        try:
            yield self.count
        finally:
            self.count = before

    def launch(self, moved: int) -> None:
        """Count one kernel that reads and writes so many bytes."""
        self.count.launches += 1
        self.count.bytes += moved

    def put(self, x) -> Counted:
        if self.holds(x):
            return x
        values = np.array(x.values if isinstance(x, Counted) else x)
        self.count.transfers += 1
        self.count.transferred += values.nbytes
        return self.own(values)

    def holds(self, x) -> bool:
        return isinstance(x, Counted) and x.owner is self

    def own(self, values) -> Counted:
        """Return these values as an array of this device, without counting."""
        array = np.asarray(values).view(Counted)
        array.owner = self
        return array

    def _making(self, make: Callable) -> Callable:
        def made(*args, **settings) -> Counted:
            values = make(*args, **settings)
            self.launch(values.nbytes)
            return self.own(values)

        return made

    def __repr__(self) -> str:
        return "CountingDevice()"
