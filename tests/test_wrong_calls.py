"""Numbers and things that make no sense are refused with a sentence of this library: a table of calls."""

import re

import numpy as np
import pytest
from wrong_calls import CALLS, NONSENSE, RNG, fitted, net

from minialex.layers import Conv2D, Dense, Dropout, MaxPool
from minialex.training import SGD

ERRORS = (ValueError, FileNotFoundError, RuntimeError)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("call", CALLS)
def test_nonsense_is_refused_with_its_sentence(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make, sense, sentence = CALLS[call]
    for name in NONSENSE.keys() - set(sense):
        with pytest.raises(ERRORS, match=f"{re.escape(sentence)}.*, got .*; .") as error:
            make(NONSENSE[name])
        assert type(error.value) in ERRORS, name
        assert "\n" not in str(error.value), name


def test_enough_calls():
    assert sum(len(NONSENSE) - len(sense) for _, sense, _ in CALLS.values()) >= 2200
    assert all(sentence for _, _, sentence in CALLS.values())


@pytest.mark.parametrize("layer", [Dense(4, 3, rng=RNG), Conv2D(2, 3, 1, rng=RNG), MaxPool(1, 1), Dropout(rng=RNG)])
def test_a_backward_of_nothing(layer):
    x = np.ones((2, 4) if isinstance(layer, Dense) else (2, 2, 4, 4), "float32")
    for nothing in (None, 1.0, "x", [1, 2]):
        layer.forward(x)
        with pytest.raises(ValueError, match=r"expected dy as y, float32 .*, got a "):
            layer.backward(nothing)


def test_an_update_rule_of_another_net():
    with pytest.raises(ValueError, match="fit: expected the update rule of this net, got that of another"):
        fitted(sgd=SGD(net(RNG), 0.1))
