"""A double of `cupy.cuda.cublas`: the strided batched product, of the same addresses, distances and flags.

What cuBLAS answers with CUBLAS_STATUS_INVALID_VALUE is an error here, and so is what it computes without a word: two
products that write the same memory.
"""

import ctypes

import numpy as np

TYPES = {0: "float32", 1: "float64"}  # CUDA_R_32F, CUDA_R_64F
COMPUTES = {68: "float32", 77: "float32", 70: "float64"}  # CUBLAS_COMPUTE_32F, .._32F_FAST_TF32, .._64F
FAST_TF32 = 77
HANDLE = 7


class Cublas:
    """The module, with a list of the compute types that it was called with."""

    def __init__(self):
        self.compute_types: list[int] = []

    def gemmStridedBatchedEx(
        self, handle, transa, transb, m, n, k, alpha, A, Atype, lda, strideA, B, Btype, ldb, strideB, beta, C, Ctype,
        ldc, strideC, batchCount, computeType, algo,
    ):  # fmt: skip
        """Set C = alpha * op(A) @ op(B) + beta * C, matrices by columns, for each of the batch."""
        dtype = TYPES[Ctype]
        assert handle == HANDLE
        assert min(m, n, k, batchCount) >= 1
        assert algo == -1  # CUBLAS_GEMM_DEFAULT
        assert Atype == Btype == Ctype
        assert COMPUTES[computeType] == dtype
        assert lda >= (k if transa else m), "cuBLAS: invalid lda"
        assert ldb >= (n if transb else k), "cuBLAS: invalid ldb"
        assert ldc >= m, "cuBLAS: invalid ldc"
        in_order = strideC >= ldc * (n - 1) + m
        interleaved = strideC >= m and strideC * (batchCount - 1) + m <= ldc
        assert batchCount == 1 or in_order or interleaved, "two products write the same memory"
        self.compute_types.append(computeType)
        alpha, beta = (float(matrices(address, 1, 0, 1, 1, 1, dtype)[0, 0, 0]) for address in (alpha, beta))
        a = matrices(A, batchCount, strideA, *((k, m) if transa else (m, k)), lda, dtype)
        b = matrices(B, batchCount, strideB, *((n, k) if transb else (k, n)), ldb, dtype)
        c = matrices(C, batchCount, strideC, m, n, ldc, dtype)
        if computeType == FAST_TF32:
            a, b = tf32(a), tf32(b)
        result = alpha * ((np.matrix_transpose(a) if transa else a) @ (np.matrix_transpose(b) if transb else b))
        c[...] = result if beta == 0 else result + beta * c  # with 0 it is not read, and may be nan


def matrices(address: int, n: int, apart: int, rows: int, columns: int, next: int, dtype: str) -> np.ndarray:
    """Return the n matrices at an address, `apart` from each other, their columns `next` elements from each other."""
    size = np.dtype(dtype).itemsize
    elements = apart * (n - 1) + next * (columns - 1) + rows
    flat = np.frombuffer((ctypes.c_char * (size * elements)).from_address(address), dtype)
    return np.lib.stride_tricks.as_strided(flat, (n, rows, columns), (size * apart, size, size * next))


def tf32(x: np.ndarray) -> np.ndarray:
    """Return float32 values with 10 bits after the first of the mantissa, rounded to nearest."""
    return ((np.ascontiguousarray(x).view("uint32") + np.uint32(0x1000)) & np.uint32(0xFFFFE000)).view("float32")
