"""What the sections share: lines of the page, sizes, nets with their data, and times by the GPU's clock."""

import os
import time
from statistics import median

import numpy as np

from minialex import Cuda, layers
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import build, recipe
from minialex.training import SGD

IS_SMALL = bool(os.environ.get("GPU_REPORT_SMALL"))
BATCH, SIDE, REPEAT = (2, 67, 2) if IS_SMALL else (128, 224, 20)
MODELS = ("cifar_80sec", "cifar_18pct") if IS_SMALL else ("alexnet_single", "cifar_18pct")


def say(*words) -> None:
    """Print a line of the page."""
    print("|", *words, flush=True)


def kits() -> dict:
    """Return the kits that run on a GPU, by name."""
    taken = Cuda(0).kit
    return {"textbook": layers} | ({} if taken is layers else {"kit": taken})


class Problem:
    """A net on a device, its loss and update rule, and a batch: images in main memory, and on the device."""

    def __init__(self, model: str, kit, device, batch: int = BATCH):
        rng = np.random.default_rng(0)
        side = SIDE if model == "alexnet_single" else recipe(model).image_size
        self.net = build(model, [device], rng=rng, image_size=side, kit=kit)
        classes = self.net.output_shape((3, side, side))[0]
        self.head, self.sgd = SoftmaxCrossEntropy().to(device), SGD(self.net, 1e-4)
        self.images = 50 * rng.standard_normal((batch, 3, side, side), dtype="float32")
        self.labels = rng.integers(0, classes, batch)
        self.on_device = device.put(self.images)

    def step(self, images=None) -> float:
        loss = self.head.forward(self.net.forward(self.on_device if images is None else images), self.labels)
        self.net.backward(self.head.backward())
        self.sgd.step()
        return loss


def milliseconds(work, repeat: int = REPEAT) -> tuple[float, float]:
    """Return the median time of some work by events of the GPU, and the time until the host was free again."""
    import cupy

    begin, end = cupy.cuda.Event(), cupy.cuda.Event()
    on_gpu, on_host = [], []
    for _ in range(repeat + 2):  # two to warm up
        begin.record()
        start = time.perf_counter()
        work()
        on_host.append(1e3 * (time.perf_counter() - start))
        end.record()
        end.synchronize()
        on_gpu.append(cupy.cuda.get_elapsed_time(begin, end))
    return median(on_gpu[2:]), median(on_host[2:])


def apart(ours: dict, theirs: dict) -> float:
    """Return the largest difference of arrays of the same names, relative to the largest element of each."""
    return max(
        float(np.max(abs(ours[name] - value)) / max(float(np.max(abs(value))), 1e-30)) for name, value in theirs.items()
    )
