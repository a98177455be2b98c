"""Kernels in CUDA C++, and cuBLAS: computed by the tests' doubles of both, in the order of streams.

A kernel reads the arrays that it declares const, and writes the others. cuBLAS works on the current stream, to which
CuPy sets its handle at each call (`_setStream` in cupy_backends/cuda/libs/cublas.pyx).
"""

from types import SimpleNamespace

import kernels_on_cpu
import numpy as np
from cublas_double import HANDLE, Cublas

from cupy_double.kernels import run
from cupy_double.transfers import on_gpu, plain


class RawKernel:
    """`cupy.RawKernel`, called as kernel(grid, block, arguments)."""

    def __init__(self, code, name, options=()):
        self.name, self.code, self.on_cpu = name, code, kernels_on_cpu.RawKernel(code, name, options)

    def __call__(self, grid, block, arguments):
        kinds = [kind for kind, _ in kernels_on_cpu.kernels_of(self.code)[self.name]]
        passed = list(zip(kinds, arguments, strict=True))
        read = on_gpu(value for kind, value in passed if kind.startswith("const"))
        written = on_gpu(value for kind, value in passed if not kind.startswith("const"))
        run(self.name, read, written, lambda: self.on_cpu(grid, block, tuple(map(plain, arguments))))


def gemm(*arguments):
    """cublasGemmStridedBatchedEx, of addresses that know their arrays."""
    a, b, out = (arguments[i].array for i in (7, 11, 16))
    run("product", [a, b], [out], lambda: Cublas().gemmStridedBatchedEx(*arguments))


def as_strided(x, shape, strides):
    return x.view_as(np.lib.stride_tricks.as_strided(x.values, shape, strides))


def get_cublas_handle():
    return HANDLE


cublas = SimpleNamespace(gemmStridedBatchedEx=gemm)
lib = SimpleNamespace(stride_tricks=SimpleNamespace(as_strided=as_strided))
