"""Numbers that make no sense: update rules, schedules, layers and loops refuse them with a sentence of this library."""

import numpy as np
import pytest
from small_runs import colours, net

from minialex import Host, alexnet, check_gradients, load_run, summary
from minialex.data import Augmentation, load, mean_image, resize
from minialex.layers import LRN, AvgPool, Conv2D, Dense, Dropout, MaxPool
from minialex.models import cifar_18pct, small_alexnet
from minialex.training import (
    SGD,
    Adam,
    EverySteps,
    Fixed,
    InverseSqrt,
    OneCycle,
    Plateau,
    WarmUp,
    evaluate,
    fit,
    freeze,
)

RNG = np.random.default_rng(0)
NAN, INF = float("nan"), float("inf")
NONSENSE = {"-1": -1, "nan": NAN, "inf": INF, "text": "x", "None": None, "True": True, "complex": 1j, "two": np.ones(2)}
SPLIT = colours(20, 1)


def sgd(**changes):
    return SGD(net(RNG), **{"lr": 0.1, **changes})


def fitted(**changes):
    a = changes.pop("net", None) or net(RNG)
    usual = {"sgd": SGD(a, 0.001), "epochs": 1, "rng": RNG, "progress": False}
    return fit(a, changes.pop("train", SPLIT), **usual | changes)


