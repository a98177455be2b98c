"""The arrays of a `CountingDevice`: NumPy's, whose operations are counted."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


class Counted(np.ndarray):
    """An array on a device that counts; `owner` is the device.

    An operation is one launch, and reads and writes the bytes of its operands and of its result. What only makes a view
    (a slice, most reshapes) is none.

    Errors: TypeError for an operation with an array that is not on the same device.
    """

    owner: Any

    def __array_finalize__(self, source) -> None:
        self.owner = getattr(source, "owner", None)

    @property
    def values(self) -> np.ndarray:
        """The same memory as an array of NumPy."""
        return self.view(np.ndarray)

    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        return self._launched(getattr(ufunc, method), inputs, settings)

    def __array_function__(self, function, types, inputs, settings):
        return self._launched(function, inputs, settings)

    def __setitem__(self, key, values) -> None:
        self.owner.launch(2 * self.values[key].nbytes)
        self.values[key] = self._plain(values)

    def _launched(self, function: Callable, inputs: tuple, settings: dict):
        """Call a function of NumPy on plain arrays, and count it unless it only made a view."""
        operands, settings = self._plain(inputs), {name: self._plain(value) for name, value in settings.items()}
        result, read = function(*operands, **settings), list(arrays(operands))
        if not isinstance(result, np.ndarray | np.generic):
            return result
        if settings.get("out") or not any(np.may_share_memory(result, x) for x in read):
            self.owner.launch(sum(x.nbytes for x in read) + result.nbytes)
        return self.owner.own(result)

    def _plain(self, x: Any) -> Any:
        """Return x with its arrays as NumPy's, once they are known to be on this device; numbers are anywhere."""
        if isinstance(x, list | tuple):
            return type(x)(self._plain(part) for part in x)
        if isinstance(x, Counted) and x.owner is self.owner:
            return x.values
        if isinstance(x, np.ndarray) and x.ndim:
            where = "another device" if isinstance(x, Counted) else "main memory"
            raise TypeError(f"expected arrays on {self.owner}, got one in {where}; bring it there with device.put")
        return x


def arrays(x: Any) -> Iterator[np.ndarray]:
    """Yield the arrays in x, which may be in lists."""
    if isinstance(x, np.ndarray):
        yield x
    elif isinstance(x, list | tuple):
        for part in x:
            yield from arrays(part)
