"""The tools of these tests find what they are for: a wrong kernel, product or call is an error or shows in numbers."""

import numpy as np
import pytest
from cublas_double import HANDLE, Cublas, tf32
from cuda_on_cpu import Array, Kernel, OnCpu, given, needs_compiler, poisoned
from kernels_on_cpu import RawKernel, library

FLOAT = ("-std=c++17", "-DREAL=float")


def kernel(body, parameters="const real* x, real* y, int size"):
    source = f"""
typedef REAL real;
extern "C" __global__ void wrong({parameters}) {{
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  {body}
}}"""
    return Kernel(source, "wrong", FLOAT)


def run(kernel, n=5, size=None):
    x, y = poisoned((n,), "float32"), poisoned((n,), "float32")
    x[...] = np.arange(n)
    kernel((1, 1, 1), (32, 1, 1), (x, y, np.int32(size or n)))
    return y


@needs_compiler
def test_a_right_kernel():
    np.testing.assert_array_equal(run(kernel("if (i < size) y[i] = 2 * x[i];")), [0, 2, 4, 6, 8])


@needs_compiler
def test_an_element_that_no_thread_writes_is_poison():
    assert np.isnan(run(kernel("if (i < size - 1) y[i] = x[i];"))[-1])


@needs_compiler
@pytest.mark.parametrize("index", ["i + 1", "i - 1"])
def test_a_read_beyond_an_array_is_poison(index):
    assert np.isnan(run(kernel(f"if (i < size) y[i] = x[{index}];"))).any()


@needs_compiler
@pytest.mark.parametrize("index", ["i + 1", "i - 1"])
def test_a_write_beyond_an_array_is_an_error(index):
    with pytest.raises(AssertionError, match="a write beyond an array"):
        run(kernel(f"if (i < size) y[{index}] = x[i];"))


@needs_compiler
def test_threads_that_depend_on_their_order_differ_backwards(monkeypatch):
    one = kernel("if (i < size) { y[i] = x[i]; if (i > 0) y[0] = x[i]; }")
    forwards = np.array(run(one))
    monkeypatch.setattr(Kernel, "backwards", True)
    assert not np.array_equal(run(one), forwards)


@pytest.mark.parametrize("body", ["__syncthreads();", "atomicAdd(y, x[i]);", "__shared__ real z[9];"])
def test_what_a_loop_cannot_show_is_refused(body):
    with pytest.raises(AssertionError, match="threads depend on each other"):
        library(kernel(body).source, FLOAT)


@needs_compiler
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((np.ones(3), np.ones(3, "float32"), np.int32(3)), "real. is float32, got float64"),
        ((np.ones(3, "float32"), np.ones(3, "float32"), np.int64(3)), "int is int32, got int64"),
        ((np.ones(3, "float32"), np.ones(3, "float32")), "3 arguments, got 2"),
    ],
)
def test_arguments_of_another_type_are_refused(arguments, words):
    with pytest.raises(AssertionError, match=words):
        RawKernel(kernel("").source, "wrong", FLOAT)((1, 1, 1), (32, 1, 1), arguments)


def gemm(**changed):
    a, b, c = (np.ones((2, 4, 4), "float32") for _ in range(3))
    one = np.ones(1, "float32")
    arguments = {
        "handle": HANDLE, "transa": 0, "transb": 0, "m": 4, "n": 4, "k": 4, "alpha": one.ctypes.data,
        "A": a.ctypes.data, "Atype": 0, "lda": 4, "strideA": 16, "B": b.ctypes.data, "Btype": 0, "ldb": 4,
        "strideB": 16, "beta": one.ctypes.data, "C": c.ctypes.data, "Ctype": 0, "ldc": 4, "strideC": 16,
        "batchCount": 2, "computeType": 68, "algo": -1,
    }  # fmt: skip
    Cublas().gemmStridedBatchedEx(**arguments | changed)
    return c


def test_a_product_that_cublas_takes():
    np.testing.assert_array_equal(gemm(), np.full((2, 4, 4), 5))


@pytest.mark.parametrize(
    "wrong",
    [{"lda": 3}, {"ldb": 3}, {"ldc": 3}, {"transa": 1, "k": 5, "lda": 4}, {"strideC": 15}, {"strideC": 0},
     {"computeType": 70}, {"computeType": 64}, {"Btype": 1}, {"m": 0}, {"batchCount": 0}, {"handle": 0}, {"algo": 99}],
    ids=str,
)  # fmt: skip
def test_what_cublas_refuses_or_computes_wrongly_is_an_error(wrong):
    with pytest.raises((AssertionError, KeyError)):
        gemm(**wrong)


def test_tf32_keeps_eleven_bits():
    assert tf32(np.array([1 + 2**-10], "float32"))[0] == 1 + 2**-10
    assert tf32(np.array([1 + 2**-12], "float32"))[0] == 1


def test_an_array_of_the_device_keeps_its_order_and_values():
    x = np.arange(24.0, dtype="float32").reshape(2, 3, 4)
    for one in (x, x.transpose(2, 0, 1), np.asfortranarray(x), x[:, ::2]):
        on_device = given(one)
        assert isinstance(on_device, Array)
        assert on_device.strides == one.strides
        np.testing.assert_array_equal(on_device, one)
    assert OnCpu().holds(given(x))
    assert not OnCpu().holds(x)