# Of each call: what makes it, from one argument; and the nonsense that is none there.
CALLS = {
    "SGD lr": (lambda v: sgd(lr=v), ()),
    "SGD momentum": (lambda v: sgd(momentum=v), ()),
    "SGD weight_decay": (lambda v: sgd(weight_decay=v), ()),
    "SGD weight_decay of a layer": (lambda v: sgd(weight_decay={"fc1": v, "fc2": 0.0}), ()),
    "SGD bias_lr": (lambda v: sgd(bias_lr=v), ("None",)),
    "SGD bias_decay": (lambda v: sgd(bias_decay=v), ("None",)),
    "SGD lr_factors": (lambda v: sgd(lr_factors={"fc1": v}), ()),
    "SGD clip": (lambda v: sgd(clip=v), ("None", "inf")),
    "SGD nesterov": (lambda v: sgd(nesterov=v), ("True",)),
    "SGD net": (lambda v: SGD(v, 0.1), ()),
    "Adam lr": (lambda v: Adam(net(RNG), v), ()),
    "Adam eps": (lambda v: Adam(net(RNG), eps=v), ()),
    "Adam betas": (lambda v: Adam(net(RNG), betas=v), ()),
    "Adam beta1": (lambda v: Adam(net(RNG), betas=(v, 0.9)), ()),
    "Plateau": (Plateau, ()),
    "Plateau divisions": (lambda v: Plateau(5, v), ()),
    "Fixed": (Fixed, ()),
    "Fixed of one": (lambda v: Fixed((v,)), ()),
    "EverySteps": (EverySteps, ()),
    "InverseSqrt": (InverseSqrt, ()),
    "WarmUp": (WarmUp, ()),
    "OneCycle": (OneCycle, ()),
    "OneCycle end": (lambda v: OneCycle(end=v), ()),
    "Conv2D kernel": (lambda v: Conv2D(3, 4, v, rng=RNG), ()),
    "Conv2D bias": (lambda v: Conv2D(3, 4, 3, bias=v, rng=RNG), ("-1",)),
    "Conv2D std": (lambda v: Conv2D(3, 4, 3, std=v, rng=RNG), ("None",)),
    "Conv2D rng": (lambda v: Conv2D(3, 4, 3, rng=v), ()),
    "Dense bias": (lambda v: Dense(3, 4, bias=v, rng=RNG), ("-1",)),
    "Dense in_features": (lambda v: Dense(v, 4, rng=RNG), ()),
    "LRN k": (lambda v: LRN(k=v), ()),
    "LRN alpha": (lambda v: LRN(alpha=v), ()),
    "LRN beta": (lambda v: LRN(beta=v), ()),
    "LRN average": (lambda v: LRN(average=v), ("True",)),
    "MaxPool kernel": (MaxPool, ()),
    "MaxPool ceil": (lambda v: MaxPool(ceil=v), ("True",)),
    "AvgPool stride": (lambda v: AvgPool(3, v), ()),
    "Dropout p": (lambda v: Dropout(v, rng=RNG), ()),
    "Dropout inverted": (lambda v: Dropout(inverted=v, rng=RNG), ("True",)),
    "fit epochs": (lambda v: fitted(epochs=v), ()),
    "fit rng": (lambda v: fitted(rng=v), ()),
    "fit batch": (lambda v: fitted(batch=v), ()),
    "fit sgd": (lambda v: fitted(sgd=v), ()),
    "fit augment": (lambda v: fitted(augment=v), ("None",)),
    "fit schedule": (lambda v: fitted(schedule=v), ()),
    "fit loss": (lambda v: fitted(loss=v), ("None",)),
    "fit mean": (lambda v: fitted(mean=v), ("None",)),
    "fit std": (lambda v: fitted(std=v), ("None",)),
    "fit after_epoch": (lambda v: fitted(after_epoch=v), ()),
    "fit history": (lambda v: fitted(history=v), ()),
    "fit position": (lambda v: fitted(position=v), ()),
    "fit train": (lambda v: fitted(train=v), ()),
    "fit val": (lambda v: fitted(val=v), ("None",)),
    "evaluate net": (lambda v: evaluate(v, SPLIT), ()),
    "evaluate mean": (lambda v: evaluate(net(RNG), SPLIT, mean=np.full((3, 1, 1), v)), ("-1", "two")),
    "evaluate batch": (lambda v: evaluate(net(RNG), SPLIT, mean=mean_image(SPLIT.images), batch=v), ()),
    "summary batch": (lambda v: summary(net(RNG), (3, 4, 4), batch=v), ()),
    "summary shape": (lambda v: summary(net(RNG), v), ()),
    "summary net": (lambda v: summary(v, (3, 4, 4)), ()),
    "resize": (lambda v: resize(SPLIT.images, v), ()),
    "mean_image": (mean_image, ()),
    "load": (load, ()),
    "take": (SPLIT.take, ("-1", "True")),
    "to": (lambda v: net(RNG).to(v), ()),
    "astype": (lambda v: net(RNG).astype(v), ()),
    "load_state": (lambda v: net(RNG).load_state(v), ()),
    "freeze": (lambda v: freeze(net(RNG), v), ()),
    "Augmentation": (lambda v: Augmentation(v, seed=0), ()),
    "load_run": (load_run, ()),
    "Host": (lambda v: Host(workers=v), ("None",)),
    "check_gradients layer": (lambda v: check_gradients(v, np.ones((2, 3)), rng=RNG), ()),
    "check_gradients rng": (lambda v: check_gradients(net(RNG), SPLIT.images[:1], rng=v), ()),
    "check_gradients eps": (lambda v: check_gradients(net(RNG), SPLIT.images[:1], rng=RNG, eps=v), ()),
    "small_alexnet devices": (lambda v: small_alexnet(v, rng=RNG), ()),
    "small_alexnet image_size": (lambda v: small_alexnet(rng=RNG, image_size=v), ()),
    "alexnet image_size": (lambda v: alexnet(rng=RNG, image_size=v), ()),
    "cifar_18pct device": (lambda v: cifar_18pct(v, rng=RNG), ()),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("call", CALLS)
def test_nonsense_is_refused_with_a_sentence(call):
    make, sense = CALLS[call]
    for name in NONSENSE.keys() - set(sense):
        with pytest.raises((ValueError, FileNotFoundError), match=r"(?s)expected .*got .*; ") as error:
            make(NONSENSE[name])
        assert "ufunc" not in str(error.value), name


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
