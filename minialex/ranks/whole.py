"""Arrays of a net over ranks as one process has them, and back: what a checkpoint holds does not depend on the ranks.

Keys are as in a checkpoint, a folder and a full name: "net/conv1.W", "velocity/squares/fc6.W", "draws/drop6.".
"""

from collections import defaultdict
from typing import Any

import numpy as np

from minialex.devices import Link
from minialex.layer import Layer
from minialex.parallel import Groups
from minialex.parallel.tuples import letter
from minialex.ranks.hybrid import Hybrid

Arrays = dict[str, np.ndarray]


def whole(net: Layer, arrays: Arrays) -> Arrays:
    """Return the arrays of all ranks, under the names and in the shapes of one process; every rank must call it."""
    groups = groups_of(net)
    if not groups:
        return arrays
    link: Link = groups[0][1]
    inside = [f"{prefix}{letter(i)}." for prefix, _ in groups for i in range(link.size)]
    own_groups = tuple(inside[link.rank :: link.size])
    names = {key: key.rpartition("/")[2] for key in arrays}
    result = {key: value for key, value in arrays.items() if not names[key].startswith(tuple(inside))}
    for theirs in link.each({key: arrays[key] for key in arrays if names[key].startswith(own_groups)}):
        result |= theirs
    return merged(result) if isinstance(net, Hybrid) else result


def merged(arrays: Arrays) -> Arrays:
    """Return arrays under the names without containers, the ranks' units concatenated: fc6.a.fc6.W, ... -> fc6.W."""
    parts: dict[str, list] = defaultdict(list)
    for key, value in arrays.items():
        folder, slash, name = key.rpartition("/")
        parts[folder + slash + short(name)].append(value)
    return {key: np.concatenate(values) if np.ndim(values[0]) else values[0] for key, values in parts.items()}


def own(net: Layer, arrays: Arrays) -> Arrays:
    """Return the arrays of one process under the names and in the shapes of a net over ranks.

    Of other ranks' groups only the parameters stay, since names are checked against those of the net.
    """
    if isinstance(net, Hybrid):
        arrays = divided(net, arrays)
    away = tuple(prefix for prefix, layer in net.walk() if not layer.device.here)
    return {key: value for key, value in arrays.items() if key.startswith("net/") or not is_in(away, key)}


def is_in(prefixes: tuple[str, ...], key: str) -> bool:
    return key.rpartition("/")[2].startswith(prefixes) if prefixes else False


def divided(net: Layer, arrays: Arrays) -> Arrays:
    """Return the arrays with the units of each dense layer divided among the groups: the inverse of `merged`."""
    rows: dict[str, list[tuple[str, Any]]] = defaultdict(list)
    ends: dict[str, int] = defaultdict(int)
    for name, layer, key in net.parameters():
        start, stop = ends[short(name)], ends[short(name)] + layer.params[key].shape[0]
        rows[short(name)].append((name, slice(start, stop)))
        ends[short(name)] = stop
    for prefix, layer in net.walk():
        if layer.rng is not None:
            rows[short(prefix)].append((prefix, ...))
    result = {}
    for key, value in arrays.items():
        folder, slash, name = key.rpartition("/")
        for full_name, part in rows.get(name, [(name, ...)]) if slash else [(name, ...)]:
            result[folder + slash + full_name] = value[part] if np.ndim(value) else value
    return result


def short(name: str) -> str:
    """Return a name without containers: "fc6.W" of "fc6.a.fc6.W", "drop6." of "fc6.a.drop6."."""
    return ".".join(name.split(".")[-2:])


def groups_of(net: Layer) -> list[tuple[str, Link]]:
    """Return the groups over ranks in a net: the prefix of their names, and their link."""
    groups = [(prefix, layer) for prefix, layer in net.walk() if isinstance(layer, Groups)]
    return [(prefix, layer.link) for prefix, layer in groups if layer.link is not None]
