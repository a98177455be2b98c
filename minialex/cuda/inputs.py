"""The input of a net from pixels as they are stored: bytes are sent to the GPU, a quarter of what floats weigh."""

from collections.abc import Callable

import numpy as np

from minialex.cuda.launch import launch
from minialex.data import Split
from minialex.data.augmentation import AlternatingReflection, CentreCrop, PCAColour, RandomCrop, RandomReflection
from minialex.data.augmentation.pipeline import Epoch
from minialex.data.augmentation.reflection import chosen
from minialex.devices import Device, on_its_device

ORDER = ((RandomCrop, CentreCrop), (RandomReflection, AlternatingReflection), (PCAColour,))  # of steps; each may lack


class Inputs:
    """What `minialex.data.batches` computes on the host, bit for bit: a window of each image, its colour shifted.

        y[n, c, i, j] = (x[n, c, p, q] - mean[c, p, q] + shift[n, c]) / shrink / std[c]

        p = top[n] + i,  q = left[n] + j, or from the window's right end to its left where it is reflected

    Shapes: call: uint8 (n, C, H, W) and their indices in the set (n,) -> float32 (n, C, OH, OW) on the device.
    Args:   device, a GPU; split, mean, std and draws as for `batches`.
    """

    def __init__(self, device: Device, split: Split, mean: np.ndarray, std, draws: Epoch):
        shape = split.images.shape[1:]
        self.device, self.draws = device, draws
        self.sides = tuple(map(draws.output_size, shape[1:]))
        self.mean = device.put(np.broadcast_to(mean, shape).astype(np.float32))
        self.std = device.put(np.broadcast_to(np.ravel(std), shape[:1]).astype(np.float32))

    @on_its_device
    def __call__(self, images: np.ndarray, indices: np.ndarray):
        (N, C, H, W), (OH, OW) = images.shape, self.sides
        drawn, shrink = np.zeros((N, 3 + C), np.float32), 1.0  # top, left, whether it is reflected, the shifts
        for step, rows in zip(self.draws.steps, self.draws.rows, strict=True):
            match step:
                case RandomCrop() | CentreCrop():
                    drawn[:, :2] = step.offsets(images, rows[indices])
                case RandomReflection():
                    drawn[:, 2] = chosen(rows[indices])
                case PCAColour():
                    drawn[:, 3:], shrink = step.shift(images, rows[indices]), step.shrink
        y = self.device.empty((N, C, OH, OW))
        arrays = self.device.put(np.ascontiguousarray(images)), self.mean, self.std, self.device.put(drawn)
        launch(self.device, "inputs", (1, C, N * OH * OW), y, *arrays, shrink, N, H, W, OH, OW)
        return y


def inputs_on(device: Device, split: Split, mean: np.ndarray, std, draws: Epoch) -> Callable | None:
    """Return what computes inputs on a device from bytes; None where the host does: of floats, and of other steps."""
    is_gpu = hasattr(getattr(device, "xp", None), "RawKernel")
    if not is_gpu or split.images.dtype != np.uint8 or not is_usual(draws, split.images.shape[1]):
        return None
    return Inputs(device, split, mean, std, draws)


def is_usual(draws: Epoch, channels: int) -> bool:
    """Tell whether the steps are those of section 4.1, each once at most, in the order of the paper."""
    numbers = [next((k for k, kinds in enumerate(ORDER) if type(step) in kinds), -1) for step in draws.steps]
    colours = [step for step in draws.steps if isinstance(step, PCAColour)]
    return (
        numbers == sorted(set(numbers)) and -1 not in numbers
        and all(step.axes is not None and channels == 3 for step in colours)
    )  # fmt: skip
