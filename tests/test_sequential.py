"""Nets in nets, in what `test_containers.py` and `test_layer_errors.py` leave open."""

import numpy as np
import pytest

from minialex import Sequential
from minialex.layers import Dense, Dropout, ReLU


def deep():
    rng = np.random.default_rng(0)
    return Sequential(
        a=Sequential(b=Sequential(c=Dense(2, 3, rng=rng), d=ReLU()), e=Dense(3, 3, rng=rng)),
        f=Dense(3, 2, rng=rng), g=Dropout(rng=rng),
    )  # fmt: skip


def test_names_go_through_every_level():
    net = deep()
    assert list(net.state()) == ["a.b.c.W", "a.b.c.b", "a.e.W", "a.e.b", "f.W", "f.b"]
    assert [prefix for prefix, _, _ in net.flow((2,))] == ["a.b.c.", "a.b.d.", "a.e.", "f.", "g."]
    assert [layer.name for _, layer in net.walk()][1:4] == ["a", "a.b", "a.b.c"]


def test_a_net_in_a_net_computes_as_the_flat_one_and_updates_in_its_order():
    net = deep().astype("float64")
    flat = Sequential(**{prefix[:-1].replace(".", "_"): layer for prefix, layer, _ in deep().flow((2,))})
    flat.astype("float64")
    flat.load_state({name[:-2].replace(".", "_") + name[-2:]: value for name, value in net.state().items()})
    x, dy = np.random.default_rng(1).standard_normal((2, 4, 2))
    for one in (net, flat):
        for _, layer in one.walk():
            if layer.rng:
                layer.rng.bit_generator.state = np.random.default_rng(5).bit_generator.state
    np.testing.assert_array_equal(net.forward(x), flat.forward(x))
    np.testing.assert_array_equal(net.backward(dy), flat.backward(dy))
    seen = {}
    for one in (net, flat):
        seen[one] = []
        one.each_parameter(lambda name, w, gradient, to=seen[one]: to.append((name.replace(".", "_"), gradient)))
    assert [name for name, _ in seen[net]] == [name for name, _ in seen[flat]]
    for (_, ours), (_, theirs) in zip(seen[net], seen[flat], strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_dot_in_a_name_is_refused():
    with pytest.raises(ValueError, match=r"names without a dot, got 'a\.b'"):
        Sequential(**{"a.b": ReLU()})
