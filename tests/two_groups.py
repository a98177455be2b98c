"""A small net of two groups that communicate, for tests of devices: every collective, and few launches."""

import numpy as np

from minialex import Sequential, host
from minialex.layers import Dense, ReLU, SoftmaxCrossEntropy
from minialex.parallel import AllGather, Broadcast, Gather, Groups
from minialex.training import SGD


def two_groups(devices):
    """Return the net, 5 features to 3 classes."""
    rng = np.random.default_rng(0)

    def first():
        return Sequential(fc1=Dense(5, 4, std=0.5, rng=rng), relu1=ReLU())

    def second():
        return Sequential(fc2=Dense(8, 2, std=0.5, rng=rng))

    return Sequential(
        images=Broadcast(devices), lower=Groups(devices, first),
        to_fc2=AllGather(devices), upper=Groups(devices, second),
        to_fc3=Gather(devices, to=devices[0]), fc3=Dense(4, 3, std=0.5, rng=rng).to(devices[0]),
    )  # fmt: skip


def two_steps(devices):
    """Return the state of the net after two steps of training."""
    net, data = two_groups(devices), np.random.default_rng(1)
    head, sgd = SoftmaxCrossEntropy().to(devices[0]), SGD(net, 0.1)
    for _ in range(2):
        x, labels = data.standard_normal((7, 5), dtype="float32"), data.integers(0, 3, 7)
        head.forward(net.forward(devices[0].put(x)), labels)
        net.backward(head.backward())
        sgd.step()
    return {name: host.put(value) for name, value in net.state().items()}
