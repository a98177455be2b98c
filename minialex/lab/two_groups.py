"""Section 3.2: what does communication between two groups bring? The three nets of `group_nets.py`."""

from functools import partial

from minialex.lab.frame.compare import compare
from minialex.lab.frame.entry import Entry, levels
from minialex.lab.frame.settings import Settings
from minialex.lab.group_nets import half_a_net, silent_groups
from minialex.models import small_alexnet

# Paper: section 3.2, ILSVRC-2010, the loss against two groups (top-1 / top-5). Source: the comments of configurations
# #145 and #150, 2012 validation set, and of the half net on 2010 against 37.47 / 17.00.
on_pixels = partial(Entry, inputs=levels)
ENTRIES = {
    "two groups": on_pixels(net=small_alexnet, published="40.66 / 18.21"),
    "silent groups": on_pixels(net=silent_groups, published="41.83 / 19.33", claimed=1.2),
    "half a net": on_pixels(net=half_a_net, published="+1.7 / +1.2 (paper); 39.17 / 18.23 (2010)", claimed=1.7),
}


def two_groups(settings: Settings) -> str:
    """Compare two groups as in Figure 2, two that do not communicate, and one."""
    return compare(ENTRIES, settings, costs=True).text
