"""Small examples worked by hand, the arithmetic beside them: follow them with a pencil.

Most read the image x = 1 2 3 / 4 5 6 / 7 8 9 and the kernel W = 1 2 / 3 4.
"""

from math import log

import numpy as np
import pytest
from cases import over_kits

RNG = np.random.default_rng(0)  # of layers whose random draws are replaced or do not matter
X = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
W = [[1, 2], [3, 4]]


def image(rows):
    """Return one image of one channel, (1, 1, H, W)."""
    return np.array(rows, dtype="float64")[None, None]


def pixels(*channels):
    """Return one image of one pixel, (1, C, 1, 1)."""
    return np.array(channels, dtype="float64").reshape(1, -1, 1, 1)


def with_params(layer, W, b):
    layer.astype("float64").load_state({"W": np.array(W, dtype="float64"), "b": np.array(b, dtype="float64")})
    return layer


def near(got, expected):
    np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-15)


# -- convolution and dense ----------------------------------------------------------------------------------------


# fmt: off
@over_kits
@pytest.mark.parametrize(("settings", "y"), [
    ({},                        [[37, 47],          # 1*1 + 2*2 + 3*4 + 4*5 = 37     1*2 + 2*3 + 3*5 + 4*6 = 47
                                 [67, 77]]),        # 1*4 + 2*5 + 3*7 + 4*8 = 67     1*5 + 2*6 + 3*8 + 4*9 = 77
    ({"stride": 2},             [[37]]),            # one window fits
    ({"stride": 2, "pad": 1},   [[ 4, 18],          # 0 0 / 0 1: 4*1 = 4             0 0 / 2 3: 3*2 + 4*3 = 18
                                 [36, 77]]),        # 0 4 / 0 7: 2*4 + 4*7 = 36      5 6 / 8 9: 77 as above
    ({"pad": (0, 1)},           [[37, 47, 21],      # 3 0 / 6 0: 1*3 + 3*6 = 21
                                 [67, 77, 33],      # 6 0 / 9 0: 1*6 + 3*9 = 33
                                 [23, 26,  9]]),    # 7 8 / 0 0: 1*7 + 2*8 = 23      8 9 / 0 0: 26      9 0 / 0 0: 9
    ({"pad": (1, 0)},           [[ 4, 11, 18],      # 0 0 / 0 1: 4    0 0 / 1 2: 3*1 + 4*2 = 11    0 0 / 2 3: 18
                                 [18, 37, 47],      # 0 1 / 0 4: 2*1 + 4*4 = 18
                                 [36, 67, 77]]),
], ids=str)
def test_convolution(kit, settings, y):
    conv = with_params(kit.Conv2D(1, 1, 2, **settings, rng=RNG), [[W]], [0.5])
    near(conv.forward(image(X)), image(y) + 0.5)


@over_kits
def test_convolution_backward(kit):
    conv = with_params(kit.Conv2D(1, 1, 2, rng=RNG), [[W]], [0.5])
    conv.forward(image(X))
    dx = conv.backward(image([[1, 0],
                              [0, 2]]))
    near(dx, image([[1, 2, 0],                      # W at the first window, and 2 W at the last; they overlap
                    [3, 6, 4],                      # in the middle: 4*1 + 1*2 = 6
                    [0, 6, 8]]))
    near(conv.grads["W"], [[[[11, 14],              # 1*1 + 2*5 = 11     1*2 + 2*6 = 14
                             [20, 23]]]])           # 1*4 + 2*8 = 20     1*5 + 2*9 = 23
    near(conv.grads["b"], [3])                      # 1 + 2


@over_kits
def test_convolution_in_two_groups(kit):
    conv = with_params(kit.Conv2D(4, 2, 1, groups=2, rng=RNG), [[[[1]], [[10]]], [[[100]], [[1000]]]], [0, 0])
    near(conv.forward(pixels(1, 2, 3, 4)), pixels(21, 4300))    # 1*1 + 10*2      100*3 + 1000*4
    near(conv.backward(pixels(5, 6)), pixels(5, 50, 600, 6000))
    near(conv.grads["W"].reshape(2, 2), [[5, 10], [18, 24]])    # 5*1, 5*2        6*3, 6*4


