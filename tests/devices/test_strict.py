"""The textbook layers use nothing but the Array API: the table on a device of array-api-strict, against NumPy."""

import numpy as np
import pytest
from cases import CASES
from strict_device import StrictDevice, home

from minialex import layers
from minialex.kits import complete

TEXTBOOK = complete(layers)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_strict_arrays_give_what_numpy_does(case):
    strict = StrictDevice("device1")
    theirs = case.build(TEXTBOOK, np.random.default_rng(0))
    ours = case.build(TEXTBOOK, np.random.default_rng(0)).to(strict)
    x = case.x(np.random.default_rng(1))
    expected = theirs.forward(x)
    dy = np.random.default_rng(2).standard_normal(expected.shape)
    with strict:
        y = ours.forward(strict.put(x))
        dx = ours.backward(strict.put(dy))
    assert strict.holds(y)
    assert strict.holds(dx)
    np.testing.assert_allclose(home(y), expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(home(dx), theirs.backward(dy), rtol=1e-12, atol=1e-14)
    assert ours.grads.keys() == theirs.grads.keys()
    for name, gradient in ours.grads.items():
        np.testing.assert_allclose(home(gradient), theirs.grads[name], rtol=1e-12, atol=1e-14)


def test_the_loss_on_strict_arrays():
    strict, rng = StrictDevice("device2"), np.random.default_rng(0)
    logits, labels = 10 * rng.standard_normal((5, 7)), np.array([6, 0, 3, 3, 1])
    ours, theirs = layers.SoftmaxCrossEntropy().to(strict), layers.SoftmaxCrossEntropy()
    with strict:
        assert ours.forward(strict.put(logits), labels) == pytest.approx(theirs.forward(logits, labels), rel=1e-14)
        np.testing.assert_allclose(home(ours.backward()), theirs.backward(), rtol=1e-12)
