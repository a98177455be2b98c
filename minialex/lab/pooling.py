"""Section 3.4: overlapping pooling, windows of 3x3 pixels at stride 2, against others."""

from functools import partial

from minialex.lab.frame.compare import compare
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.net import KIT, class_net
from minialex.lab.frame.settings import Settings


def net_with(pool, side: int, stride: int) -> partial:
    """Return the builder of the class's net with this pooling; a window that hangs over the edge counts."""
    return partial(class_net, pool=lambda: pool(side, stride, ceil=True))


ENTRIES = {
    "maximum 3x3, stride 2": Entry(net=net_with(KIT.MaxPool, 3, 2), published="40.66 / 18.21"),
    "maximum 2x2, stride 2": Entry(
        net=net_with(KIT.MaxPool, 2, 2), published="+0.4 / +0.3 (paper); 41.06 / 18.51", claimed=0.4
    ),
    "average 3x3, stride 2": Entry(net=net_with(KIT.AvgPool, 3, 2)),
    "average 2x2, stride 2": Entry(net=net_with(KIT.AvgPool, 2, 2)),
}


def pooling(settings: Settings) -> str:
    """Compare overlapping and other windows, maximum and average."""
    return compare(ENTRIES, settings).text
