"""A net walked through, for its summary."""

from math import prod

from minialex.checks import check_integers, check_kinds
from minialex.layer import Layer
from minialex.parallel import Communication
from minialex.parallel.tuples import letter
from minialex.printing import groups_of
from minialex.summary.counts import category, units
from minialex.summary.table import Row, Summary, Transfer


def summary(net: Layer, shape: tuple[int, ...], *, batch: int = 1) -> Summary:
    """Return the table of a net: what each layer computes from inputs of `shape` (no batch axis), and what it costs.

    Args:   shape, of one image (C, H, W); batch, images for which bytes are counted.
    Errors: ValueError if the images do not fit, naming the layer.
    """
    check_kinds("summary", Layer, "pass a net", net=net)
    check_integers("summary", batch=batch)
    check_kinds("summary", tuple | list, "pass (3, 224, 224)", shape=shape)
    for number in shape:
        check_integers("summary", shape=number)
    rows, transfers = [], []
    for prefix, layer, reads in net.flow(tuple(shape)):
        makes = tuple(layer.output_shape(reads))
        parameters = sum(prod(value.shape) for value in layer.params.values())
        name, kind = prefix.removesuffix(".") or layer.name, type(layer).__name__
        written = 4 * batch * sum(map(prod, groups_of(makes)))
        costs = (parameters, layer.multiply_adds(reads), written)
        rows.append(Row(name, kind, device_name(layer), makes, *costs, category(layer), *units(layer, reads, makes)))
        if isinstance(layer, Communication):
            for (i, j), elements in sorted(layer.traffic(reads).items()):
                sent = 4 * batch * elements
                transfers.append(Transfer(name, kind, letter(i), letter(j), sent, sent * layer.input_gradient))
    return Summary(rows, transfers, batch, prod(shape))


def device_name(layer: Layer) -> str:
    devices = layer.devices if isinstance(layer, Communication) else (layer.device,)
    names = (repr(device).partition("(workers")[0].lower() for device in devices)
    return ", ".join(dict.fromkeys(names))  # each once
