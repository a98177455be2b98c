"""A batch that does not fit into memory is refused before training, with one that would."""

from math import prod

from minialex.devices import Host
from minialex.devices.room import bytes_left, check_room
from minialex.layer import Layer
from minialex.summary import summary


def check_batch_fits(net: Layer, shape: tuple[int, int, int], batch: int) -> None:
    """Check that a batch fits into main memory: at least each layer's output, and a gradient and a velocity a weight.

    Measured, a step of the paper's net takes 1.2 to 1.8 times the outputs; a batch that passes may still not fit.

    Args:   shape, of an image, (C, H, W).
    Errors: ValueError, with a batch that would fit.
    """
    if not all(isinstance(layer.device, Host) for _, layer in net.walk()):
        return
    an_image = sum(row.bytes for row in summary(net, shape).rows)
    weights = 8 * sum(prod(layer.params[key].shape) for _, layer, key in net.parameters())
    own = len(range(batch)[net.rows(batch)])  # images of this process
    fitting = max(0, ((bytes_left() or 0) - weights) // (2 * an_image)) * batch // own
    advice = f"a batch of {fitting:,} would" if fitting else "choose a smaller net or smaller images"
    check_room("batch", f"one of {batch:,} images", weights + own * an_image, advice)
