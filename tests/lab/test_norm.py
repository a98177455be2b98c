"""The normalizations that are compared: how strong each is against k, and where it is."""

import numpy as np
import pytest

from minialex.lab.norm import ALPHA, ENTRIES, across, within
from minialex.layers import LRN


def test_both_kinds_are_as_strong_where_all_values_are_equal():
    a = np.full((1, 9, 9, 9), 2.0, dtype="float32")
    middle = 2 / (2 + ALPHA * 5 * 2**2) ** 0.75  # five values of 2; within maps, the mean of 25 values times 5
    assert across(9).forward(a)[0, 4, 4, 4] == pytest.approx(middle, rel=1e-5)
    assert within(9).forward(a)[0, 4, 4, 4] == pytest.approx(middle, rel=1e-5)


def test_the_papers_alpha_only_divides_outputs_of_this_size_by_a_constant():
    a = np.random.default_rng(0).standard_normal((2, 16, 5, 5), dtype="float32")
    almost_a_factor = across(16, alpha=1e-4).forward(a) / a
    assert np.ptp(almost_a_factor) < 0.002 * 2**-0.75
    assert np.ptp(across(16).forward(a) / a) > 0.1
    np.testing.assert_allclose(across(16, alpha=1e-4).forward(a), LRN().forward(a), rtol=1e-6)


def layers_of(name):
    return [*ENTRIES[name].net(rng=np.random.default_rng(0), classes=10).layers]


def test_where_each_net_normalizes():
    assert "norm1" not in layers_of("without")
    assert layers_of("across maps, alpha 0.1")[:4] == ["conv1", "unit1", "norm1", "pool1"]  # the paper's order
    assert layers_of("across maps, after the pooling")[:4] == ["conv1", "unit1", "pool1", "norm1"]
    net = ENTRIES["within maps"].net(rng=np.random.default_rng(0), classes=10)
    assert (net["norm1"].across, net["norm2"].across) == ("space", "space")
    assert "norm3" not in net.layers
