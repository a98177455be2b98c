"""Schedules by name, and what is said of names that none has."""

import pytest

from minialex.training import EverySteps, Fixed, InverseSqrt, OneCycle, Plateau, WarmUp
from minialex.training.named_schedules import SCHEDULES, depends_on_epochs, schedule_named

NAMED = {
    "constant": Fixed(),
    "plateau": Plateau(),
    "one-cycle": OneCycle(),
    "one-cycle:0.25": OneCycle(0.25),
    "inverse-sqrt": InverseSqrt(),
    "inverse-sqrt:100": InverseSqrt(100),
    "every:1000": EverySteps(1000),
    "warm-up:5": WarmUp(5),
    "warm-up:5,every:1000": WarmUp(5, EverySteps(1000)),
    "warm-up:5,one-cycle:0.5": WarmUp(5, OneCycle(0.5)),
}


@pytest.mark.parametrize("text", NAMED)
def test_a_name_is_a_schedule(text):
    assert schedule_named(text) == NAMED[text]


def test_every_name_is_tested():
    assert {text.partition(":")[0] for text in NAMED} == set(SCHEDULES)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("one-cycel", "schedule: expected one of constant, .*, got 'one-cycel'; did you mean 'one-cycle'"),
        ("", "schedule: expected one of"),
        ("plateau:3", "schedule: expected plateau alone, got 'plateau:3'; correct it"),
        ("every", "schedule: expected every:STEPS, such as every:1000, got 'every'; correct it"),
        ("every:", "expected every:STEPS, such as every:1000, got 'every:'"),
        ("every:x", "expected every:STEPS, such as every:1000, got 'every:x'"),
        ("every:0", "EverySteps: expected n to be an integer >= 1, got 0"),
        ("one-cycle:2", "OneCycle: expected rise to be a number, 0 <= rise < 1, got 2.0"),
        ("one-cycle:nan", "OneCycle: expected rise to be a number"),
        ("one-cycle:x", "expected one-cycle:SHARE, such as one-cycle:0.3, or one-cycle alone, got 'one-cycle:x'"),
        ("warm-up:5,plateau", "expected a schedule by step after warm-up, got 'plateau'; name one-cycle"),
        ("warm-up:5,", "schedule: expected one of"),
        ("warm-up:2,warm-up:3", "expected a schedule by step after warm-up, got 'warm-up:3'; name one-cycle"),
        ("warm-up:2,warm-up:3,one-cycle", "expected a schedule by step after warm-up, got 'warm-up:3,one-cycle'"),
        ("every:5,one-cycle", "expected warm-up:STEPS before a comma, got 'every:5'; name one schedule"),
    ],
)
def test_what_is_no_schedule_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        schedule_named(text)


def test_one_cycle_alone_depends_on_the_number_of_epochs():
    depending = {text for text, schedule in NAMED.items() if depends_on_epochs(schedule)}
    assert depending == {"one-cycle", "one-cycle:0.25", "warm-up:5,one-cycle:0.5"}
