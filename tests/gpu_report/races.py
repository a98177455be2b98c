"""Section: two groups on two streams of one GPU against the same net on one stream, many times."""

import numpy as np

from gpu_report.common import REPEAT, apart, kits, say
from minialex import Cuda, host
from minialex.devices import devices_from
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import small_alexnet
from minialex.training import SGD


def trained(devices, kit, steps: int = 3) -> dict:
    """Return parameters and logits after some steps."""
    net = small_alexnet(devices, rng=np.random.default_rng(0), kit=kit)
    head, sgd, data = SoftmaxCrossEntropy().to(devices[0]), SGD(net, 0.01), np.random.default_rng(1)
    for _ in range(steps):
        logits = net.forward(devices[0].put(50 * data.standard_normal((32, 3, 32, 32), dtype="float32")))
        head.forward(logits, data.integers(0, 10, 32))
        net.backward(head.backward())
        sgd.step()
    return {**net.state(), "logits": host.put(logits)}


for name, kit in kits().items():
    one = trained((Cuda(0), Cuda(0)), kit)
    differences = [apart(trained(devices_from("cuda:0,cuda:0"), kit), one) for _ in range(REPEAT)]
    say(f"{name}: {REPEAT} times, largest difference {max(differences):.1e}, {len(set(differences))} different results")
