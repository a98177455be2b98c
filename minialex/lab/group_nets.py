"""The three nets that section 3.2 compares, with the layers of `small_alexnet`:

two groups      as in Figure 2
silent groups   the same kernels, but no communication before the last layer (the source's run #150)
half a net      one group: half of the kernels of conv1 to conv4; conv5 and the dense layers keep their size, as
                in the footnote of section 3.2, since most parameters read conv5
"""

import numpy as np

from minialex.devices import host
from minialex.models.small_alexnet import small_dense, small_geometry, small_lower, small_upper
from minialex.parallel import Broadcast, Gather, Groups
from minialex.sequential import Sequential

DEVICES = (host, host)


def silent_groups(*, rng: np.random.Generator, classes: int, image_size: int, channels: int = 3) -> Sequential:
    """Build two groups that do not communicate before the last layer."""
    kit, (stride, side) = host.kit, small_geometry(image_size)
    return Sequential(
        images=Broadcast(DEVICES),
        lower=Groups(DEVICES, lambda: small_lower(kit, rng, stride, channels)),
        upper=Groups(DEVICES, lambda: small_upper(kit, rng, reads=32)),
        fc6=Groups(DEVICES, lambda: small_dense(6, kit, rng, reads=32 * side * side)),
        fc7=Groups(DEVICES, lambda: small_dense(7, kit, rng, reads=256)),
        to_fc8=Gather(DEVICES, to=host),
        fc8=kit.Dense(512, classes, std=0.05, rng=rng),
    )


def half_a_net(*, rng: np.random.Generator, classes: int, image_size: int, channels: int = 3) -> Sequential:
    """Build one group, with half of the kernels of conv1 to conv4."""
    kit, (stride, side) = host.kit, small_geometry(image_size)
    return Sequential(
        lower=small_lower(kit, rng, stride, channels),
        upper=small_upper(kit, rng, reads=32, conv5=64),
        fc6=small_dense(6, kit, rng, reads=64 * side * side, width=512),
        fc7=small_dense(7, kit, rng, reads=512, width=512),
        fc8=kit.Dense(512, classes, std=0.05, rng=rng),
    )
