"""Wrong arguments and wrong inputs: each is refused, with words that help.

A message names the layer, says what was expected and what came; these tables say which words to look for.
"""

import re

import numpy as np
import pytest
from cases import over_cases, over_kits

from minialex import Sequential

RNG = np.random.default_rng(0)


def zeros(*shape):
    return np.zeros(shape, dtype="float32")


def refuses(call, words, error=ValueError):
    """`call()` raises this error, and its message has these words and numbers, each as a whole."""
    with pytest.raises(error) as caught:
        call()
    missing = [word for word in words if not found(word, str(caught.value))]
    assert not missing, f"{missing} not in: {caught.value}"


def found(word, message):
    before, after = (r"(?<!\w)", r"(?!\w)") if isinstance(word, str) else (r"(?<![\d.])", r"(?!\d)")  # 3 is in 3x3
    return re.search(before + re.escape(str(word)) + after, message)


# fmt: off
@over_kits
@pytest.mark.parametrize(("kind", "args", "settings", "words"), [
    ("Conv2D",  (0, 4, 3),    {},                   ["in_channels", 0]),
    ("Conv2D",  (3, -4, 3),   {},                   ["out_channels", -4]),
    ("Conv2D",  (3, 4, 0),    {},                   ["kernel", 0]),
    ("Conv2D",  (3, 4, 2.5),  {},                   ["kernel", 2.5]),
    ("Conv2D",  (3, 4, 3),    {"stride": 0},        ["stride", 0]),
    ("Conv2D",  (3, 4, 3),    {"stride": "2"},      ["stride", "'2'"]),
    ("Conv2D",  (3, 4, 3),    {"pad": -1},          ["pad", -1]),
    ("Conv2D",  (3, 4, 3),    {"pad": (0, -2)},     ["pad", -2]),
    ("Conv2D",  (3, 4, 3),    {"pad": (1, 2, 3)},   ["pad", 1, 2, 3]),
    ("Conv2D",  (3, 4, 3),    {"pad": 0.5},         ["pad", 0.5]),
    ("Conv2D",  (3, 4, 3),    {"pad": "same"},      ["pad", "same"]),
    ("Conv2D",  (4, 4, 3),    {"groups": 0},        ["groups", 0]),
    ("Conv2D",  (3, 4, 3),    {"groups": 2},        ["groups", 2, 3]),
    ("Conv2D",  (4, 3, 3),    {"groups": 2},        ["groups", 2, 3]),
    ("Conv2D",  (3, 4, 3),    {"rng": 0},           ["rng", 0, "Generator"]),
    ("Dense",   (0, 4),       {},                   ["in_features", 0]),
    ("Dense",   (4, -1),      {},                   ["out_features", -1]),
    ("Dense",   (4, 2.0),     {},                   ["out_features", 2.0]),
    ("Dense",   (4, 4),       {"rng": None},        ["rng", None, "Generator"]),
    ("LRN",     (4,),         {},                   ["n", "odd", 4]),
    ("LRN",     (0,),         {},                   ["n", 0]),
    ("LRN",     (-3,),        {},                   ["n", -3]),
    ("LRN",     (2.5,),       {},                   ["n", 2.5]),
    ("LRN",     (),           {"groups": 0},        ["groups", 0]),
    ("LRN",     (),           {"across": "time"},   ["across", "channels", "space", "time"]),
    ("MaxPool", (0, 2),       {},                   ["kernel", 0]),
    ("MaxPool", (3, 0),       {},                   ["stride", 0]),
    ("AvgPool", (-1, 2),      {},                   ["kernel", -1]),
    ("AvgPool", (3, 1.5),     {},                   ["stride", 1.5]),
    ("Dropout", (1.0,),       {},                   ["p", 1.0]),
    ("Dropout", (-0.1,),      {},                   ["p", -0.1]),
    ("Dropout", (50,),        {},                   ["p", 50]),
    ("Dropout", (np.nan,),    {},                   ["p", "nan"]),
    ("Dropout", (0.5,),       {"rng": 7},           ["rng", 7, "Generator"]),
], ids=str)
def test_arguments(kit, kind, args, settings, words):
    draws = {"rng": RNG} if kind in ("Conv2D", "Dense", "Dropout") else {}
    refuses(lambda: getattr(kit, kind)(*args, **(draws | settings)), [kind, *words])


