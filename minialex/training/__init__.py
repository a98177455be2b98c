"""Training: the update rule, the schedule of the rate, the loop, evaluation, and runs kept in a folder."""

from minialex.training.evaluate import evaluate
from minialex.training.history import read_history
from minialex.training.loop import fit
from minialex.training.schedule import Fixed, Plateau
from minialex.training.sgd import SGD

__all__ = ["SGD", "Fixed", "Plateau", "evaluate", "fit", "read_history"]
