"""Matrix products by cuBLAS, many in one call, of matrices wherever they lie in memory.

CuPy's own `@` copies three-dimensional operands that are transposed, and never takes TF32 for them; cuBLAS itself needs
neither the copy nor a product of equal spacing. A matrix is given to it as an address, whether it lies by rows or by
columns, and the distances to its next row and to the next matrix. So matrices may be transposed, may be a group's part
of a larger array, may overlap (the rows under a kernel), or be one and the same for all products.
"""

from typing import Any

import numpy as np

from minialex.checks import expected
from minialex.cuda.launch import array_module
from minialex.devices import Device

BY_ROWS, BY_COLUMNS = 0, 1
# Of the CUDA Toolkit: cudaDataType (library_types.h), cublasComputeType_t and cublasGemmAlgo_t (cublas_api.h).
TYPES = {"f": 0, "d": 1}  # CUDA_R_32F, CUDA_R_64F, by the character of the dtype
COMPUTE_32F, COMPUTE_64F, COMPUTE_32F_FAST_TF32 = 68, 70, 77
GEMM_DEFAULT = -1


def product(device: Device, out: Any, a: Any, b: Any, *, add: bool = False) -> None:
    """Set out[i] to a[i] @ b[i] for each i, or add it to out[i], without copying a matrix.

    Shapes: a (n, M, K), b (n, K, N), out (n, M, N), of one dtype; the rows of out are contiguous.
    Errors: ValueError for shapes that do not fit, or a matrix whose rows and columns both have gaps.
    """
    # cuBLAS takes matrices by columns. One that lies by rows is to it its own transpose; so we ask for the product of
    # the transposes, out.T = b.T @ a.T, and everything is as it lies.
    n, M, N = out.shape
    K = b.shape[1]
    if a.shape != (n, M, K) or b.shape != (n, K, N):
        raise expected("product", f"({n}, {M}, K) @ ({n}, K, {N})", f"{a.shape} @ {b.shape}", "check the shapes")
    (order_a, a_next), (order_b, b_next), (order, out_next) = lying(a), lying(b), lying(out)
    if order != BY_ROWS:
        raise expected("product", "an output that lies by rows", f"strides {out.strides}", "transpose the product")
    cuda, kind = array_module(device).cuda, TYPES[out.dtype.char]
    one, beta = np.array(1, out.dtype), np.array(add, out.dtype)  # read by cuBLAS during the call
    cublas = cuda.cublas  # which is loaded now, if it is the first product
    cublas.gemmStridedBatchedEx(
        cuda.get_cublas_handle(), order_b, order_a, N, M, K, one.ctypes.data,
        b.data.ptr, kind, b_next, apart(b), a.data.ptr, kind, a_next, apart(a), beta.ctypes.data,
        out.data.ptr, kind, out_next, apart(out), n, compute_type(device, out.dtype), GEMM_DEFAULT,
    )  # fmt: skip


def compute_type(device: Device, dtype: Any) -> int:
    """Return how cuBLAS is to multiply: in full, unless the device was made with tf32=True.

    TF32 rounds the factors to 11 bits of mantissa and adds up in float32: an error of 1e-3 instead of 1e-7 a product.
    """
    if dtype.char == "d":
        return COMPUTE_64F
    return COMPUTE_32F_FAST_TF32 if device.tf32 else COMPUTE_32F  # type: ignore[attr-defined]


def lying(matrices: Any) -> tuple[int, int]:
    """Return whether matrices lie by rows or by columns, and the elements from one row or column to the next."""
    _, rows, columns = matrices.shape
    _, down, across = (stride // matrices.itemsize for stride in matrices.strides)
    # Of a single row, the distance to the next means nothing and may be any number; of a single column likewise.
    if (across == 1 or columns == 1) and (down >= columns or rows == 1):
        return BY_ROWS, down if rows > 1 else columns
    if (down == 1 or rows == 1) and (across >= rows or columns == 1):
        return BY_COLUMNS, across if columns > 1 else rows
    advice = "copy it first"
    raise expected("product", "matrices that lie by rows or by columns", f"strides {matrices.strides}", advice)


def apart(matrices: Any) -> int:
    """Return the elements from one matrix to the next."""
    return matrices.strides[0] // matrices.itemsize
