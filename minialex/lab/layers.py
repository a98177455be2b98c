"""Section 7: without any of the middle layers the paper's net loses about 2 %. The class's net, layer by layer."""

from functools import partial

from minialex.lab.frame.compare import compare
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.net import CONVOLUTIONS, class_net
from minialex.lab.frame.settings import Settings
from minialex.lab.variant_nets import THIRD, instead, two_convolutions


def without(name: str) -> partial:
    """Return the builder of the class's net without a convolution and its unit; the pooling stays."""
    return partial(class_net, convolutions={**CONVOLUTIONS, name: (0, 0)})


MIDDLE = "about +2 (top-1)"
ENTRIES = {
    "as it is": Entry(net=class_net),
    "without conv1": Entry(net=without("conv1")),
    "without conv2": Entry(net=without("conv2"), published=MIDDLE, claimed=2.0),
    "without conv3": Entry(net=without("conv3"), published=MIDDLE, claimed=2.0),
    "without the hidden dense layer": Entry(net=partial(class_net, dense=())),
    "one more convolution": Entry(net=partial(instead, {THIRD: two_convolutions})),
    "one more dense layer": Entry(net=partial(class_net, dense=(128, 128))),
}


def layers(settings: Settings) -> str:
    """Compare the net with those that lack a layer, and with deeper ones."""
    return compare(ENTRIES, settings, costs=True).text
