"""The normalizations that are compared: the alpha that goes with inputs of unit variance."""

import numpy as np

from minialex.lab.norm import DEVIATION, ENTRIES, across, within
from minialex.layers import LRN


def test_alpha_for_inputs_of_unit_variance_does_the_same_in_another_scale():
    a = np.random.default_rng(0).standard_normal((2, 16, 5, 5), dtype="float32")
    papers = LRN().forward(DEVIATION * a)
    np.testing.assert_allclose(across(16).forward(a), papers / DEVIATION, rtol=1e-4, atol=1e-6)
    second = LRN(5, 2.0, 1e-3, 0.75, average=True, across="space").forward(DEVIATION * a)
    np.testing.assert_allclose(within(16).forward(a), second / DEVIATION, rtol=1e-4, atol=1e-6)
    almost_a_factor = across(16, alpha=1e-4).forward(a) / a
    assert np.ptp(almost_a_factor) < 0.002 * 2**-0.75


def layers_of(name):
    return [*ENTRIES[name].net(rng=np.random.default_rng(0), classes=10).layers]


def test_where_each_net_normalizes():
    assert "norm1" not in layers_of("without")
    assert layers_of("across maps")[:4] == ["conv1", "unit1", "norm1", "pool1"]  # the paper's order
    assert layers_of("across maps, after the pooling")[:4] == ["conv1", "unit1", "pool1", "norm1"]
    net = ENTRIES["within maps"].net(rng=np.random.default_rng(0), classes=10)
    assert (net["norm1"].across, net["norm2"].across) == ("space", "space")
    assert "norm3" not in net.layers