@over_kits
@pytest.mark.parametrize(("kind", "args"), [("Conv2D", (3, 4, 3)), ("Dense", (3, 4)), ("Dropout", (0.5,))])
def test_what_draws_must_be_told_from_where(kit, kind, args):
    refuses(lambda: getattr(kit, kind)(*args), ["rng"], TypeError)                  # required, ...
    refuses(lambda: getattr(kit, kind)(*args, RNG), ["positional"], TypeError)      # ... and by its name


@over_kits
@pytest.mark.parametrize(("kind", "args", "settings", "shape", "words"), [
    ("Conv2D",  (3, 4, 3),  {},             (2, 4, 5, 5),    [3, 4, "channels"]),
    ("Conv2D",  (4, 4, 3),  {"groups": 2},  (2, 2, 5, 5),    [4, 2, "channels"]),
    ("Conv2D",  (3, 4, 3),  {},             (2, 3, 5),       ["(N, C, H, W)", 3, 5]),
    ("Conv2D",  (3, 4, 3),  {},             (2, 75),         ["(N, C, H, W)", 75]),
    ("Conv2D",  (3, 4, 3),  {},             (3,),            ["(N, C, H, W)", 3]),
    ("Conv2D",  (3, 4, 3),  {},             (2, 3, 2, 5),    [3, 2, 5]),
    ("Conv2D",  (3, 4, 5),  {"pad": 1},     (2, 3, 5, 2),    [5, "padding", 4]),
    ("MaxPool", (3, 2),     {},             (2, 3, 4, 2),    [3, 4, 2]),
    ("AvgPool", (3, 2),     {},             (2, 3, 2, 4),    [3, 2, 4]),
    ("MaxPool", (3, 2),     {},             (2, 12),         ["(N, C, H, W)", 12]),
    ("AvgPool", (3, 2),     {"ceil": True}, (2, 3, 12),      ["(N, C, H, W)", 3, 12]),
    ("LRN",     (5,),       {},             (2, 12),         ["(N, C, H, W)", 12]),
    ("LRN",     (5,),       {"groups": 2},  (2, 5, 3, 3),    ["groups", 2, 5]),
    ("LRN",     (3,), {"across": "space"},  (2, 12),         ["(N, C, H, W)", 12]),
    ("Dense",   (6, 4),     {},             (2, 7),          ["features", 6, 7]),
    ("Dense",   (6, 4),     {},             (2, 6, 1, 1),    ["(N, 6)", 6, 1, "Flatten"]),
    ("Dense",   (6, 4),     {},             (6,),            [6]),
    ("Flatten", (),         {},             (6,),            [6]),
    ("Softmax", (),         {},             (6,),            [6]),
], ids=str)
def test_shapes(kit, kind, args, settings, shape, words):
    draws = {"rng": RNG} if kind in ("Conv2D", "Dense") else {}
    layer = getattr(kit, kind)(*args, **settings, **draws)
    refuses(lambda: layer.forward(zeros(*shape)), [kind, *words])
    if len(shape) > 1:
        refuses(lambda: layer.output_shape(shape[1:]), [kind, *words])


@over_kits
@pytest.mark.parametrize(("logits", "labels", "words"), [
    (zeros(2, 3),               np.array([0.0, 1.0]),       ["float64", "labels"]),
    (zeros(2, 3),               np.array([True, False]),    ["bool", "labels"]),
    (zeros(2, 3),               np.array([0, 3]),           ["labels", 3]),
    (zeros(2, 3),               np.array([-1, 0]),          ["labels", -1]),
    (zeros(2, 3),               np.array([0, 1, 2]),        ["labels", 2, 3]),
    (zeros(2, 3),               np.array([0]),              ["labels", 2, 1]),
    (zeros(2, 3),               np.array([[0], [1]]),       ["labels", 2, 1]),
    (zeros(2, 3, 1, 1),         np.array([0, 1]),           ["logits", "(N, K)", 3, 1]),
    (zeros(3),                  np.array([0]),              [3]),
    (zeros(2, 3).astype(int),   np.array([0, 1]),           ["float32", "int64"]),
], ids=["float", "bool", "too large", "negative", "too many", "too few", "column", "maps", "no batch", "int logits"])
def test_labels(kit, logits, labels, words):
    refuses(lambda: kit.SoftmaxCrossEntropy().forward(logits, labels), ["SoftmaxCrossEntropy", *words])
# fmt: on


