"""Under mpiexec: a net on all ranks learns what it learns in one process, weight by weight, in float64.

equal.py MODEL WAY, where WAY is data, hybrid or groups; the batches are even, uneven, and smaller than the ranks.
"""

import sys

import numpy as np

from minialex import Host
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import build
from minialex.ranks import SPLITS, ending_together, is_first, ranks, whole
from minialex.training import SGD

BATCHES = (8, 7, 1, 6)


def untrained(devices):
    net = build(model, devices, rng=np.random.default_rng(0), image_size=16, classes=10)
    return net.astype("float64")


def trained(net):
    """Return the state, the velocities and the last logits after a step with each batch."""
    sgd, head, draw = SGD(net, 0.01), SoftmaxCrossEntropy(), np.random.default_rng(1)
    for n in BATCHES:
        x, labels = draw.standard_normal((n, 3, 16, 16)), draw.integers(0, 10, n)
        logits = net.forward(x[net.rows(n)])
        head.forward(logits, labels)
        net.backward(head.backward())
        sgd.step()
    arrays = {f"net/{name}": value for name, value in net.state().items()}
    return whole(net, arrays | {f"velocity/{name}": v for name, v in sgd.state().items()}) | {"logits": logits}


model, way = sys.argv[1:]
with ending_together():
    there = ranks(workers=1)
    alone = [Host(workers=1), Host(workers=1)]
    if way == "groups":
        net = untrained(there)
    else:
        net = SPLITS[way](untrained(alone[:1]), there)
    got, want = trained(net), trained(untrained(alone if way == "groups" else alone[:1]))
    assert got.keys() == want.keys(), sorted(got.keys() ^ want.keys())
    largest = max(np.abs(got[name] - want[name]).max() for name in want)
    assert largest < 1e-10, largest
    assert largest == 0 or way != "groups", largest
    if is_first():
        print(f"{model} {way} on {len(there)}: {largest:.1e}")
