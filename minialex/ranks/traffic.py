"""What ranks send to each other in a training step, counted from the net, for each way of splitting its work.

data      the logits, which all ranks gather, and the sum of all gradients
hybrid    the features that dense layers read, and the sum of the convolutions' gradients
groups    Figure 2 on two ranks: what its communications transfer

A sum over p ranks is counted as 2 * (p - 1) / p of its bytes, the least that any algorithm sends (a ring does).
"""

from math import prod
from typing import NamedTuple

from minialex.layer import Layer
from minialex.parallel import AllGather, Gather
from minialex.printing import table, thousands
from minialex.ranks.hybrid import dense_blocks
from minialex.sequential import Sequential

FLOAT = 4  # bytes
MANY = 2**20  # images a rank


class Sent(NamedTuple):
    """The bytes that rank 0 sends by one communication of a step."""

    split: str
    ranks: int
    communication: str
    forward: int
    backward: int


def traffic(net: Sequential, plain: Sequential | None, shape: tuple[int, ...], ranks: int, batch: int) -> list[Sent]:
    """Return what rank 0 sends in a step of `batch` images, each way of splitting in turn.

    Args:   net, whose batches are split, and whose groups are on a rank each if it has groups; plain, the same net
            without groups, for hybrid (None: left out); shape, of one image (C, H, W).
    """
    rows = -(-batch // ranks)  # images of rank 0
    found = [
        Sent("data", ranks, "logits", FLOAT * rows * (ranks - 1) * prod(net.output_shape(shape)), 0),
        Sent("data", ranks, "gradients", 0, summed(parameters(net), ranks)),
    ]
    if plain is not None:
        found += features(plain, shape, ranks, batch)
    for prefix, layer, shapes in net.flow(shape):
        if isinstance(layer, AllGather | Gather):
            there = FLOAT * batch * prod(shapes[0]) * (len(shapes) - 1)
            back = 0 if isinstance(layer, Gather) else there
            found.append(Sent("groups", len(shapes), prefix.removesuffix("."), there, back))
    return found


def features(net: Sequential, shape: tuple[int, ...], ranks: int, batch: int) -> list[Sent]:
    """Return what hybrid sends: features that the dense layers read, gradients of the convolutions."""
    blocks, rows = dense_blocks(net), -(-batch // ranks)
    reads = {prefix.removesuffix("."): prod(shape) for prefix, _, shape in net.flow(shape)}
    first, *others = (next(iter(block)) for block in blocks)
    there, back = (FLOAT * reads[first] * n for n in (rows * (ranks - 1), batch - rows))
    found = [Sent("hybrid", ranks, f"to_{first}", there, back)]
    for name in others:
        units = reads[name] // ranks  # of rank 0
        there, back = (FLOAT * batch * n for n in (units * (ranks - 1), reads[name] - units))
        found.append(Sent("hybrid", ranks, f"to_{name}", there, 0 if name == others[-1] else back))
    dense = sum(parameters(layer) for block in blocks for layer in block.values())
    return [*found, Sent("hybrid", ranks, "gradients", 0, summed(parameters(net) - dense, ranks))]


def parameters(net: Layer) -> int:
    return sum(layer.params[key].size for _, layer, key in net.parameters())


def summed(elements: int, ranks: int) -> int:
    """Return the bytes that a rank sends for the sum of so many elements."""
    return round(2 * (ranks - 1) / ranks * FLOAT * elements)


def crossing(net: Sequential, plain: Sequential, shape: tuple[int, ...], *, logits: bool = True) -> float:
    """Return from how many images a step data sends fewer bytes than hybrid; it does not depend on the ranks.

    Args:   logits, whether those that data gathers count.
    """
    costs: dict[str, list[int]] = {"data": [], "hybrid": []}  # without images, and with many: both are linear in them
    for batch in (0, 2 * MANY):
        for split, cost in costs.items():
            sent = [s for s in traffic(net, plain, shape, 2, batch) if s.split == split]
            cost.append(sum(s.forward + s.backward for s in sent if logits or s.communication != "logits"))
    (a, b), (c, d) = costs["data"], costs["hybrid"]
    return 2 * MANY * (a - c) / (d - c - b + a)


def traffic_text(net: Sequential, plain: Sequential | None, shape: tuple[int, ...], ranks: int, batch: int) -> str:
    """Return a table for each way of splitting, and where one becomes cheaper than another."""
    sent, tables = traffic(net, plain, shape, ranks, batch), [f"bytes that a rank sends in a step of {batch:,} images"]
    for split, p in dict.fromkeys(s[:2] for s in sent):
        rows = [s for s in sent if s.split == split]
        cells = [(s.communication, thousands(s.forward), thousands(s.backward)) for s in rows]
        total = ("total", thousands(sum(s.forward for s in rows)), thousands(sum(s.backward for s in rows)))
        tables.append(table((f"{split}, {p} ranks", "forward", "backward"), cells, total, 1))
    if plain is not None:
        less, with_logits = (int(crossing(net, plain, shape, logits=logits)) for logits in (False, True))
        tables.append(
            f"up to {less:,} images a step the features of hybrid are fewer bytes than the gradients of data, above\n"
            f"they are more ({with_logits:,} images, if the logits count that data gathers); on any number of ranks"
        )
    return "\n\n".join(tables)
