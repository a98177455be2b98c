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
        assert batchCount == 1 or strideC >= ldc * (n - 1) + m, "two products write the same memory"
        self.compute_types.append(computeType)
        alpha, beta = (float(columns(address, 1, 1, 1, dtype)[0, 0]) for address in (alpha, beta))
        size = np.dtype(dtype).itemsize
        for i in range(batchCount):
            a = columns(A + i * strideA * size, *((k, m) if transa else (m, k)), lda, dtype)
            b = columns(B + i * strideB * size, *((n, k) if transb else (k, n)), ldb, dtype)
            c = columns(C + i * strideC * size, m, n, ldc, dtype)
            if computeType == FAST_TF32:
                a, b = tf32(a), tf32(b)
            result = alpha * ((a.T if transa else a) @ (b.T if transb else b))
            c[...] = result if beta == 0 else result + beta * c  # with 0 it is not read, and may be nan


def columns(address: int, rows: int, columns: int, apart: int, dtype: str) -> np.ndarray:
    """Return the matrix at an address, whose columns are `apart` elements from each other."""
    size = np.dtype(dtype).itemsize
    memory = (ctypes.c_char * (size * (apart * (columns - 1) + rows))).from_address(address)
    flat = np.frombuffer(memory, dtype)
    return np.lib.stride_tricks.as_strided(flat, (rows, columns), (size, size * apart))


def tf32(x: np.ndarray) -> np.ndarray:
    """Return float32 values with 10 bits after the first of the mantissa, rounded to nearest."""
    return ((np.ascontiguousarray(x).view("uint32") + np.uint32(0x1000)) & np.uint32(0xFFFFE000)).view("float32")
