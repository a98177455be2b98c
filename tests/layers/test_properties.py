"""Random settings: hypothesis draws kernels, strides, pads, groups and sizes that no table contains.

For each: the output's shape, values against loops, gradients against differences, linear layers against transposes.
"""

import numpy as np
import pytest
from cases import case, over_kits, relative
from hypothesis import given, settings
from hypothesis import strategies as st

from minialex import check_gradients
from minialex.gradcases import separated

thirty = settings(max_examples=30, derandomize=True, database=None)


def between(low, high):
    return st.integers(low, high)


@st.composite
def convolutions(draw):
    K, stride, groups = draw(between(1, 4)), draw(between(1, 4)), draw(between(1, 3))
    pad = draw(st.one_of(between(0, 3), st.tuples(between(0, 3), between(0, 3))))
    C, C_out = groups * draw(between(1, 2)), groups * draw(between(1, 2))
    smallest = max(1, K - (2 * pad if isinstance(pad, int) else sum(pad)))
    shape = (draw(between(1, 2)), C, draw(between(smallest, 6)), draw(between(smallest, 6)))
    return case(shape, "Conv2D", C, C_out, K, stride=stride, pad=pad, groups=groups)


@st.composite
def pools(draw, kind="MaxPool"):
    K, stride, ceil = draw(between(1, 4)), draw(between(1, 4)), draw(st.booleans())
    shape = (draw(between(1, 2)), draw(between(1, 2)), draw(between(K, 8)), draw(between(K, 8)))
    return case(shape, kind, K, stride, ceil=ceil, values=separated)


@st.composite
def normalizations(draw):
    groups, n = draw(between(1, 3)), draw(st.sampled_from([1, 3, 5, 7]))
    shape = (draw(between(1, 2)), groups * draw(between(1, 4)), draw(between(1, 4)), draw(between(1, 4)))
    k, alpha, beta = draw(st.sampled_from([(2.0, 0.5, 0.75), (1.0, 2.0, 0.5), (0.5, 0.1, 1.0)]))
    across, average = draw(st.sampled_from(["channels", "space"])), draw(st.booleans())
    return case(shape, "LRN", n, k, alpha, beta, across=across, average=average, groups=groups)


@st.composite
def dense(draw):
    inputs, outputs = draw(between(1, 6)), draw(between(1, 6))
    return case((draw(between(1, 4)), inputs), "Dense", inputs, outputs)


def check(kit, case):
    rng = np.random.default_rng(0)
    layer, x = case.build(kit, rng), case.x(rng)
    y = layer.forward(x)
    layer.backward(np.zeros_like(y))
    assert y.shape == (len(x), *layer.output_shape(x.shape[1:]))
    assert relative(y, case.by_loops(layer, x)) < 1e-12
    errors = check_gradients(layer, x, rng=rng)
    assert all(error <= 1e-6 for error in errors.values()), errors


def check_transpose(kit, case):
    rng = np.random.default_rng(0)
    layer, x = case.build(kit, rng), case.x(rng)
    without_x = layer.forward(np.zeros_like(x))  # the bias alone
    y = layer.forward(x) - without_x
    dy = rng.standard_normal(y.shape)
    assert np.sum(y * dy) == pytest.approx(np.sum(x * layer.backward(dy)), rel=1e-9, abs=1e-11)


@over_kits
@thirty
@given(case=convolutions())
def test_convolution(kit, case):
    check(kit, case)
    check_transpose(kit, case)


@over_kits
@thirty
@given(case=dense())
def test_dense(kit, case):
    check(kit, case)
    check_transpose(kit, case)


@over_kits
@thirty
@given(case=pools("AvgPool"))
def test_average_pooling(kit, case):
    check(kit, case)
    check_transpose(kit, case)


@over_kits
@thirty
@given(case=pools("MaxPool"))
def test_max_pooling(kit, case):
    check(kit, case)


@over_kits
@thirty
@given(case=normalizations())
def test_response_normalization(kit, case):
    check(kit, case)


@over_kits
@thirty
@given(logits=st.lists(st.tuples(*[st.floats(-1e4, 1e4)] * 3), min_size=1, max_size=4), shift=between(-9, 9))
def test_softmax_gives_probabilities_whatever_the_logits(kit, logits, shift):
    """They sum to 1, and only differences of logits matter."""
    logits = np.array(logits)
    p = kit.Softmax().forward(logits)
    assert np.all(p >= 0)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(kit.Softmax().forward(logits + shift), p, rtol=1e-10)
