"""Outputs of a layer as features, and nearest neighbours."""

import numpy as np
import pytest
from small_runs import colours, net

from minialex.models import small_alexnet
from minialex.summary import activations
from minialex.training import features, nearest

RNG = np.random.default_rng(0)


def with_inputs(made):
    made.input_mean, made.input_std = np.full((3, 1, 1), 50, "f4"), 10.0
    return made


def test_features_are_what_the_layer_returns_in_evaluation_mode():
    made, split = with_inputs(net(RNG)), colours(10, 0)
    x = ((split.images - made.input_mean) / made.input_std).astype("f4")
    got = features(made, split, layer="relu1", batch=4)
    np.testing.assert_allclose(got, activations(made, x)["relu1"], rtol=1e-5)
    assert made.training
    np.testing.assert_allclose(features(made, split), activations(made, x)["drop1"], rtol=1e-5)  # what fc2 reads


def test_groups_are_concatenated_and_maps_are_flat():
    made, images = with_inputs(small_alexnet(rng=RNG)), RNG.integers(0, 256, (3, 3, 36, 36), dtype=np.uint8)
    split = colours(3, 0).__class__(images, np.zeros(3, int))
    values = activations(made, ((images[:, :, 2:34, 2:34] - made.input_mean) / 10).astype("f4"))
    both = np.concatenate([values["fc7.a.relu7"], values["fc7.b.relu7"]], axis=1)
    for layer in ("relu7",):
        np.testing.assert_allclose(features(made, split, layer=layer, crop=32), both, rtol=1e-4)
    assert features(made, split, layer="fc7.b.relu7", crop=32).shape == (3, 256)
    assert features(made, split, layer="fc7", crop=32).shape == (3, 512)  # the tuple of both groups
    assert features(made, split, crop=32).shape == (3, 512)  # what fc8 reads
    assert features(made, split, layer="pool2", crop=32).shape == (3, 2 * 32 * 8 * 8)


def test_an_unknown_layer_is_answered_with_a_known_one():
    with pytest.raises(ValueError, match=r"features: expected a layer of the net, got 'rellu1'; did you mean 'relu1'"):
        features(with_inputs(net(RNG)), colours(4, 0), layer="rellu1")
    with pytest.raises(ValueError, match="choose one of flatten, fc1, relu1"):
        features(with_inputs(net(RNG)), colours(4, 0), layer="zzz")


def test_nearest_by_hand():
    keys = np.array([[0.0, 0], [3, 4], [1, 0], [0, 2]])
    assert nearest(np.array([[0.0, 0.1], [3, 3]]), keys, 3).tolist() == [[0, 2, 3], [1, 3, 2]]


def test_of_equal_distances_the_lower_index_is_first():
    assert nearest(np.zeros((1, 1)), np.array([[1.0], [-1.0], [1.0], [0.5]]), 4).tolist() == [[3, 0, 1, 2]]


def test_nearest_is_exact_for_pixels_far_from_zero():
    """uint8 does not overflow, and squares of 3,072 large values do not swamp small differences."""
    keys = np.full((3, 3072), 250, np.uint8)
    keys[0, 0], keys[1, 0] = 247, 248
    assert nearest(keys[2:], keys, 3).tolist() == [[2, 1, 0]]


def test_blocks_of_queries_make_no_difference():
    queries, keys = RNG.standard_normal((600, 5)), RNG.standard_normal((50, 5))
    whole = np.argsort(np.linalg.norm(queries[:, None] - keys, axis=2), axis=1)[:, :4]
    np.testing.assert_array_equal(nearest(queries, keys, 4), whole)


@pytest.mark.parametrize(("queries", "keys", "k", "message"), [
    ((2, 3), (4, 5), 1, "take the same layer"),
    ((2, 3, 1), (4, 3), 1, "flatten them"),
    ((2, 3), (4, 3), 5, "at least k = 5 keys, got 4"),
    ((2, 3), (4, 3), 0, "expected k to be an integer >= 1"),
])  # fmt: skip
def test_arrays_that_do_not_fit_are_refused(queries, keys, k, message):
    with pytest.raises(ValueError, match=message):
        nearest(np.zeros(queries), np.zeros(keys), k)
