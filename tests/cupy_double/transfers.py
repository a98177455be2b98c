"""Operands, copies and transfers of the double."""

import numpy as np

from cupy_double import counts
from cupy_double.current import current
from cupy_double.kernels import launch, new
from cupy_double.streams import current_line


def on_gpu(values):
    """Return those that are arrays of the double."""
    return [value for value in values if hasattr(value, "memory")]


def plain(value):
    """Return an operand as NumPy takes it; an array in main memory is none (`_preprocess_arg`, _kernel.pyx)."""
    if isinstance(value, np.ndarray) and value.ndim:
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    return value.values if hasattr(value, "memory") else value


def array(x, dtype=None, copy=True, order="K"):
    """Return an array on the current device (cupy/_core/core.pyx: `array`).

    Main memory is staged in pinned memory first, so that it may change afterwards (`_array_default`).
    """
    if hasattr(x, "memory"):
        x = x if x.memory.gpu == current.device else x.copy(order)
        return x.astype(x.dtype if dtype is None else dtype, copy=copy)
    counts.refuse_while_capturing(current_line(), "H2D transfers")
    values = np.array(x, dtype=dtype)
    if values.dtype.kind not in "fiubc":
        raise ValueError(f"Unsupported dtype {values.dtype}")
    out = new(np.ascontiguousarray(values).reshape(values.shape))
    out.memory.touch(current_line().next(), "a copy from main memory", is_write=True)
    counts.transferred(values.nbytes, "to_gpu")
    return out


def asarray(x, dtype=None):
    return array(x, dtype=dtype, copy=False)


def between_gpus(x):
    """Copy to the current device, on its current stream: nothing waits for the sender (`copy_from_device_async`)."""
    line, out = current_line().next(), new(x.values.copy("K"))
    x.memory.touch(line, "a copy between GPUs", is_write=False)
    out.memory.touch(line, "a copy between GPUs", is_write=True)
    return out


def ascontiguousarray(x):
    return x if x.flags.c_contiguous else launch("copy", [x], lambda: x.values)


def copy_into(part, value):
    """Assign; the part to itself, as `x[k] += y` ends, costs nothing (`_scatter_op`, _core/_routines_indexing.pyx)."""
    if hasattr(value, "memory") and place(value) == place(part):
        return

    def copy():
        part.values[...] = plain(value)

    launch("copy" if hasattr(value, "memory") else "fill", on_gpu([value]), copy, part)


def place(x):
    return x.data.ptr, x.shape, x.strides


def astype(x, dtype, copy=True):
    return x.astype(dtype, copy=copy)
