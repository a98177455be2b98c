"""Averages of the weights by name, as the command line and config.json have them.

none                 no average
ema[:DECAY]          WeightAverage, an exponential moving average (0.99)
lookahead[:DECAY]    Lookahead (0.95)
"""

from collections.abc import Callable

from minialex.checks import choose, expected
from minialex.training.averaging import WeightAverage
from minialex.training.lookahead import Lookahead

AVERAGES: dict[str, Callable[..., WeightAverage | None]] = {
    "none": lambda: None,
    "ema": WeightAverage,
    "lookahead": Lookahead,
}


def average_named(text: str) -> WeightAverage | None:
    """Return a new average of a text such as "ema:0.99" or "lookahead"; None of "none".

    Errors: ValueError for a name that no average has, or a decay that is none or out of range.
    """
    name, colon, decay = text.partition(":")
    make = choose(AVERAGES, name, "average")
    try:
        numbers = [float(decay)] if colon else []
    except ValueError:
        numbers = [2.0]  # said to be wrong below
    if (colon and name == "none") or not all(0 <= number < 1 for number in numbers):
        form = "none alone" if name == "none" else f"{name}:DECAY, 0 <= DECAY < 1, such as {name}:0.99, or {name} alone"
        raise expected("average", form, repr(text), "correct it")
    return make(*numbers)
