"""Strided products: matrices that lie in any way, against NumPy's, through a double that reads what cuBLAS is given."""

import numpy as np
import pytest
from cuda_on_cpu import OnCpu, given
from numpy.lib.stride_tricks import as_strided

from minialex.cuda.product import product

DEVICE = OnCpu()


def drawn(*shape, dtype="float64"):
    return given(np.random.default_rng(len(shape)).standard_normal(shape).astype(dtype))


def close(ours, theirs, tolerance=1e-12):
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("b_by_columns", [False, True])
@pytest.mark.parametrize("a_by_columns", [False, True])
@pytest.mark.parametrize("add", [False, True])
@pytest.mark.parametrize(("n", "M", "K", "N"), [(3, 4, 5, 6), (1, 1, 1, 1), (2, 1, 5, 3), (2, 4, 1, 3), (2, 4, 5, 1)])
def test_products(n, M, K, N, a_by_columns, b_by_columns, add):
    a = drawn(n, K, M).transpose(0, 2, 1) if a_by_columns else drawn(n, M, K)
    b = drawn(n, N, K).transpose(0, 2, 1) if b_by_columns else drawn(n, K, N)
    out = drawn(n, M, N)
    expected = a @ b + (out if add else 0)
    if not add:
        out[...] = np.nan  # is written, and not read
    product(DEVICE, out, a, b, add=add)
    close(out, expected)


def test_a_group_s_part_of_larger_arrays():
    a, b, whole = drawn(3, 4, 7)[:, :, 2:6], drawn(3, 9, 6)[:, 3:7], drawn(3, 10, 6)
    kept = np.array(whole)
    product(DEVICE, whole[:, 5:9], a, b)
    close(whole[:, 5:9], a @ b)
    np.testing.assert_array_equal(whole[:, [0, 1, 2, 3, 4, 9]], kept[:, [0, 1, 2, 3, 4, 9]])


def test_matrices_that_overlap_and_one_for_all():
    rows, W, out = drawn(9, 5), drawn(4, 15), drawn(4, 4, 5)
    under = as_strided(rows, (4, 15 // 5 * 1, 5), (2 * rows.strides[0], *rows.strides), subok=True)
    product(DEVICE, out, as_strided(W[:, :3], (4, 4, 3), (0, *W.strides), subok=True), under)
    for i in range(4):
        close(out[i], W[:, :3] @ rows[2 * i : 2 * i + 3])


def test_every_second_matrix_of_the_output():
    whole, a, b = drawn(7, 2, 3), drawn(4, 2, 5), drawn(4, 5, 3)
    expected = whole[::2] + a @ b
    product(DEVICE, whole[::2], a, b, add=True)
    close(whole[::2], expected)


@pytest.mark.parametrize("strides", [(160, -40, -8), (160, 40, 16), (160, 8, 8)])
def test_matrices_with_gaps_or_backwards_are_refused(strides):
    memory = drawn(200)
    a = as_strided(memory[100:], (2, 4, 2), strides, subok=True)
    with pytest.raises(ValueError, match="product: expected matrices that lie by rows or by columns, got strides"):
        product(DEVICE, drawn(2, 4, 3), a, drawn(2, 2, 3))


def test_a_single_row_backwards_is_refused():
    """Its stride of -1 would be read as +1: forwards, and beyond its end."""
    with pytest.raises(ValueError, match="product: expected matrices that lie"):
        product(DEVICE, drawn(1, 1, 3), drawn(1, 1, 5)[:, :, ::-1], drawn(1, 5, 3))


@pytest.mark.parametrize(("a", "b"), [((2, 4, 5), (2, 6, 3)), ((3, 4, 5), (2, 5, 3)), ((2, 4, 5), (2, 5, 4))])
def test_shapes_that_do_not_fit(a, b):
    with pytest.raises(ValueError, match=r"product: expected \(2, 4, K\) @ \(2, K, 3\), got"):
        product(DEVICE, drawn(2, 4, 3), drawn(*a), drawn(*b))


def test_an_output_by_columns_is_refused():
    with pytest.raises(ValueError, match="product: expected an output that lies by rows, got strides"):
        product(DEVICE, drawn(2, 3, 4).transpose(0, 2, 1), drawn(2, 4, 5), drawn(2, 5, 3))


@pytest.mark.parametrize(
    ("tf32", "dtype", "compute_type", "least", "most"),
    [(False, "float32", 68, 0, 1e-6), (True, "float32", 77, 1e-5, 1e-2), (True, "float64", 70, 0, 1e-14)],
)
def test_tf32_is_an_explicit_choice(tf32, dtype, compute_type, least, most):
    """CUBLAS_COMPUTE_32F, unless the device was made with tf32=True; float64 stays what it is."""
    device, a, b = OnCpu(tf32=tf32), drawn(1, 9, 99, dtype=dtype), drawn(1, 99, 8, dtype=dtype)
    out = drawn(1, 9, 8, dtype=dtype)
    product(device, out, a, b)
    assert device.xp.cuda.cublas.compute_types == [compute_type]
    exact = a.astype("float64") @ b.astype("float64")
    assert least <= np.max(abs(out - exact)) / np.max(abs(exact)) <= most
