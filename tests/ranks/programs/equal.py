"""Under mpiexec: a net on all ranks learns what it learns in one process, weight by weight, in float64.

equal.py WAY ..., of groups, data, hybrid. The batches are even, uneven, and smaller than the number of ranks. What
rank 0 has sent is what `traffic` counts.
"""

import sys

import numpy as np

from minialex import Host, Sequential
from minialex.fast import Conv2D, Dense, Dropout, Flatten, MaxPool, ReLU
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import small_alexnet
from minialex.parallel import Communication
from minialex.ranks import SPLITS, ending_together, is_first, ranks, whole
from minialex.ranks.traffic import traffic
from minialex.training import SGD, Adam

BATCHES = (8, 7, 1, 6)


def small(devices):
    return small_alexnet(devices, rng=np.random.default_rng(0), image_size=16).astype("float64")


def plain(devices):
    """Return a net without groups: hybrid divides its dense layers, with their dropout."""
    rng = np.random.default_rng(0)
    net = Sequential(
        conv1=Conv2D(3, 6, 3, pad=1, init="he", rng=rng), relu1=ReLU(), pool1=MaxPool(), flatten=Flatten(),
        fc2=Dense(6 * 7 * 7, 13, init="he", rng=rng), relu2=ReLU(), drop2=Dropout(rng=rng.spawn(1)[0]),
        fc3=Dense(13, 9, init="he", rng=rng), relu3=ReLU(), drop3=Dropout(rng=rng.spawn(1)[0]),
        fc4=Dense(9, 10, init="he", rng=rng),
    )  # fmt: skip
    net["conv1"].input_gradient = False
    return net.to(devices[0]).astype("float64")


def trained(net, rule):
    """Return parameters, both running means, generators and logits after a step with each batch."""
    sgd, head, draw = rule(net, 0.01), SoftmaxCrossEntropy(), np.random.default_rng(1)
    for n in BATCHES:
        x, labels = draw.standard_normal((n, 3, 16, 16)), draw.integers(0, 10, n)
        logits = net.forward(x[net.rows(n)])
        head.forward(logits, labels)
        net.backward(head.backward())
        sgd.step()
    draws = {f"draws/{p}": layer.rng.bit_generator.state["state"]["state"] % 2**60 for p, layer in net.walk()
             if layer.rng and layer.device.here}  # fmt: skip
    arrays = {f"net/{name}": value for name, value in net.state().items()}
    velocities = {f"velocity/{name}": v for name, v in sgd.state().items()}
    return whole(net, arrays | velocities | draws) | {"logits": logits}


def over(way, there, alone):
    """Return pairs of nets, over ranks and in one process."""
    if way == "groups":
        return [(small(there), small(alone))]
    nets = (plain,) if way == "hybrid" else (plain, small)
    return [(SPLITS[way](make(alone[:1] * 2), there), make(alone[:1] * 2)) for make in nets]


def bytes_sent(net):
    members = [layer for _, layer in net.walk()] + [getattr(net, "logits", None)]
    sent = [layer.sent for layer in members if isinstance(layer, Communication) and layer.devices[0].link]
    return [sum(sum(one[direction].values()) for one in sent) for direction in ("forward", "backward")]


def bytes_counted(net, way, p):
    plain = net if way == "hybrid" else None
    steps = [s for n in BATCHES for s in traffic(net, plain, (3, 16, 16), p, n)]
    sent = [s for s in steps if s.split == way and s.communication != "gradients"]
    return [2 * sum(s[i] for s in sent) for i in (3, 4)]  # float64


with ending_together():
    there, alone = ranks(workers=1), [Host(workers=1), Host(workers=1)]
    for way in sys.argv[1:]:
        for (net, one), rule in [(pair, rule) for rule in (SGD, Adam) for pair in over(way, there, alone)]:
            got, want = trained(net, rule), trained(one, rule)
            assert got.keys() == want.keys(), sorted(got.keys() ^ want.keys())
            largest = max(np.abs(got[name] - want[name]).max() for name in want)
            assert largest < 1e-10, (way, largest)
            assert largest == 0 or way != "groups", largest
            if is_first():
                assert bytes_sent(net) == bytes_counted(one, way, len(there)), way
                print(f"{way} {rule.__name__} {largest:.1e}")
