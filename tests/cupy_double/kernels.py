"""A kernel of the double: NumPy computes it, and who reads and writes which memory is noted."""

import numpy as np

from cupy_double import order
from cupy_double.counts import Kernel, launched
from cupy_double.order import Memory
from cupy_double.streams import current_line


def launch(name, arrays, compute, out=None, *, launches=1):
    """Run a kernel on the current stream, and return its output.

    Args:   arrays, that it reads; compute, which returns the result, in NumPy, or writes it into out's; out, the array
            that it writes (None: a new one, C-contiguous: `_get_out_args_from_optionals` in cupy/_core/_kernel.pyx).
    """
    written = [] if out is None else [out]

    def work():
        result = compute()
        if out is None:
            written.append(new(np.ascontiguousarray(result).reshape(np.shape(result))))  # () would become (1,)

    run(name, arrays, written, work, launches=launches)
    return written[0]


def run(name, read, written, work, *, launches=1):
    """Run a kernel on the current stream: check the arrays that it reads and writes, and note who uses them.

    Errors: ValueError for arrays of another GPU than the current one.
    """
    with order.lock:
        line = current_line()
        for array in (*read, *written):
            check_access(array, line)
        line.next()
        for array in read:
            array.memory.touch(line, name, is_write=False)
        work()
        for array in written:
            array.memory.touch(line, name, is_write=True)
        launched(Kernel(name, line.name, sum(map(moved, (*read, *written)))), launches)


def check_access(array, line):
    """Refuse an array of another GPU, as `_check_peer_access` in cupy/_core/_kernel.pyx without peer access.

    With it CuPy warns and computes, and no stream waits for the other GPU's.
    """
    if array.memory.gpu != line.gpu:
        raise ValueError(
            f"The device where the array resides ({array.memory.gpu}) is different from the current device "
            f"({line.gpu}). Peer access is unavailable between these devices."
        )


def new(values):
    """Return an array with memory of its own, of the current stream."""
    from cupy_double.arrays import ndarray

    return ndarray(values, Memory(current_line()))


def moved(array):
    """Return the bytes of an array that are different elements in memory: of a broadcast one, those that are there."""
    a = array.values
    return a.itemsize * int(np.prod([n for n, stride in zip(a.shape, a.strides, strict=True) if stride]))


def overlap(array, out):
    """Tell whether CuPy copies an operand first since the output may overlap it (`_copy_in_args_if_needed`)."""
    return out is not None and array is not out and np.may_share_memory(array.values, out.values)