@over_kits
def test_dense(kit):
    dense = with_params(kit.Dense(2, 2, rng=RNG), [[1, 10], [100, 1000]], [0.5, 0])
    near(dense.forward(np.array([[1.0, 2.0], [3.0, 4.0]])), [[21.5, 2100], [43.5, 4300]])
    near(dense.backward(np.array([[1.0, 2.0], [0.0, 1.0]])), [[201, 2010], [100, 1000]])
    near(dense.grads["W"], [[1, 2], [2 + 3, 4 + 4]])            # summed over the batch, not averaged
    near(dense.grads["b"], [1, 3])


# -- pooling ------------------------------------------------------------------------------------------------------


@over_kits
@pytest.mark.parametrize(("settings", "largest", "average"), [
    ({"stride": 1},               [[5, 6], [8, 9]],   [[3, 4], [6, 7]]),        # (1 + 2 + 4 + 5) / 4 = 3
    ({"stride": 2},               [[5]],              [[3]]),                   # one window fits
    ({"stride": 2, "ceil": True}, [[5, 6], [8, 9]],   [[3, 4.5], [7.5, 9]]),    # (3 + 6) / 2    (7 + 8) / 2    9 / 1
], ids=str)
def test_pools(kit, settings, largest, average):
    near(kit.MaxPool(2, **settings).forward(image(X)), image(largest))
    near(kit.AvgPool(2, **settings).forward(image(X)), image(average))


@over_kits
def test_max_pool_of_negative_numbers(kit):
    """Beyond the edge there are no values: a zero would be the largest."""
    near(kit.MaxPool(2, 2, ceil=True).forward(-image(X)), image([[-1, -3], [-7, -9]]))


@over_kits
def test_average_pool_backward_divides_by_the_clipped_area(kit):
    pool = kit.AvgPool(2, 2, ceil=True)
    pool.forward(image(X))
    near(pool.backward(image([[4, 6], [8, 5]])), image([[1, 1, 3],      # 4 / 4     6 / 2
                                                        [1, 1, 3],
                                                        [4, 4, 5]]))    # 8 / 2     5 / 1


@over_kits
@pytest.mark.parametrize(("x", "dx"), [
    (X,                                     [[0, 0, 0], [0, 1, 2], [0, 3, 4]]),
    ([[1, 2, 3], [4, 9, 6], [7, 8, 5]],     [[0, 0, 0], [0, 10, 0], [0, 0, 0]]),    # 9 in all: 1 + 2 + 3 + 4
    ([[7, 7, 7], [7, 7, 7], [7, 7, 7]],     [[1, 2, 0], [3, 4, 0], [0, 0, 0]]),     # a tie goes to the first ...
    ([[1, 7, 1], [7, 1, 7], [1, 7, 1]],     [[0, 3, 0], [3, 0, 4], [0, 0, 0]]),     # ... row by row, left to right
], ids=["in order", "shared", "all equal", "ties"])
def test_max_pool_backward(kit, x, dx):
    pool = kit.MaxPool(2, 1)
    pool.forward(image(x))
    near(pool.backward(image([[1, 2], [3, 4]])), image(dx))
# fmt: on


@over_kits
@pytest.mark.parametrize("kind", ["MaxPool", "AvgPool"])
@pytest.mark.parametrize(("i", "j"), [(0, 0), (1, 1), (2, 2)])
def test_nan_goes_through_pools(kit, kind, i, j):
    """A NaN must stay visible: it appears in every window that reads it, and in no other."""
    x = image(X)
    x[0, 0, i, j] = np.nan
    reads_it = [[0 <= i - row <= 1 and 0 <= j - column <= 1 for column in range(2)] for row in range(2)]
    np.testing.assert_array_equal(np.isnan(getattr(kit, kind)(2, 1).forward(x)), [[reads_it]])


# -- local response normalization: b = a / (k + alpha * sum of a^2) ** beta -----------------------------------------


