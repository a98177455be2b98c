"""The solution of each assignment, put together from the library's own source: no second copy of it is kept."""

import inspect
import re

from minialex import alexnet
from minialex.layers import conv, dense, dropout, im2col, initialization, loss, lrn, pool, relu
from minialex.models import small_alexnet
from minialex.training import sgd

OWN_IMPORT = re.compile(r"^from minialex\.(layers|kits|alexnet|models|training)\b[^\n(]*(\([^)]*\))?\n", flags=re.M)


def together(*modules) -> str:
    """Return the source of modules as one file, without the imports from each other."""
    return OWN_IMPORT.sub("", "\n\n".join(inspect.getsource(module) for module in modules))


def net() -> str:
    """Return the net of `minialex.models.small_alexnet`, in the form of the assignment."""
    text = together(small_alexnet_module()) + inspect.getsource(alexnet_module().figure_2)
    text = text.replace("kit_for(devices, kit, init)", "layers")
    head = "from minialex import layers\nfrom minialex.parallel import AllGather, Broadcast, Gather, Groups\n"
    head += "from collections.abc import Callable\n"
    return head + text + "\n\ndef net(*, rng):\n    return small_alexnet(rng=rng)\n"


def small_alexnet_module():
    return inspect.getmodule(small_alexnet)


def alexnet_module():
    return inspect.getmodule(alexnet)


ABLATION = """
from math import ceil, sqrt
without = [56.94, 57.08, 54.50, 55.74, 58.12]
with_lrn = [54.38, 55.60, 54.98, 55.24, 56.32]
differences = [b - a for a, b in zip(without, with_lrn)]
def deviation_of(values):
    mean = sum(values) / len(values)
    return sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
mean_difference = sum(differences) / 5
deviation = deviation_of(differences)
standard_error = round(deviation / sqrt(5), 3)
unpaired_standard_error = sqrt(deviation_of(without) ** 2 / 5 + deviation_of(with_lrn) ** 2 / 5)
standard_errors = abs(mean_difference) / standard_error
shown = "No"
seeds_for_two_errors = ceil(4 * deviation**2 / 1.4**2)
seeds_for_80_percent = ceil(2.8**2 * deviation**2 / 1.4**2)
seeds_for_half_a_point = ceil(2.8**2 * deviation**2 / 0.5**2)
seeds_affordable = 1800 // 66
smallest_difference = 2.8 * deviation / sqrt(seeds_affordable)
false_alarm = 1 - (1 - 0.116) ** 5
"""

DESCEND = inspect.getsource(sgd.descend)
SOLUTIONS = {
    "relu": together(relu),
    "dense": together(initialization, dense),
    "softmax_loss": together(loss),
    "conv": together(im2col, initialization, conv),
    "max_pool": together(im2col, pool),
    "lrn": together(im2col, lrn),
    "dropout": together(dropout),
    "update_rule": DESCEND,
    "net": net(),
    "bug_hunt": together(im2col, initialization, dense, loss, conv, pool, lrn, dropout) + DESCEND,
    "ablation": ABLATION,
}
