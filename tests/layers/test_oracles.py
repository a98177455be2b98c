"""Every layer's forward against plain loops; linear layers against their own transpose.

A backward that passes its gradient check can still belong to the wrong function: here the function itself is checked.
"""

import naive
import numpy as np
import pytest
from cases import CASES, LOOPS, over_cases, over_kits, relative

KINDS_THAT_DRAW_NOTHING = tuple(LOOPS)
LINEAR = ("Conv2D", "Dense", "AvgPool", "Flatten", "Dropout", "Local2D")


@over_cases(*KINDS_THAT_DRAW_NOTHING)
def test_forward_equals_the_loops(kit, case):
    rng = np.random.default_rng(0)
    layer, x = case.build(kit, rng), case.x(rng)
    assert relative(layer.forward(x), case.by_loops(layer, x)) < 1e-12


@over_cases()
def test_output_shape_is_the_shape_of_the_output(kit, case):
    rng = np.random.default_rng(0)
    layer = case.build(kit, rng)
    N, *shape = case.shape
    assert layer.forward(case.x(rng)).shape == (N, *layer.output_shape(tuple(shape)))


@over_cases(*LINEAR)
def test_backward_is_the_transpose_of_a_linear_forward(kit, case):
    """<forward(x), dy> == <x, backward(dy)> for all x and dy (dropout: with the mask that it drew)."""
    rng = np.random.default_rng(0)
    layer, x = case.build(kit, rng), case.x(rng)
    if layer.params:  # without the bias: linear, not affine
        layer.load_state({**layer.state(), "b": np.zeros_like(layer.params["b"])})
    y = layer.forward(x)
    dy = rng.standard_normal(y.shape)
    assert np.sum(y * dy) == pytest.approx(np.sum(x * layer.backward(dy)), rel=1e-11)


@over_cases()
def test_the_order_in_memory_does_not_matter(kit, case):
    """Logically the same x and dy, stored last axis first, as a transposed view would be."""
    results = []
    for order in "CF":
        rng = np.random.default_rng(0)
        layer = case.build(kit, rng)
        y = layer.forward(np.array(case.x(rng), order=order))
        dx = layer.backward(np.array(rng.standard_normal(y.shape), order=order))
        results.append([y, dx, *layer.grads.values()])
    for plain, transposed in zip(*results, strict=True):
        assert relative(transposed, plain) < 1e-12


@over_kits
@pytest.mark.parametrize(("batch", "classes"), [(1, 4), (5, 3), (2, 1)])
def test_cross_entropy(kit, batch, classes):
    rng = np.random.default_rng(0)
    logits, labels = rng.standard_normal((batch, classes)), rng.integers(0, classes, batch)
    loss = kit.SoftmaxCrossEntropy().forward(logits, labels)
    assert type(loss) is float
    assert loss == pytest.approx(naive.cross_entropy(logits, labels), rel=1e-12, abs=1e-15)


def test_the_table_covers_every_layer():
    kinds = {case.kind for case in CASES.values()}
    assert kinds == {*LOOPS, "Dropout"}


# -- the loops themselves, once, against numbers ------------------------------------------------------------------


def test_window_starts_by_the_formula_of_the_output_size():
    """floor: 1 + (H - K) // stride; ceil: rounded up, less a last window that would begin beyond the image."""
    for H in range(1, 12):
        for K in range(1, H + 1):
            for stride in range(1, 5):
                assert len(naive.starts(H, K, stride, ceil=False)) == 1 + (H - K) // stride
                up = 1 + -((K - H) // stride)
                up -= (up - 1) * stride >= H
                assert naive.starts(H, K, stride, ceil=True) == [stride * i for i in range(up)]