# fmt: off
@over_kits
@pytest.mark.parametrize(("settings", "a", "b"), [
    # n  k    alpha beta                a                  sums of squares: 1 + 4, 1 + 4 + 9, 4 + 9
    ((3, 1.0, 0.5,  1.0, {}),                  [1, 2, 3],         [1 / 3.5, 2 / 8, 3 / 7.5]),
    ((3, 1.0, 0.5,  1.0, {"average": True}),   [1, 2, 3],         [6 / 11, 12 / 20, 18 / 19]),    # alpha = 1/6
    ((3, 1.0, 0.5,  2.0, {}),                  [1, 2, 3],         [1 / 3.5**2, 2 / 8**2, 3 / 7.5**2]),
    ((3, 1.0, 0.5,  1.0, {"groups": 2}),       [1, 2, 3, 4],      [1 / 3.5, 2 / 3.5, 3 / 13.5, 4 / 13.5]),  # 5, 25
    ((5, 1.0, 1.0,  1.0, {}),                  [1, 1, 1, 1, 1],   [1 / 4, 1 / 5, 1 / 6, 1 / 5, 1 / 4]),  # 3 4 5 4 3
    ((1, 1.0, 1.0,  1.0, {}),                  [1, 2],            [1 / 2, 2 / 5]),
    ((5, 2.0, 1e-4, .75, {}),                  [100],             [100 / 3**0.75]),               # the paper's
], ids=str)
def test_lrn_across_channels(kit, settings, a, b):
    *numbers, named = settings
    near(kit.LRN(*numbers, **named).forward(pixels(*a)), pixels(*b))


@over_kits
def test_lrn_defaults_are_those_of_the_paper(kit):
    near(kit.LRN().forward(pixels(*[100] * 5)), pixels(*(100 / (2 + count) ** 0.75 for count in (3, 4, 5, 4, 3))))


@over_kits
def test_lrn_within_a_map(kit):
    """Ones, so that the sum counts the neighbours: 4 in a corner, 6 at a side, 9 in the middle."""
    ones, counts = image(np.ones((3, 3))), image([[4, 6, 4], [6, 9, 6], [4, 6, 4]])
    near(kit.LRN(3, 1.0, 1.0, 1.0, across="space").forward(ones), 1 / (1 + counts))
    near(kit.LRN(3, 1.0, 1.0, 1.0, across="space", average=True).forward(ones), 1 / (1 + counts / 9))


@over_kits
def test_lrn_backward(kit):
    """b0 = a0 / t, t = 1 + a0^2 + a1^2 = 6:  db0/da0 = 1/t - 2 a0 a0 / t^2,  db0/da1 = -2 a0 a1 / t^2."""
    lrn = kit.LRN(3, 1.0, 1.0, 1.0)
    lrn.forward(pixels(1, 2))
    near(lrn.backward(pixels(1, 0)), pixels(1 / 6 - 2 / 36, -4 / 36))


# -- the curves ---------------------------------------------------------------------------------------------------


@over_kits
@pytest.mark.parametrize(("kind", "x", "y", "slope"), [
    ("ReLU",    [-2, 0, 3],     [0, 0, 3],          [0, 0, 1]),             # at 0: slope 0
    ("Tanh",    [0, log(2)],    [0, 0.6],           [1, 1 - 0.6**2]),       # (2 - 1/2) / (2 + 1/2) = 0.6
    ("Sigmoid", [0, log(3)],    [1 / 2, 3 / 4],     [1 / 4, 3 / 16]),       # 1 / (1 + 1/3) = 3/4;  3/4 * 1/4
    ("Tanh",    [-1e4, 1e4],    [-1, 1],            [0, 0]),
    ("Sigmoid", [-1e4, 1e4],    [0, 1],             [0, 0]),                # and no overflow
], ids=str)
def test_curves(kit, kind, x, y, slope):
    layer = getattr(kit, kind)()
    near(layer.forward(np.array([x], dtype="float64")), [y])
    near(layer.backward(np.full((1, len(x)), 10.0)), [[10 * value for value in slope]])


