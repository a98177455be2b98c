"""The update rule, loss and schedule of a run: from its settings, kept when it is resumed, refused where they clash."""

import numpy as np
import pytest
from small_runs import settings

from minialex.models import recipe
from minialex.training import SGD, Adam, Fixed, OneCycle, Plateau, WarmUp
from minialex.training.rules import check_rules, loss_of, rule_text, schedule_of, sgd_of
from minialex.training.run import train_run

MODERN = {"optimizer": "adam", "schedule": "warm-up:2,one-cycle", "clip": 1.0, "smoothing": 0.1, "epochs": 3}
NESTEROV = {"nesterov": True, "schedule": "one-cycle"}


def rule(**changes):
    config = settings(classes=("cat", "dog"), **changes)
    return sgd_of(config, config.build(np.random.default_rng(0)))


def test_the_settings_reach_the_rule():
    assert type(rule()) is SGD
    assert (rule().nesterov, rule().clip) == (False, None)
    sgd = rule(nesterov=True, clip=2.0)
    assert (sgd.nesterov, sgd.clip, sgd.lr, sgd.bias_lr) == (True, 2.0, 0.005, 0.01)
    adam = rule(optimizer="adam", weight_decay=0.01, lr_factor=("fc8=10",), clip=1.0)
    assert type(adam) is Adam
    assert (adam.lr, adam.weight_decay, adam.lr_factors, adam.clip) == (0.001, 0.01, {"fc8": 10.0}, 1.0)
    assert (rule(optimizer="adam", lr=0.1).lr, rule(optimizer="adam").weight_decay) == (0.1, 0.0)
    assert loss_of(settings(smoothing=0.1)).smoothing == 0.1


def test_the_schedule_is_that_of_the_settings_else_of_the_recipe_else_the_papers():
    assert schedule_of(settings()) == Plateau()
    assert schedule_of(settings(schedule="one-cycle")) == OneCycle()
    assert schedule_of(settings(divide_after=(2,))) == Fixed((2,))
    assert schedule_of(settings(model="cifar_80sec")) == Fixed((8,))
    assert schedule_of(settings(model="cifar_80sec", schedule="warm-up:3")) == WarmUp(3)
    assert schedule_of(settings(model="cifar_80sec", schedule="constant")) == Fixed()


def test_a_recipe_may_name_schedule_momentum_and_inputs(monkeypatch):
    modern = recipe("small_alexnet")._replace(schedule="one-cycle", nesterov=True, standardize=True)
    monkeypatch.setattr("minialex.training.config.recipe", lambda model, preset: modern)
    config = settings()
    assert (config.schedule, config.nesterov, config.standardize) == (None, True, True)
    assert schedule_of(config) == OneCycle()
    assert schedule_of(settings(divide_after=(2,))) == Fixed((2,))
    assert not settings(nesterov=False).nesterov
    assert not settings(optimizer="adam").nesterov


def test_a_checkpoint_of_another_rule_is_refused(tmp_path):
    train_run(settings(epochs=1), tmp_path / "r")
    with pytest.raises(RuntimeError, match=r"config\.json: expected the settings .*optimizer is 'adam', was 'sgd'"):
        train_run(settings(epochs=2, optimizer="adam"), tmp_path / "r", resume=True)
    with pytest.raises(ValueError, match=r"checkpoint\.npz: Adam: expected two running means .* another state"):
        train_run(settings(epochs=2, optimizer="adam"), tmp_path / "r", resume=True, accept_edits=True)
    train_run(settings(epochs=1, optimizer="adam"), tmp_path / "a")
    with pytest.raises(ValueError, match=r"checkpoint\.npz: SGD: expected velocities of this net"):
        train_run(settings(epochs=2), tmp_path / "a", resume=True, accept_edits=True)


def test_the_rule_is_said_before_the_training(capsys, tmp_path):
    train_run(settings(**{**MODERN, "epochs": 1}), tmp_path / "r")
    said = " ".join(capsys.readouterr().out.split())
    assert "rule Adam, gradients clipped at a norm of 1, labels smoothed by 0.1, schedule warm-up:2,one-cycle" in said
    assert rule_text(settings()) == ""
    assert rule_text(settings(**NESTEROV)) == "Nesterov's momentum, schedule one-cycle"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"optimizer": "adamm"}, "optimizer: expected one of sgd, adam, muon, got 'adamm'; did you mean 'adam'"),
        ({"optimizer": "adam", "momentum": 0.0}, "momentum: expected the optimizer sgd, which has it, got adam"),
        ({"optimizer": "adam", "nesterov": True}, "nesterov: expected the optimizer sgd, which has it, got adam"),
        ({"nesterov": True, "momentum": 0.0}, "nesterov: expected a momentum > 0, got 0"),
        ({"schedule": "constant", "divide_after": (2,)}, "schedule: expected one schedule, got constant and"),
        ({"schedule": "cosine"}, "schedule: expected one of constant"),
        ({"smoothing": 1.0}, "smoothing to be a number, 0 <= smoothing < 1, got 1.0"),
    ],
)
def test_settings_that_clash_are_refused_before_anything_is_loaded(tmp_path, changes, message):
    with pytest.raises(ValueError, match=message):
        check_rules(settings(**changes))
    with pytest.raises(ValueError, match=message):
        train_run(settings(**changes), tmp_path / "r")
    assert not (tmp_path / "r").exists()
