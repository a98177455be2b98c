"""What tutorials say AlexNet has, and what came after it, against the class's net: three groups of entries.

architecture      other layers, as many multiply-adds where that can be had
training          other update rules, and labels that are smoothed
initialization    other initial weights

Besides the errors: the epochs until the training error, seen while learning, is 25 %; the largest rate of the grid at
which the net still learns; mean confidence beside accuracy; the share of steps at which gradients were clipped.
"""

from functools import partial

import numpy as np

from minialex.data import Dataset
from minialex.devices import host
from minialex.kits import complete
from minialex.lab import variant_nets as nets
from minialex.lab.calibration import CalibratedEntry, CountedClipping
from minialex.lab.frame.compare import compare, keep_table
from minialex.lab.frame.entry import Entry, levels, usual_rule
from minialex.lab.frame.net import KIT, class_net
from minialex.lab.frame.settings import Settings
from minialex.lab.norm import ALPHA
from minialex.lab.variant_table import besides
from minialex.sequential import Sequential
from minialex.training import SGD, Adam


def weights(init: str | float) -> partial:
    """Return the builder of the net with these initial weights and biases of 0."""
    return partial(class_net, kit=complete(host.kit, init))


def net_with_biases(**settings) -> Sequential:
    """Build the net with N(0, 0.01) and biases of 1 where section 5 has them: not in the first and the last layer."""
    net = weights(0.01)(**settings)
    for name in ("conv2", "conv3", "fc4"):
        net[name].params["b"] += np.float32(1)
    return net


def clipping(largest: float, net: Sequential, lr: float) -> SGD:
    """Return the usual rule with a largest norm of all gradients together; without it, norms here are 5 to 20."""
    return CountedClipping(net, lr, bias_lr=2 * lr, bias_decay=0.0, clip=largest)


PLAIN = CalibratedEntry(net=class_net)
LRN = partial(class_net, norm=lambda channels: KIT.LRN(alpha=ALPHA))
ARCHITECTURE: dict[str, Entry] = {
    "plain": PLAIN,
    "batch normalization": CalibratedEntry(net=nets.normalized_net),
    "pixels": CalibratedEntry(net=class_net, inputs=levels),
    "batch normalization, pixels": CalibratedEntry(net=nets.normalized_net, inputs=levels),
    "batch normalization, of pixels too": CalibratedEntry(net=nets.normalized_input_net, inputs=levels),
    "batch normalization after ReLU": CalibratedEntry(net=partial(class_net, norm=KIT.BatchNorm, norm_in=(1, 2, 3))),
    "LRN, then pooling": CalibratedEntry(net=LRN),
    "pooling, then LRN": CalibratedEntry(net=partial(LRN, norm_last=True)),
    "global average pooling": CalibratedEntry(net=nets.global_average_net),
    "separable conv2 and conv3": CalibratedEntry(net=nets.separable_net),
    "separable, widened": CalibratedEntry(net=nets.wide_separable_net),
    "Inception module for conv3": CalibratedEntry(net=nets.inception_net),
    "two convolutions for conv3": CalibratedEntry(net=partial(nets.deeper_net, shortcut=False)),
    "two for conv3, residual": CalibratedEntry(net=partial(nets.deeper_net, shortcut=True)),
    "local conv3": CalibratedEntry(net=nets.local_net),
    "leaky ReLU": CalibratedEntry(net=partial(class_net, unit=lambda: KIT.LeakyReLU(0.01))),
}
TRAINING: dict[str, Entry] = {
    "plain": PLAIN,
    "label smoothing 0.1": CalibratedEntry(net=class_net, smoothing=0.1),
    "Nesterov's momentum": CalibratedEntry(net=class_net, rule=partial(usual_rule, nesterov=True)),
    "gradients clipped at 10": CalibratedEntry(net=class_net, rule=partial(clipping, 10)),
    "gradients clipped at 1": CalibratedEntry(net=class_net, rule=partial(clipping, 1)),
    "Adam": CalibratedEntry(net=class_net, rule=lambda net, lr: Adam(net, lr, weight_decay=5e-4)),
}
INITIALIZATION: dict[str, Entry] = {
    "plain": PLAIN,  # He
    "Xavier": CalibratedEntry(net=weights("xavier")),
    "N(0, 0.01)": CalibratedEntry(net=weights(0.01)),
    "variance 0.01: N(0, 0.1)": CalibratedEntry(net=weights(0.1)),
    "N(0, 0.01), pixels": CalibratedEntry(net=weights(0.01), inputs=levels),
    "N(0, 0.01), pixels, biases 1": CalibratedEntry(net=net_with_biases, inputs=levels),
}
GROUPS: dict[str, dict[str, Entry]] = {
    "architecture": ARCHITECTURE, "initialization": INITIALIZATION, "training": TRAINING,
}  # fmt: skip


def variants(settings: Settings, *, group: str = "all") -> str:
    """Compare the entries of one group, or of each, with the plain net; results of all groups are in one file.

    Args:   group, architecture, training, initialization or all; its picture is `GROUP.png`.
    """
    dataset = settings.dataset()
    text = "\n\n".join(one_group(name, dataset, settings) for name in (GROUPS if group == "all" else [group]))
    keep_table(settings, text)
    return text


def one_group(name: str, dataset: Dataset, settings: Settings) -> str:
    """Compare the entries of a group, and return both tables."""
    entries = GROUPS[name]
    compared = compare(entries, settings, costs=name == "architecture", dataset=dataset, picture=f"{name}.png")
    return f"{name.capitalize()}. {compared.text}\n\n{besides(entries, compared, dataset, settings)}"
