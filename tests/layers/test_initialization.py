"""Initial weights: their standard deviation by rule, by number, and the errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minialex import fast, layers
from minialex.layers.initialization import initial_std

KITS = pytest.mark.parametrize("kit", [layers, fast], ids=["textbook", "fast"])


def rng():
    return np.random.default_rng(0)


@KITS
@pytest.mark.parametrize(
    ("init", "expected"),
    [(None, 0.01), (0.05, 0.05), (0, 0), ("he", np.sqrt(2 / 600)), ("xavier", np.sqrt(2 / (600 + 400)))],
)
def test_dense(kit, init, expected):
    W = kit.Dense(600, 400, init=init, rng=rng()).params["W"]
    assert W.dtype == np.float32
    assert W.std() == pytest.approx(expected, rel=0.01)


@KITS
@pytest.mark.parametrize("groups", [1, 2, 4])
def test_convolutions_sum_over_the_channels_of_their_group(kit, groups):
    fan_in, fan_out = 64 // groups * 25, 96 // groups * 25
    for init, expected in (("he", np.sqrt(2 / fan_in)), ("xavier", np.sqrt(2 / (fan_in + fan_out)))):
        W = kit.Conv2D(64, 96, 5, groups=groups, init=init, rng=rng()).params["W"]
        assert W.std() == pytest.approx(expected, rel=0.02)


@KITS
def test_a_number_is_the_same_as_std_and_none_is_the_paper_s(kit):
    for same in ({"std": 0.03}, {"init": 0.03}), ({}, {"std": 0.01}, {"init": None}, {"std": None}):
        first, *others = (kit.Conv2D(4, 6, 3, rng=rng(), **settings).params["W"] for settings in same)
        for other in others:
            np.testing.assert_array_equal(first, other)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_he_keeps_the_mean_square_through_relu(fan_in, fan_out):
    """With x of mean square 1, relu(W x) has half of fan_in * std**2; symmetric W and x."""
    assert initial_std("", None, "he", fan_in, fan_out) ** 2 * fan_in / 2 == pytest.approx(1)
    assert initial_std("", None, "xavier", fan_in, fan_out) ** 2 * (fan_in + fan_out) / 2 == pytest.approx(1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"std": 0.01, "init": "he"}, "expected std or init, got both, std=0.01 and init='he'; leave out one of them"),
        ({"std": 0.01, "init": 0.01}, "expected std or init, got both"),
        ({"init": "hee"}, "init: expected one of he, xavier, got 'hee'; did you mean 'he'"),
        ({"init": "orthogonal"}, "init: expected one of he, xavier, got 'orthogonal'; choose one of them"),
        ({"init": -1}, "expected init to be a number, 0 <= init < inf, got -1"),
        ({"init": float("nan")}, "expected init to be a number"),
        ({"init": [1]}, "expected init to be a number"),
        ({"std": -1}, "expected std to be a number, 0 <= std < inf, got -1"),
    ],
)
def test_errors(settings, message):
    for make, sizes in ((layers.Dense, (4, 3)), (layers.Conv2D, (4, 3, 2))):
        with pytest.raises(ValueError, match=f"^{make.__name__}: {message}"):
            make(*sizes, rng=rng(), **settings)
