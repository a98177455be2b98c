"""A device for tests that is as strict as two GPUs, and stricter than CuPy.

Its arrays (array-api-strict, on a fake device) refuse to mix with another device's. It must be the current device
whenever its array module is used; and arrays that the module makes are on the *current* device, as in CuPy, so that a
forgotten `with device:` is an error.
"""

import threading
from types import SimpleNamespace

import array_api_strict
import numpy as np

from minialex import Device

_current = threading.local()


class NotCurrent(AssertionError):
    """The array module of a device was used outside `with device:`."""


class StrictDevice(Device):
    """device1 or device2 of array-api-strict."""

    def __init__(self, name: str):
        self.fake_device = array_api_strict.Device(name)
        makers = ("arange", "asarray", "empty", "eye", "full", "linspace", "ones", "zeros")
        self._module = SimpleNamespace(
            **{name: getattr(array_api_strict, name) for name in dir(array_api_strict) if not name.startswith("_")}
            | {name: self._on_current(getattr(array_api_strict, name)) for name in makers}
        )

    def _on_current(self, make):
        def made(*args, dtype=None, **kwargs):
            dtype = getattr(array_api_strict, dtype) if isinstance(dtype, str) else dtype
            return make(*args, dtype=dtype, device=stack()[-1].fake_device, **kwargs)

        return made

    @property
    def xp(self):
        if not stack() or stack()[-1] is not self:
            raise NotCurrent(f"{self}: its array module is used while {stack()[-1:] or 'no device'} is current")
        return self._module

    def put(self, x):
        values = x._array if hasattr(x, "_array") else x
        return array_api_strict.asarray(np.array(values), device=self.fake_device)  # a transfer copies

    def holds(self, x):
        return isinstance(x, array_api_strict._array_object.Array) and x.device == self.fake_device

    def __enter__(self):
        stack().append(self)
        return self

    def __exit__(self, *error):
        assert stack().pop() is self

    def __repr__(self):
        return f"Strict({self.fake_device})".replace("array_api_strict.", "")


def stack() -> list:
    """Return the devices entered by this thread, the current one last."""
    return _current.__dict__.setdefault("stack", [])


def home(x) -> np.ndarray:
    """Return the values of an array of any device."""
    return x._array if hasattr(x, "_array") else np.asarray(x)
