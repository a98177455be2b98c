"""Section 7: without any of the middle layers the paper's net loses about 2 %. The class's net, layer by layer."""

from functools import partial

import numpy as np

from minialex.lab.frame.compare import compare
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.net import CONVOLUTIONS, KIT, class_net
from minialex.lab.frame.settings import Settings
from minialex.layer import Layer
from minialex.sequential import Sequential


def without(name: str) -> partial:
    """Return the builder of the class's net without a convolution and its unit; the pooling stays."""
    return partial(class_net, convolutions={**CONVOLUTIONS, name: (0, 0)})


def two_in_third(reads: int, kernels: int, side: int, *, pad: int, rng: np.random.Generator) -> Layer:
    """Build a convolution; in place of conv3 two in order, with as many kernels, so that the map's size stays."""
    first = KIT.Conv2D(reads, kernels, side, pad=pad, rng=rng)
    if kernels != CONVOLUTIONS["conv3"][0]:
        return first
    return Sequential(first=first, unit=KIT.ReLU(), second=KIT.Conv2D(kernels, kernels, side, pad=pad, rng=rng))


MIDDLE = "about +2 (top-1)"
ENTRIES = {
    "as it is": Entry(net=class_net),
    "without conv1": Entry(net=without("conv1")),
    "without conv2": Entry(net=without("conv2"), published=MIDDLE),
    "without conv3": Entry(net=without("conv3"), published=MIDDLE),
    "without the hidden dense layer": Entry(net=partial(class_net, dense=())),
    "one more convolution": Entry(net=partial(class_net, conv=two_in_third)),
    "one more dense layer": Entry(net=partial(class_net, dense=(128, 128))),
}


def layers(settings: Settings) -> str:
    """Compare the net with those that lack a layer, and with deeper ones."""
    return compare(ENTRIES, settings, costs=True).text
