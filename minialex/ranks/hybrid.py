"""One weird trick: images are split among the ranks in the convolutions, units in the dense layers.

Of AlexNet's parameters 96 % are in the dense layers and 92 % of the multiplications in the convolutions. So each rank
has all kernels of the convolutions and its own images, whose gradients are few bytes; and it has some of the units of
each dense layer, which read the features of all images. What is sent is the features, not the dense layers' gradients.

Source: A. Krizhevsky, "One weird trick for parallelizing convolutional neural networks" (2014), the scheme
(a) in which every rank computes the dense layers for the whole batch.
"""

import copy
from collections.abc import Sequence

from minialex.checks import expected
from minialex.devices import Rank
from minialex.layer import Layer
from minialex.layers import Dense, Dropout, ReLU, Sigmoid, Tanh
from minialex.parallel import AllGather, Gather, Groups
from minialex.ranks.draws import ColumnsOf
from minialex.ranks.shared import Shared
from minialex.sequential import Sequential

UNIT_BY_UNIT = (Dense, ReLU, Tanh, Sigmoid, Dropout)  # layers whose units may be divided among ranks


class Hybrid(Sequential):
    """A net over ranks that `hybrid` has made of one for a single process."""


def hybrid(net: Sequential, devices: Sequence[Rank]) -> Hybrid:
    """Divide a net among ranks: its convolutions share images, its dense layers share units; the last is on all ranks.

    Shapes: this rank's images (n, C, H, W) -> the logits of the whole batch (N, classes), on every rank.
    Errors: ValueError for a net without two dense layers at its end, as one of two groups, or for more ranks than
            units.
    """
    blocks = dense_blocks(net)
    convolutions = dict(list(net.layers.items())[: len(net) - sum(map(len, blocks))])
    *divided, last = blocks
    layers: dict[str, Layer] = {"convolutions": Shared(Sequential(**convolutions), devices)}
    for i, block in enumerate(divided):
        name = next(iter(block))  # fc6: its images come from all ranks; fc7: its features do
        layers[f"to_{name}"] = AllGather(devices, axis=0 if i == 0 else 1)
        layers[name] = Groups(devices, [part_of(block, rank) for rank in devices])
    layers[f"to_{next(iter(last))}"] = Gather(devices, to=devices[0])
    return Hybrid(**layers, **{name: layer.to(devices[0]) for name, layer in last.items()})


def dense_blocks(net: Sequential) -> list[dict[str, Layer]]:
    """Return the dense layers at the end of a net, each with the layers that follow it."""
    blocks: list[dict[str, Layer]] = []
    for name, layer in net.layers.items():
        if isinstance(layer, Dense):
            blocks.append({})
        if blocks:
            blocks[-1][name] = layer
    others = [layer.label for block in blocks for layer in block.values() if not isinstance(layer, UNIT_BY_UNIT)]
    if len(blocks) < 2 or others or len(net) == sum(map(len, blocks)):
        got = f"{others[0]} among them" if others else f"{len(blocks)}"
        advice = "use --split data, or alexnet_single, which has AlexNet's two groups in one net"
        raise expected("hybrid", "two dense layers or more at the end of the net", got, advice)
    return blocks


def can_be_divided(net: Sequential) -> bool:
    """Tell whether `hybrid` can divide this net."""
    try:
        return bool(dense_blocks(net))
    except ValueError:
        return False


def part_of(block: dict[str, Layer], rank: Rank) -> Sequential:
    """Return the layers of a block with a rank's units alone."""
    dense = next(iter(block.values()))
    units = len(dense.params["W"])
    if units < rank.link.size:
        raise expected(dense.label, f"{rank.link.size} units, one a rank, or more", units, "use fewer ranks")
    own = slice(units * rank.number // rank.link.size, units * (rank.number + 1) // rank.link.size)
    layers = {name: copy.copy(layer) for name, layer in block.items()}
    for layer in layers.values():
        layer.params = {key: value[own] * 1 for key, value in layer.params.items()}
        layer.grads = {}
        if isinstance(layer, Dense):
            layer.out_features = len(layer.params["W"])
        if layer.rng is not None:
            layer.rng = ColumnsOf(copy.deepcopy(layer.rng), own, units)  # type: ignore[assignment]
    return Sequential(**layers)
