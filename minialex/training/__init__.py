"""Training: the update rule, the schedule of the rate, the loop, evaluation, and runs kept in a folder.

Read `sgd.py`, `schedule.py`, `loop.py` and `evaluate.py`; the other files keep runs.
"""

from minialex.training.adam import Adam
from minialex.training.averaging import WeightAverage
from minialex.training.divergence import Diverged
from minialex.training.ensemble import evaluate_mean
from minialex.training.evaluate import evaluate, judge, probabilities
from minialex.training.features import features, nearest
from minialex.training.frozen import freeze
from minialex.training.history import read_history
from minialex.training.lookahead import Lookahead
from minialex.training.loop import fit
from minialex.training.muon import Muon
from minialex.training.schedule import Fixed, Plateau
from minialex.training.sgd import SGD
from minialex.training.step_schedules import EverySteps, InverseSqrt, OneCycle, WarmUp

__all__ = [
    "SGD",
    "Adam",
    "Diverged",
    "EverySteps",
    "Fixed",
    "InverseSqrt",
    "Lookahead",
    "Muon",
    "OneCycle",
    "Plateau",
    "WarmUp",
    "WeightAverage",
    "evaluate",
    "evaluate_mean",
    "features",
    "fit",
    "freeze",
    "judge",
    "nearest",
    "probabilities",
    "read_history",
]
