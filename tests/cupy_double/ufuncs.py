"""Elementwise functions, reductions and operators of the double: each a kernel."""

import numpy as np

from cupy_double.arrays import ndarray
from cupy_double.kernels import launch, overlap
from cupy_double.transfers import on_gpu, plain

OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power", "mod": "remainder",
    "floordiv": "floor_divide", "and": "bitwise_and", "or": "bitwise_or",
}  # fmt: skip
COMPARISONS = {
    "gt": "greater", "lt": "less", "ge": "greater_equal", "le": "less_equal", "eq": "equal", "ne": "not_equal",
}  # fmt: skip
LAUNCHES = {"var": 2}  # the mean, then the squares: `_ndarray_var` in cupy/_core/_routines_statistics.pyx


def ufunc(name):
    """Return an elementwise function; with `out`, in place."""
    compute = getattr(np, name)

    def function(*operands, out=None):
        arrays = on_gpu(operands)
        values = [plain(x) for x in operands]
        for copied in [x for x in arrays if overlap(x, out)]:
            launch("copy", [copied], lambda copied=copied: copied.values.copy())
        if out is None:
            return launch(name, arrays, lambda: compute(*values))
        return launch(name, arrays, lambda: compute(*values, out=out.values), out)

    return function


def where(condition, x, y):
    """Choose elementwise; a condition of numbers is converted first (cupy/_sorting/search.py)."""
    if condition.dtype != bool:
        condition = condition.astype(bool)
    return launch("where", on_gpu([condition, x, y]), lambda: np.where(*map(plain, (condition, x, y))))


def reduction(name):
    def reduce(x, axis=None, keepdims=False):
        compute = lambda: getattr(np, name)(x.values, axis=axis, keepdims=keepdims)  # noqa: E731
        return launch(name, [x], compute, launches=LAUNCHES.get(name, 1))

    return reduce


def set_operators():
    """Give the array class its operators: x + y, 2 * x, x += y, x > y, -x, ~x."""
    for short, name in (OPERATORS | COMPARISONS).items():
        function = ufunc(name)
        setattr(ndarray, f"__{short}__", lambda a, b, f=function: f(a, b))
        if short in OPERATORS:
            setattr(ndarray, f"__r{short}__", lambda a, b, f=function: f(b, a))
            setattr(ndarray, f"__i{short}__", lambda a, b, f=function: f(a, b, out=a))
    for short, name in {"neg": "negative", "invert": "invert"}.items():
        setattr(ndarray, f"__{short}__", lambda a, f=ufunc(name): f(a))
    for name in ("sum", "max", "min", "mean", "all", "any", "argmax"):
        setattr(ndarray, name, reduction(name))


set_operators()