@over_cases()
@pytest.mark.parametrize("dtype", ["int64", "uint8", "float16", "complex128", "bool"])
def test_dtypes(kit, case, dtype):
    rng = np.random.default_rng(0)
    refuses(lambda: case.build(kit, rng).forward(np.ones(case.shape, dtype)), [case.kind, "float32", dtype])


@over_cases()
def test_lists_are_not_arrays(kit, case):
    rng = np.random.default_rng(0)
    refuses(lambda: case.build(kit, rng).forward(case.x(rng).tolist()), [case.kind, "float32", "list"])


@over_cases()
def test_every_backward_needs_a_forward_of_its_own(kit, case):
    rng = np.random.default_rng(0)
    layer, x = case.build(kit, rng), case.x(rng)
    dy = np.ones((len(x), *layer.output_shape(x.shape[1:])))
    refuses(lambda: layer.backward(dy), [case.kind, "backward", "forward"], RuntimeError)
    layer.forward(x)
    layer.backward(dy)
    refuses(lambda: layer.backward(dy), [case.kind, "backward", "forward"], RuntimeError)


@over_kits
def test_the_head_needs_a_forward_of_its_own(kit):
    head = kit.SoftmaxCrossEntropy()
    refuses(head.backward, ["SoftmaxCrossEntropy", "forward"], RuntimeError)
    head.forward(zeros(1, 2), np.array([0]))
    head.backward()
    refuses(head.backward, ["SoftmaxCrossEntropy", "forward"], RuntimeError)


# -- nets ---------------------------------------------------------------------------------------------------------


def net(kit):
    lower = Sequential(conv1=kit.Conv2D(1, 2, 3, std=0.1, rng=RNG), relu1=kit.ReLU())
    return Sequential(lower=lower, flatten=kit.Flatten(), fc2=kit.Dense(8, 3, std=0.1, rng=RNG))


@over_kits
def test_a_layer_in_a_net_is_named_as_the_net_names_it(kit):
    refuses(lambda: net(kit).forward(zeros(1, 2, 4, 4)), ["lower.conv1", 1, 2])
    refuses(lambda: net(kit).forward(zeros(1, 1, 5, 4)), ["fc2", 8, 12])
    refuses(lambda: net(kit).output_shape((1, 5, 4)), ["fc2", 8, 12])
    refuses(lambda: net(kit).backward(zeros(1, 3)), ["fc2", "forward"], RuntimeError)


@over_kits
def test_a_layer_is_in_a_net_once(kit):
    relu = kit.ReLU()
    refuses(lambda: Sequential(relu1=relu, relu2=relu), ["twice"])
    refuses(lambda: Sequential(relu1=relu, inner=Sequential(relu2=relu)), ["twice"])


@over_kits
def test_a_net_is_made_of_layers(kit):
    refuses(lambda: Sequential(relu1=kit.ReLU), ["relu1", "Layer"])
    refuses(lambda: Sequential(relu1=kit.ReLU(), nothing=None), ["nothing", "Layer", None])


@over_kits
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda state: state.pop("fc2.b"), ["fc2.b"]),
        (lambda state: state.update({"fc9.W": np.ones(3)}), ["fc9.W"]),
        (lambda state: state.update({"fc2.W": state["fc2.W"].T}), ["fc2.W", "(3, 8)", "(8, 3)"]),
        (lambda state: state.update({"fc2.b": state["fc2.b"].astype("float64")}), ["fc2.b", "float32", "float64"]),
    ],
    ids=["missing", "extra", "shape", "dtype"],
)
def test_a_state_that_does_not_fit_changes_nothing(kit, change, words):
    ours = net(kit)
    assert list(ours.state()) == ["lower.conv1.W", "lower.conv1.b", "fc2.W", "fc2.b"]
    before = ours.state()
    state = {name: value + 1 for name, value in before.items()}
    change(state)
    refuses(lambda: ours.load_state(state), words)
    for name, value in ours.state().items():
        np.testing.assert_array_equal(value, before[name])


@over_kits
def test_a_state_is_a_copy_both_ways(kit):
    ours = net(kit)
    state = ours.state()
    state["fc2.b"] += 1
    assert not np.any(ours.state()["fc2.b"])
    ours.load_state(state)
    state["fc2.b"] += 1
    np.testing.assert_array_equal(ours.state()["fc2.b"], np.ones(3, "float32"))
