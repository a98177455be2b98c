"""Schedules by name, as the command line and config.json have them.

constant                    the rate stays as it is
plateau                     divided by 10 when the validation error stops improving (section 5)
one-cycle[:RISE]            up over this share of all steps (0.3), and down to 0
inverse-sqrt[:STEPS]        1 / sqrt(1 + step / STEPS)
every:STEPS                 divided by 10 after every so many steps
warm-up:STEPS[,SCHEDULE]    up over these steps, and then as one of those by step
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from minialex.checks import choose, expected
from minialex.training.schedule import Fixed, Plateau
from minialex.training.step_schedules import ByStep, EverySteps, InverseSqrt, OneCycle, WarmUp


class Named(NamedTuple):
    """What makes a schedule, and what reads the number after its name: None where there is none."""

    make: Callable[..., Any]
    number: Callable[[str], Any] | None = None
    is_needed: bool = False


SCHEDULES = {
    "constant": Named(Fixed),
    "plateau": Named(Plateau),
    "one-cycle": Named(OneCycle, float),
    "inverse-sqrt": Named(InverseSqrt, int),
    "every": Named(EverySteps, int, is_needed=True),
    "warm-up": Named(WarmUp, int, is_needed=True),
}


def schedule_named(text: str) -> Fixed | Plateau | ByStep:
    """Return the schedule of a text such as "every:1000", "one-cycle" or "warm-up:200,inverse-sqrt:1000".

    Errors: ValueError for a name that no schedule has, or a number that is missing, or none, or out of range.
    """
    one, comma, following = text.partition(",")
    name, colon, number = one.partition(":")
    named = choose(SCHEDULES, name, "schedule")
    if bool(colon) > (named.number is not None) or bool(colon) < named.is_needed:
        raise expected("schedule", form(name), repr(one), "correct it")
    try:
        numbers = [named.number(number)] if named.number and colon else []
    except ValueError:
        raise expected("schedule", form(name), repr(one), "correct it") from None
    schedule = named.make(*numbers)
    if not comma:
        return schedule
    if not isinstance(schedule, WarmUp):
        raise expected("schedule", "warm-up:STEPS before a comma", repr(one), "name one schedule")
    return WarmUp(schedule.over, following_schedule(following))


def form(name: str) -> str:
    """Return how a schedule is written: "every:STEPS, such as every:1000"."""
    named = SCHEDULES[name]
    if named.number is None:
        return f"{name} alone"
    number, example = ("SHARE", "0.3") if named.number is float else ("STEPS", "1000")
    return f"{name}:{number}, such as {name}:{example}" + ("" if named.is_needed else f", or {name} alone")


def following_schedule(text: str) -> ByStep:
    """Return the schedule after a warm-up, which must be one by step and no warm-up itself."""
    schedule = schedule_named(text)
    if not isinstance(schedule, ByStep) or isinstance(schedule, WarmUp):
        advice = "name one-cycle, inverse-sqrt or every, or leave it out"
        raise expected("schedule", "a schedule by step after warm-up", repr(text), advice)
    return schedule


def depends_on_epochs(schedule: Callable) -> bool:
    """Tell whether the rates of the first epochs would be others if the training had more of them."""
    return isinstance(schedule.then if isinstance(schedule, WarmUp) else schedule, OneCycle)