@over_kits
def test_flatten_reads_maps_then_rows_then_columns(kit):
    flatten, x = kit.Flatten(), np.arange(24.0).reshape(2, 3, 2, 2)
    near(flatten.forward(x), [range(12), range(12, 24)])
    near(flatten.backward(np.arange(24.0).reshape(2, 12)), x)


# -- softmax and its loss -----------------------------------------------------------------------------------------


@over_kits
def test_softmax(kit):
    softmax = kit.Softmax()
    near(softmax.forward(np.array([[0, log(2), log(5)]])), [[1 / 8, 2 / 8, 5 / 8]])         # 1 + 2 + 5 = 8
    near(softmax.backward(np.array([[1.0, 0, 0]])), [[7 / 64, -2 / 64, -5 / 64]])           # 1/8 * 7/8, -1/8 * 2/8


@over_kits
def test_softmax_of_huge_logits(kit):
    near(kit.Softmax().forward(np.array([[1e4, -1e4], [-1e4, -1e4]])), [[1, 0], [1 / 2, 1 / 2]])


@over_kits
@pytest.mark.parametrize(("logits", "labels", "loss", "dlogits"), [
    ([[0, 0, 0, 0]],            [2],    log(4),             [[1 / 4, 1 / 4, -3 / 4, 1 / 4]]),     # uniform: log K
    ([[7, 7], [0, 0]],          [0, 1], log(2),             [[-1 / 4, 1 / 4], [1 / 4, -1 / 4]]),  # mean of the batch
    ([[0, log(3)], [0, 0]],     [0, 0], log(4 * 2) / 2,     [[-3 / 8, 3 / 8], [-1 / 4, 1 / 4]]),  # 1/4 and 1/2
    ([[1e4, -1e4]],             [1],    2e4,                [[1, -1]]),                           # certain, and wrong
    ([[1e4, -1e4]],             [0],    0,                  [[0, 0]]),
], ids=["uniform", "batch", "uneven", "wrong", "right"])
def test_cross_entropy(kit, logits, labels, loss, dlogits):
    head = kit.SoftmaxCrossEntropy()
    assert head.forward(np.array(logits, dtype="float64"), np.array(labels)) == pytest.approx(loss, rel=1e-13)
    near(head.backward(), dlogits)


@over_kits
@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64"])
def test_labels_of_any_integer_type(kit, dtype):
    head = kit.SoftmaxCrossEntropy()
    assert head.forward(np.zeros((2, 3)), np.array([2, 0], dtype=dtype)) == pytest.approx(log(3))
    near(head.backward() * 6, [[1, 1, -2], [-2, 1, 1]])


# -- dropout: p = 0.3 is the probability of dropping ---------------------------------------------------------------


@over_kits
@pytest.mark.parametrize(("settings", "kept", "mean", "in_eval"), [
    ({},                 1.0,       0.7,  0.7),     # the paper's: multiply by 1 - p at test
    ({"inverted": True}, 1 / 0.7,   1.0,  1.0),     # divide by 1 - p in training, do nothing at test
], ids=["paper", "inverted"])
def test_dropout(kit, settings, kept, mean, in_eval):
    dropout, ones = kit.Dropout(0.3, **settings, rng=np.random.default_rng(0)), np.ones((100, 200))
    y = dropout.train().forward(ones)
    near(np.unique(y), [0, kept])
    assert y.mean() == pytest.approx(mean, abs=0.02)                # 20,000 elements: 0.02 is 6 standard deviations
    assert y.mean(axis=0).std() < 0.1                               # each image has a mask of its own
    near(dropout.backward(ones), y)                                 # the same mask and factor
    assert np.any(dropout.forward(ones) != y)                       # a new mask every time
    near(dropout.eval().forward(ones), in_eval)
    near(dropout.backward(ones), in_eval)
# fmt: on


@over_kits
def test_dropout_draws_from_its_generator_alone(kit):
    masks = [kit.Dropout(0.5, rng=np.random.default_rng(7)).forward(np.ones((4, 8))) for _ in range(2)]
    np.testing.assert_array_equal(*masks)
