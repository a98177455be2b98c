"""Section 3.3: local response normalization across maps, within maps, before and after the pooling.

How much it changes depends on alpha times the sum of squares, against k = 2. The outputs of this net are smaller than
the paper's: inputs have a deviation of 1, not 63 levels, and the initial weights are He's. No alpha makes the two equal
through a training, so that three are compared.

              alpha * sum after conv1, before training: 0.047 in alexnet_single at 0.0001; 5.7 * alpha in this net
0.0001        the paper's: 0.0006, a division by 2**0.75 and nothing more
0.01          0.057, about that of the paper's net before training
0.1           0.57, a quarter of k
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
    "across maps": Entry(
        net=partial(class_net, norm=across), published="-1.4 / -1.2 (paper); 40.66 / 18.21", claimed=-1.4
    ),
    "across maps, alpha 0.01": Entry(net=partial(class_net, norm=partial(across, alpha=0.01))),
    "across maps, alpha 0.0001": Entry(net=partial(class_net, norm=partial(across, alpha=1e-4))),
    "within maps": Entry(net=partial(class_net, norm=within)),
    "across maps, after the pooling": Entry(net=partial(class_net, norm=across, norm_last=True)),
}


def norm(settings: Settings) -> str:
    """Compare response normalizations with none."""
    return compare(ENTRIES, settings).text
