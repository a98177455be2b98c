"""Sums of gradients over ranks."""

from collections.abc import Iterator

import numpy as np

from minialex.devices import Link, host
from minialex.layer import Layer

BUCKET = 2**24  # bytes that are summed by one call: small gradients travel together, large ones need no second copy

Entry = tuple[Layer, str]  # a layer, and the key of a gradient


def add_gradients(net: Layer, link: Link) -> None:
    """Replace the gradients of the trainable parameters by their sums over all ranks.

    After the backward pass rather than during it: a thread that waits for messages takes a core from those that
    compute, and has not been measured to be faster (docs/scale.md).
    """
    entries: list[Entry] = []
    net.each_parameter(lambda name, layer, key: entries.append((layer, key)))
    for bucket in buckets(entries):
        flat = np.concatenate([np.ravel(host.put(layer.grads[key])) for layer, key in bucket])
        link.add(flat)
        ends = np.cumsum([layer.grads[key].size for layer, key in bucket])
        for (layer, key), part in zip(bucket, np.split(flat, ends[:-1]), strict=True):
            layer.grads[key] = layer.device.put(part.reshape(layer.grads[key].shape))


def buckets(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Yield the gradients, some at a time: of one dtype, and together of the size of a bucket or a little more."""
    bucket: list[Entry] = []
    size = 0
    for layer, key in entries:
        gradient = layer.grads[key]
        if bucket and (size >= BUCKET or gradient.dtype != bucket[0][0].grads[bucket[0][1]].dtype):
            yield bucket
            bucket, size = [], 0
        bucket.append((layer, key))
        size += gradient.nbytes
    if bucket:
        yield bucket
