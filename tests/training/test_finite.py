"""Values that are no longer finite: noticed in the step where that begins, its layer named, a checkpoint kept."""

import numpy as np
import pytest
from console import refused
from small_runs import colours, settings

from minialex import Layer, Sequential
from minialex.layers import Dense, Flatten, ReLU
from minialex.training import SGD, Adam, Diverged, Muon, fit
from minialex.training import run as runs
from minialex.training.config import RunConfig
from minialex.training.resuming import NEWEST
from minialex.training.run import train_run


class Breaking(Layer):
    """A layer that passes all on, but puts a value among what it returns in one of its calls."""

    def __init__(self, of="forward", step=3, value=np.inf):
        super().__init__()
        self.of, self.step, self.value, self.calls = of, step, value, {"forward": 0, "backward": 0}

    def passed(self, of, x):
        self.calls[of] += 1
        if of == self.of and self.calls[of] == self.step:
            x = x.copy()
            x[0, 0] = self.value
        return x

    def forward(self, x):
        return self.passed("forward", x)

    def backward(self, dy):
        return self.passed("backward", dy)


def net_with(layer):
    rng = np.random.default_rng(0)
    return Sequential(
        flatten=Flatten(), fc1=Dense(48, 16, rng=rng), broken=layer, relu1=ReLU(), fc2=Dense(16, 3, rng=rng)
    )


def train(net, rule=SGD, lr=0.001, **options):
    seen = []
    options = {"epochs": 2, "batch": 10, "rng": np.random.default_rng(0), "progress": False} | options
    try:
        fit(net, colours(50, 1), sgd=rule(net, lr), after_step=seen.append, **options)
    finally:
        train.steps = len(seen)


BROKEN = {  # what breaks: the message without and with --check-finite, the steps taken before
    "inf in forward": (
        Breaking(), "step 3: the loss is nan; every parameter", "the output of broken .*, its input is;", 2,
    ),
    "NaN in forward": (
        Breaking(value=np.nan, step=7), "epoch 2, step 2: the loss is nan",
        "epoch 2, step 2: the output of broken .*, its input is;", 6,
    ),
    "-inf before a ReLU": (  # which makes 0 of it: without a look at every layer nothing is wrong
        Breaking(value=-np.inf), None, "the output of broken .*, its input is;", 2,
    ),
    "NaN in backward": (
        Breaking("backward", value=np.nan), r"step 3: 2 parameters .*; it began with the gradient of fc1\.b; the rate",
        r"step 3: the gradient with respect to x of broken \(Breaking\) is not finite, its gradient .* output is;", 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("check_finite", [False, True])
def test_it_is_noticed_in_the_step_where_it_begins(kind, check_finite):
    layer, without, with_look, steps = BROKEN[kind]
    net = net_with(Breaking(layer.of, layer.step, layer.value))
    message = with_look if check_finite else without
    if message is None:
        train(net)
        return
    with pytest.raises(Diverged, match=message) as error:
        train(net, check_finite=check_finite)
    assert train.steps == steps
    assert "try a tenth of it" in str(error.value)
    assert not {"forward", "backward"} & vars(net["broken"]).keys()  # the methods of its class again


@pytest.mark.parametrize("rule", [SGD, Adam, Muon])
def test_an_update_that_overflows_is_noticed_in_its_step(rule):
    net = net_with(ReLU())
    with pytest.raises(Diverged, match=r"epoch 1, step 1: .* began with the (update of|gradient of) .*; the rate is"):
        train(net, rule, lr=1e39)
    assert train.steps == 0


def test_a_sum_that_overflows_is_no_parameter_that_does():
    net = net_with(ReLU())
    net["fc2"].params["b"][:] = 3e38
    rule = SGD(net, 0.001, weight_decay=0.0)
    fit(net, colours(50, 1), sgd=rule, epochs=1, rng=np.random.default_rng(0), progress=False)
    assert not rule.suspects


def test_a_look_at_every_layer_changes_nothing():
    one, other = net_with(ReLU()), net_with(ReLU())
    train(one)
    train(other, check_finite=True)
    for name, value in one.state().items():
        np.testing.assert_array_equal(value, other.state()[name])


@pytest.mark.parametrize("devices", ["cpu", "cpu:0,cpu:1"])
def test_a_layer_inside_two_groups_is_named(tmp_path, devices, monkeypatch, without_pictures):
    build = RunConfig.build

    def huge(config, rng):
        net = build(config, rng)
        name = next(name for name in net.state() if "conv2" in name and name.endswith("W"))
        net[name.removesuffix(".W")].params["W"][:] = 1e38
        return net

    monkeypatch.setattr(RunConfig, "build", huge)
    with pytest.raises(Diverged, match=r"the output of .*conv2 \(Conv2D\) is not finite, its input is;"):
        train_run(settings(devices=devices), tmp_path / "run", check_finite=True, progress=False)


def test_the_last_checkpoint_is_kept_and_what_to_do_is_said(tmp_path, monkeypatch, without_pictures, capsys):
    config, out = settings(model="cifar_80sec", lr=0.001, batch=20, limit=40), tmp_path / "run"
    step, steps = SGD.step, []

    def break_the_fourth(sgd):
        steps.append(1)
        if len(steps) == 4:
            next(sgd.net.parameters())[1].grads["W"][:] = np.nan
        step(sgd)

    with monkeypatch.context() as patch:
        patch.setattr(SGD, "step", break_the_fourth)
        with pytest.raises(Diverged, match=(
            r"epoch 2, step 2: 1 parameters .* began with the gradient of conv1\.W; .*; the last checkpoint, "
            r"of epoch 2, step 1, is kept; to go on from it, write a smaller lr into config\.json"
        )):  # fmt: skip
            train_run(config, out, minutes=1e-9, progress=False)
    kept = np.load(out / NEWEST)
    assert all(np.isfinite(kept[name]).all() for name in kept.files if kept[name].dtype.kind == "f")
    assert len(runs.train_run(config, out, resume=True, progress=False)) == 3


def test_the_option_of_the_command_line(tmp_path, capsys):
    options = [
        "--model",
        "cifar_80sec",
        "--image-size",
        16,
        "--epochs",
        1,
        "--limit",
        40,
        "--batch",
        20,
        "--out",
        tmp_path,
    ]
    refused(capsys, 1, "epoch 1, step 2: the loss is", "train", *options, "--lr", 1e20)
    refused(capsys, 1, "is not finite, its input is;", "train", *options, "--lr", 1e20, "--check-finite")
