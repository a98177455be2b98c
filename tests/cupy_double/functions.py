"""Shapes, joins, products and new arrays of the double."""

import numpy as np

from cupy_double.kernels import launch, new
from cupy_double.transfers import ascontiguousarray


def reshape(x, shape):
    values = x.values.reshape(shape)
    if x.size and not np.may_share_memory(values, x.values):  # `_reshape` copies, then it is a view
        return launch("copy", [x], lambda: values)
    return x.view_as(values)


def permute_dims(x, axes):
    return x.view_as(np.transpose(x.values, axes))


def matrix_transpose(x):
    return x.view_as(np.matrix_transpose(x.values))


def broadcast_to(x, shape):
    return x.view_as(np.broadcast_to(x.values, shape))


def joined(name):
    """Return stack or concatenate: a copy of each array, or one kernel for many small ones.

    Source: `_concatenate` in cupy/_core/_routines_manipulation.pyx.
    """

    def join(arrays, axis=0):
        arrays = list(arrays)
        values = getattr(np, name)([x.values for x in arrays], axis=axis)
        is_one = len(arrays) > 8 and values.nbytes < 2 * 2**20 * len(arrays)
        return launch(name, arrays, lambda: values, launches=1 if is_one else len(arrays))

    return join


# -- products ---------------------------------------------------------------------------------------------------------


def matmul(a, b):
    """Return the product, its operands copied where CuPy copies them (cupy/_core/_routines_linalg.pyx).

    Of 2 axes: only those that are contiguous in neither order, `_mat_to_cublas_contiguous`; of more: all that are not
    C-contiguous, `matmul`, so every transposed one.
    """
    if a.ndim > 2 or b.ndim > 2:
        a, b = ascontiguousarray(a), ascontiguousarray(b)
    else:
        a, b = (x if x.flags.forc else ascontiguousarray(x) for x in (a, b))
    return launch("product", [a, b], lambda: a.values @ b.values)


# -- new arrays -------------------------------------------------------------------------------------------------------


def maker(name):
    def make(*args, **settings):
        return launch(name, [], lambda: getattr(np, name)(*args, **settings))

    return make


def empty(shape, dtype=float):
    """Return an array of poison: nan, or 77 where there is none. Nothing runs on the GPU."""
    return new(np.full(shape, np.nan if np.dtype(dtype).kind == "f" else 77, dtype))
