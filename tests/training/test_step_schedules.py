"""Schedules by step: their factors, and that a resumed training has them too."""

import numpy as np
import pytest
from small_runs import colours, net

from minialex.training import SGD, Fixed, fit
from minialex.training.step_schedules import EverySteps, InverseSqrt, OneCycle, WarmUp


def factors(schedule, steps):
    return [schedule.at(step, steps) for step in range(steps)]


def test_every_n_steps():
    assert factors(EverySteps(2), 5) == pytest.approx([1, 1, 0.1, 0.1, 0.01])


def test_the_inverse_square_root():
    assert factors(InverseSqrt(), 4) == pytest.approx([1, 1 / np.sqrt(2), 1 / np.sqrt(3), 0.5])
    assert InverseSqrt(100).at(100, 1) == pytest.approx(np.sqrt(0.5))


def test_warming_up():
    assert factors(WarmUp(4), 6) == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1])
    assert factors(WarmUp(2, EverySteps(1)), 4) == pytest.approx([0.5, 1, 1, 0.1])


@pytest.mark.parametrize("shape", ["linear", "cosine"])
def test_one_cycle_rises_and_falls_to_its_end(shape):
    got = factors(OneCycle(rise=0.25, start=0.2, end=0.01, shape=shape), 101)
    assert (got[0], got[25], got[100]) == pytest.approx((0.2, 1.0, 0.01))
    assert got[:26] == sorted(got[:26])
    assert got[25:] == sorted(got[25:], reverse=True)
    assert got[5] == pytest.approx(0.2 + 0.8 * (0.2 if shape == "linear" else (1 - np.cos(0.2 * np.pi)) / 2))


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_very_short_training_has_finite_rates(steps):
    assert all(0 <= factor <= 1 for factor in factors(OneCycle(), steps))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: EverySteps(0), "n to be an integer >= 1"),
        (lambda: WarmUp(0), "over to be an integer"),
        (lambda: OneCycle(rise=1.0), "rise to be a number, 0 <= rise < 1"),
        (lambda: OneCycle(shape="square"), "'square'; choose one"),
    ],
)
def test_nonsense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


class Recording(SGD):
    """An update rule that keeps the factor of every step."""

    def step(self):
        self.__dict__.setdefault("factors", []).append(self.factor)
        super().step()


def trained(epochs, history=(), schedule=None, until=None):
    rng = np.random.default_rng(0)
    a = net(rng)
    sgd = Recording(a, 0.002)
    options = {"schedule": schedule, "batch": 32, "progress": False, "after_epoch": lambda rows: len(rows) == until}
    return sgd, fit(a, colours(100, 1), sgd=sgd, epochs=epochs, rng=rng, history=history, **options)


def test_fit_asks_a_schedule_by_step_before_every_step():
    schedule = OneCycle()
    sgd, history = trained(3, schedule=schedule)
    assert sgd.factors == pytest.approx(factors(schedule, 12))  # 100 images are 4 steps of 32
    assert history[-1]["lr"] == pytest.approx(0.002 * sgd.factors[-1])


def test_a_resumed_training_has_the_rates_of_one_that_was_never_stopped():
    schedule = WarmUp(5)
    _, first = trained(3, schedule=schedule, until=1)
    sgd, _ = trained(3, history=first, schedule=schedule)
    assert sgd.factors == pytest.approx(factors(schedule, 12)[4:])


def test_a_schedule_by_epoch_is_as_before():
    sgd, _ = trained(2, schedule=Fixed((1,)))
    assert sgd.factors == pytest.approx([1] * 4 + [0.1] * 4)
