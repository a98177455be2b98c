"""What parameter sharing does to shifted images: convolutions shift with them, pooling forgets a little."""

import numpy as np
import pytest

from minialex import fast, layers
from minialex.variants import Local2D

RNG = np.random.default_rng(0)
X = RNG.standard_normal((2, 3, 16, 16)).astype("f4")
INSIDE = slice(4, -4)  # away from the padding


def shifted(x, by):
    return np.ascontiguousarray(np.roll(x, by, axis=3))


@pytest.mark.parametrize("kit", [layers, fast])
@pytest.mark.parametrize("by", [1, 2])
def test_a_convolution_is_equivariant(kit, by):
    """conv(shift(x)) = shift(conv(x)), away from the edges."""
    conv = kit.Conv2D(3, 8, 5, pad=2, std=0.1, rng=np.random.default_rng(1))
    before, after = conv.forward(X).copy(), conv.forward(shifted(X, by)).copy()
    np.testing.assert_allclose(after[..., INSIDE], shifted(before, by)[..., INSIDE], rtol=1e-4, atol=1e-5)
    assert change(before[..., INSIDE], after[..., INSIDE]) > 0.5  # equivariant is not invariant


def test_kernels_of_their_own_are_not_equivariant():
    local = Local2D(3, 8, 5, 16, pad=2, std=0.1, rng=np.random.default_rng(1))
    before, after = local.forward(X).copy(), local.forward(shifted(X, 1))
    assert change(shifted(before, 1)[..., INSIDE], after[..., INSIDE]) > 0.5


@pytest.mark.parametrize("kit", [layers, fast])
def test_pooling_is_equivariant_to_its_stride_only(kit):
    pool = kit.MaxPool(3, 2, ceil=True)
    before, one, two = (pool.forward(shifted(X, by)).copy() for by in (0, 1, 2))
    np.testing.assert_array_equal(two[..., 2:-2], np.roll(before, 1, axis=3)[..., 2:-2])
    assert change(before[..., 2:-2], one[..., 2:-2]) > 0.1


def test_pooling_is_a_little_invariant():
    """The output of a maximum changes less by a shift of one pixel than its input, and still much."""
    x = layers.ReLU().forward(layers.Conv2D(3, 8, 5, pad=2, std=0.1, rng=np.random.default_rng(1)).forward(X)).copy()
    pool = layers.MaxPool(3, 2, ceil=True)
    maps = change(x[..., INSIDE], shifted(x, 1)[..., INSIDE])
    pooled = change(pool.forward(x)[..., 2:-2], pool.forward(shifted(x, 1))[..., 2:-2])
    assert 0.2 * maps < pooled < 0.9 * maps


def change(before, after):
    """Return the relative change of an output."""
    return np.linalg.norm(after - before) / np.linalg.norm(before)
