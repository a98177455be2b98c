"""Averages of the weights: by loops, in a training that is stopped and resumed, by name."""

import numpy as np
import pytest
from small_runs import colours, settings

from minialex import Sequential
from minialex.layers import Dense, Flatten, ReLU
from minialex.training import SGD, Lookahead, WeightAverage, evaluate, fit
from minialex.training.checkpoint import load_checkpoint, save_checkpoint
from minialex.training.named_averages import average_named
from minialex.training.rules import check_rules, rule_text
from minialex.variants import BatchNorm

AVERAGES = {"ema": lambda: WeightAverage(0.9), "lookahead": lambda: Lookahead(0.9, every=2)}
over_averages = pytest.mark.parametrize("make", AVERAGES.values(), ids=AVERAGES)


class Watched(SGD):
    """The update rule, which keeps the weights of the net after each step."""

    def step(self):
        super().step()
        self.seen = [*getattr(self, "seen", []), self.net.state()]


def net(seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(
        flatten=Flatten(), fc1=Dense(48, 8, rng=rng), norm1=BatchNorm(8), relu1=ReLU(), fc2=Dense(8, 3, rng=rng)
    )


def start(rule=SGD):
    a = net()
    return a, rule(a, 0.01), np.random.default_rng(1)


def go(a, sgd, rng, **options):
    options = {"epochs": 4, "batch": 16, "progress": False} | options
    return fit(a, colours(80, 1), colours(50, 2), sgd=sgd, rng=rng, **options)


def assert_equal_states(one, other):
    for name, value in one.items():
        np.testing.assert_array_equal(value, other[name], err_msg=name)


# -- what is computed ---------------------------------------------------------------------------------------------


def test_a_moving_average_by_loops_of_parameters_and_running_means():
    a, sgd, rng = start(Watched)
    mean = a.state()
    go(a, sgd, rng, average=WeightAverage(0.8))
    assert len(sgd.seen) == 20
    for step, w in enumerate(sgd.seen, start=1):
        decay = min(0.8, (1 + step) / (10 + step))
        mean = {name: decay * mean[name] + (1 - decay) * w[name] for name in mean}
    for name, value in a.state().items():
        np.testing.assert_allclose(value, mean[name], rtol=1e-4, atol=1e-5, err_msg=name)
    assert (a.state()["fc1.W"] != sgd.seen[-1]["fc1.W"]).any()


def test_a_moving_average_does_not_change_the_training():
    (a, plain, rng), (b, sgd, rng_b) = start(Watched), start(Watched)
    average = WeightAverage(0.8)
    without = go(a, plain, rng)
    history = go(b, sgd, rng_b, average=average)
    for one, other in zip(plain.seen, sgd.seen, strict=True):
        assert_equal_states(one, other)
    assert [row["train_loss"] for row in history] == [row["train_loss"] for row in without]
    assert [row["val_loss"] for row in history] != [row["val_loss"] for row in without]
    assert history[-1]["val_loss"] == evaluate(b, colours(50, 2))["loss"]
    assert_equal_states(average.state(), sgd.seen[-1])


def test_lookahead_by_loops():
    a, sgd, rng = start(Watched)
    after = []
    go(a, sgd, rng, average=Lookahead(0.9, every=2, start=0.3), after_epoch=lambda rows: after.append(a.state()))
    # 20 steps in 4 epochs; it begins after the sixth. `seen` has the weights before a mean is put in their place.
    slow = sgd.seen[5]
    for step in range(7, 21):
        w = sgd.seen[step - 1]
        if step % 2 == 0:
            decay = 0.9**2 * (step / 20) ** 3
            slow = {name: decay * slow[name] + (1 - decay) * w[name] for name in slow}
        if step % 5 == 0:
            for name, value in slow.items():
                np.testing.assert_allclose(after[step // 5 - 1][name], value, rtol=1e-4, atol=1e-5, err_msg=name)
    assert_equal_states(after[0], sgd.seen[4])  # it had not begun


def test_training_goes_on_from_what_lookahead_has_set():
    a, sgd, rng = start(Watched)
    go(a, sgd, rng, average=Lookahead(0.99, every=1, start=0.0))
    b, plain, rng_b = start(Watched)
    go(b, plain, rng_b)
    assert_equal_states(sgd.seen[0], plain.seen[0])
    assert (sgd.seen[-1]["fc1.W"] != plain.seen[-1]["fc1.W"]).any()


@over_averages
def test_frozen_layers_keep_their_bits(make):
    a, sgd, rng = start()
    a["fc1"].trainable = False
    before = a.state()
    go(a, sgd, rng, average=make())
    np.testing.assert_array_equal(a.state()["fc1.W"], before["fc1.W"])


# -- resuming -----------------------------------------------------------------------------------------------------


@over_averages
def test_resume_is_exact(tmp_path, make):
    a, sgd, rng = start()
    complete = go(a, sgd, rng, average=make())

    b, sgd_b, rng_b = start()
    average = make()
    first = go(b, sgd_b, rng_b, average=average, after_epoch=lambda rows: len(rows) == 2)
    save_checkpoint(tmp_path / "c.npz", b, sgd_b, first, average)

    c, sgd_c, rng_c = start()
    average = make()
    history, _ = load_checkpoint(tmp_path / "c.npz", c, sgd_c, average)
    rest = go(c, sgd_c, rng_c, average=average, history=history)
    assert_equal_states(a.state(), c.state())
    assert [row["val_loss"] for row in rest] == [row["val_loss"] for row in complete]


def test_states_that_do_not_fit_are_refused(tmp_path):
    a, sgd, rng = start()
    average = WeightAverage(0.9)
    go(a, sgd, rng, average=average, epochs=1)
    with pytest.raises(ValueError, match="WeightAverage: expected the weights that training continues with, got none"):
        WeightAverage().load_state({})
    with pytest.raises(ValueError, match=r"Lookahead: expected no weights beside those of the net, got \['fc1\.W'"):
        Lookahead().load_state(average.state())
    Lookahead().load_state({})
    for state, got in (({"fc1.b": np.zeros(8, "float32")}, "none"), ({"fc1.W": np.zeros(3, "float32")}, r"\(3,\)")):
        other = WeightAverage(0.9)
        other.load_state(state)
        with pytest.raises(ValueError, match=rf"WeightAverage: expected fc1\.W of shape \(8, 48\), got {got}"):
            go(a, sgd, rng, average=other)
    save_checkpoint(tmp_path / "c.npz", a, sgd, [])
    with pytest.raises(ValueError, match=r"c\.npz: WeightAverage: expected the weights that training continues with"):
        load_checkpoint(tmp_path / "c.npz", a, sgd, WeightAverage())


# -- names --------------------------------------------------------------------------------------------------------


def test_averages_have_names():
    assert average_named("none") is None
    assert (type(average_named("ema")), average_named("ema:0.5").decay) == (WeightAverage, 0.5)
    ahead = average_named("lookahead:0.987")
    assert (type(ahead), ahead.decay, ahead.every, ahead.start) == (Lookahead, 0.987, 5, 0.3)
    assert rule_text(settings(average="ema")) == "weights averaged, ema"


@pytest.mark.parametrize(("name", "message"), [
    ("emma", "average: expected one of none, ema, lookahead, got 'emma'; did you mean 'ema'"),
    ("ema:x", "expected ema:DECAY, 0 <= DECAY < 1, such as ema:0.99, or ema alone, got 'ema:x'"),
    ("ema:1", "expected ema:DECAY, 0 <= DECAY < 1, .*, got 'ema:1'"),
    ("ema:", "expected ema:DECAY"),
    ("none:0.5", "expected none alone, got 'none:0.5'"),
])  # fmt: skip
def test_names_that_cannot_be(name, message):
    with pytest.raises(ValueError, match=message):
        check_rules(settings(average=name))


@pytest.mark.parametrize(("make", "message"), [
    (lambda: WeightAverage(1.0), "WeightAverage: expected decay to be a number, 0 <= decay < 1, got 1.0"),
    (lambda: Lookahead(-0.1), "Lookahead: expected decay"),
    (lambda: Lookahead(every=0), "Lookahead: expected every to be an integer >= 1"),
    (lambda: Lookahead(start=1.0), "Lookahead: expected start to be a number, 0 <= start < 1"),
])  # fmt: skip
def test_nonsense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
