"""A word of another library is answered with ours; what is no such word, with Python's own error."""

import copy
import inspect

import numpy as np
import pytest
from small_runs import colours, net

from minialex import Layer, Sequential, fast, layers
from minialex.training import SGD, fit

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("kit", [layers, fast])
@pytest.mark.parametrize(("name", "arguments", "wrong", "message"), [
    ("Conv2D", (3, 8, 3), {"padding": 1}, "Conv2D: expected pad, got padding; write pad=1"),
    ("Conv2D", (3, 8), {"kernel_size": 3}, "Conv2D: expected kernel, got kernel_size; write kernel=3"),
    ("Conv2D", (3, 8, 3), {"strides": 2}, "Conv2D: expected stride, got strides; write stride=2"),
    ("Dense", (3,), {"units": 8}, "Dense: expected out_features, got units; write out_features=8"),
    ("Dropout", (), {"rate": 0.2}, "Dropout: expected p, got rate; write p=0.2"),
    ("Dropout", (), {"inverse": True}, "Dropout: expected inverted, got inverse; write inverted=True"),
])  # fmt: skip
def test_a_layer_answers_with_our_word(kit, name, arguments, wrong, message):
    with pytest.raises(TypeError) as caught:
        getattr(kit, name)(*arguments, **wrong, rng=RNG)
    assert str(caught.value) == message


def test_one_word_means_what_the_layer_has():
    with pytest.raises(TypeError, match="write n=5"):
        layers.LRN(size=5)
    with pytest.raises(TypeError, match="write kernel=2"):
        layers.MaxPool(size=2)


def test_fit_and_sgd_answer_too():
    a = net(RNG)
    with pytest.raises(TypeError, match=r"^SGD: expected lr, got learning_rate; write lr=0\.1$"):
        SGD(a, learning_rate=0.1)
    with pytest.raises(TypeError, match=r"^fit: expected batch, got batch_size; write batch=16$"):
        fit(a, colours(20, 1), sgd=SGD(a, 0.1), epochs=1, rng=RNG, batch_size=16)
    assert fit(a, colours(20, 1), sgd=SGD(a, 0.001), epochs=1, rng=RNG, batch=16, progress=False)


def test_what_is_no_known_word_is_pythons_error():
    with pytest.raises(TypeError, match="unexpected keyword argument 'zzz'"):
        layers.Conv2D(3, 8, 3, zzz=1, rng=RNG)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'kernel'"):
        layers.Conv2D(3, 8, rng=RNG)


def test_names_of_layers_are_free_and_signatures_are_kept():
    assert list(Sequential(padding=layers.ReLU(), units=layers.ReLU()).layers) == ["padding", "units"]
    assert list(inspect.signature(layers.Dropout).parameters) == ["p", "inverted", "rng"]
    assert list(inspect.signature(fit).parameters)[:3] == ["net", "train", "val"]
    assert repr(copy.deepcopy(layers.Conv2D(3, 8, 3, pad=1, rng=RNG))) == "Conv2D(3, 8, 3, pad=1)"


def test_a_layer_of_ones_own_answers_as_well():
    class Scale(Layer):
        def __init__(self, kernel: int):
            super().__init__()
            self.kernel = kernel

    assert Scale(kernel=3).kernel == 3
    with pytest.raises(TypeError, match="Scale: expected kernel, got kernel_size; write kernel=3"):
        Scale(kernel_size=3)
