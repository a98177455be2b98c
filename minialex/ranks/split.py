"""The ways of splitting a net's work among ranks, by their names."""

from minialex.checks import choose
from minialex.devices import ranks
from minialex.ranks.hybrid import hybrid
from minialex.ranks.shared import DataParallel
from minialex.sequential import Sequential

SPLITS = {"data": DataParallel, "hybrid": hybrid}


def split_over(net: Sequential, devices: str, split: str = "data") -> Sequential:
    """Return the net over all ranks where `devices` is "ranks", else the net as it is.

    Errors: ValueError for another split than "data" and "hybrid", or a net that cannot be split so.
    """
    divide = choose(SPLITS, split, "--split")
    if devices != "ranks":
        return net
    return divide(net, ranks(net.device.workers))  # type: ignore[return-value]
