"""Section 3.3: local response normalization across maps, within maps, before and after the pooling.

The paper's alpha is for pixels of 0 to 255: for maps that are c times smaller, c**2 times the alpha does the same,
c times smaller. The net of the class has inputs of deviation 1, so its alpha is 0.0001 * 63**2 = 0.4.
"""

from functools import partial

from minialex.lab.frame.compare import compare
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.net import KIT, class_net
from minialex.lab.frame.settings import Settings

DEVIATION = 63.0  # of CIFAR-10's pixels, in levels
ALPHA = 1e-4 * DEVIATION**2
WITHIN = 1e-3 * DEVIATION**2  # the source's norm2_within divides it by the 25 pixels of the window


def across(channels: int, alpha: float = ALPHA):
    """Return the paper's normalization across 5 maps."""
    return KIT.LRN(5, 2.0, alpha, 0.75)


def within(channels: int):
    """Return the source's second normalization, over 5x5 pixels of each map."""
    return KIT.LRN(5, 2.0, WITHIN, 0.75, average=True, across="space")


ENTRIES = {
    "without": Entry(net=class_net, published="42.03 / 19.36"),
    "across maps": Entry(net=partial(class_net, norm=across), published="-1.4 / -1.2 (paper); 40.66 / 18.21"),
    "across maps, alpha 0.0001": Entry(net=partial(class_net, norm=partial(across, alpha=1e-4))),
    "within maps": Entry(net=partial(class_net, norm=within)),
    "across maps, after the pooling": Entry(net=partial(class_net, norm=across, norm_last=True)),
}


def norm(settings: Settings) -> str:
    """Compare response normalizations with none."""
    return compare(ENTRIES, settings).text
