"""Section 3.3: local response normalization across maps, within maps, before and after the pooling.

How much it changes depends on alpha times the sum of squares, against k = 2. After conv1, before training and with
images of CIFAR-10, this product is 0.032 in `alexnet_single` with the paper's alpha, and 5.7 * alpha in this net: its
inputs have a deviation of 1, not 63 levels, but its initial weights are He's, not N(0, 0.01). Training changes both, so
no alpha makes the two nets equal, and three are compared:

0.0001   the paper's: the product is 0.0006, and the normalization hardly more than a division by 2**0.75
0.006    0.034, as in the paper's net before training
0.1      0.57, a quarter of k
"""

from functools import partial

from minialex.lab.frame.compare import compare
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.net import KIT, class_net
from minialex.lab.frame.settings import Settings

ALPHA = 0.1  # of all response normalization in the net of the class


def across(channels: int, alpha: float = ALPHA):
    """Return the paper's normalization across 5 maps."""
    return KIT.LRN(5, 2.0, alpha, 0.75)


def within(channels: int):
    """Return the source's second normalization, over 5x5 pixels of each map; as strong where all values are equal."""
    return KIT.LRN(5, 2.0, 5 * ALPHA, 0.75, average=True, across="space")


ENTRIES = {
    "without": Entry(net=class_net, published="42.03 / 19.36"),
    "across maps, alpha 0.1": Entry(
        net=partial(class_net, norm=across), published="-1.4 / -1.2 (paper); 40.66 / 18.21", claimed=-1.4
    ),
    "across maps, alpha 0.006": Entry(net=partial(class_net, norm=partial(across, alpha=0.006))),
    "across maps, alpha 0.0001": Entry(net=partial(class_net, norm=partial(across, alpha=1e-4))),
    "within maps": Entry(net=partial(class_net, norm=within)),
    "across maps, after the pooling": Entry(net=partial(class_net, norm=across, norm_last=True)),
}


def norm(settings: Settings) -> str:
    """Compare response normalizations with none."""
    return compare(ENTRIES, settings).text
