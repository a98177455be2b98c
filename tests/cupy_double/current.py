"""The current device of each thread, and the streams that it has entered."""

import threading

from cupy_double import counts, order

GPUS = 2


class _Thread(threading.local):
    """A thread's current device and streams (cupy/cuda/device.pyx: __enter__; cupy/cuda/stream.pyx: _ThreadLocal)."""

    def __init__(self):
        self.device = 0
        self.streams = {gpu: [] for gpu in range(GPUS)}  # of each GPU, the current one last
        self.devices_before, self.entered = [], []


current = _Thread()


class Device:
    """A GPU, which `with` makes current."""

    def __init__(self, device=None):
        self.id = current.device if device is None else int(device)

    def __enter__(self):
        current.devices_before.append(current.device)
        current.device = self.id
        return self

    def __exit__(self, *error):
        current.device = current.devices_before.pop()

    def __eq__(self, other):
        return isinstance(other, Device) and other.id == self.id

    __hash__ = None

    def synchronize(self):
        for line in tuple(order.timelines):
            if line.gpu == self.id:
                counts.wait_for(line)

    def __repr__(self):
        return f"<CUDA Device {self.id}>"
