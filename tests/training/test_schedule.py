"""Schedules: when the rate is divided, and that at most three times."""

import pytest

from minialex.training import Fixed, Plateau


def factors(schedule, errors):
    return [round(schedule(errors[:n]), 12) for n in range(len(errors) + 1)]


def test_fixed_divides_after_these_epochs():
    assert factors(Fixed((2, 3)), [0.5] * 4) == [1, 1, 0.1, 0.01, 0.01]
    assert factors(Fixed(), [0.5] * 3) == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("errors", "wanted"),
    [
        ([0.5, 0.4, 0.3, 0.2, 0.1], [1, 1, 1, 1, 1, 1]),  # improves all the time
        ([0.5, 0.5, 0.5, 0.5], [1, 1, 1, 0.1, 0.1]),  # equal is not better
        ([0.5, 0.6, 0.4, 0.5, 0.45], [1, 1, 1, 1, 1, 0.1]),  # a new best starts the waiting anew
        ([0.5] * 12, [1, 1, 1, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001]),  # three times
    ],
)
def test_plateau_divides_when_the_error_stops_improving(errors, wanted):
    assert factors(Plateau(patience=2), errors) == wanted
