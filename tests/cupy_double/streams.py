"""Streams and events of the double, as in cupy/cuda/stream.pyx: which waits for which."""

import time
from itertools import count

from cupy_double import counts, order
from cupy_double.current import GPUS, current
from cupy_double.order import Timeline

_numbers = count(1)


class Event:
    """A point in the order of a stream, on the GPU that was current when it was made."""

    def __init__(self, **options):
        self.gpu, self.clocks = current.device, {}

    def record(self, stream=None):
        (stream or current_stream()).record(self)

    def synchronize(self):
        order.wait(self.clocks)


class Stream:
    """A queue of operations on the GPU that is current when it is made; the null stream is each GPU's own."""

    null = None

    def __init__(self, null=False, non_blocking=False):
        self.ptr, self.device_id, self._line = 0, -1, None
        if not null:
            self.ptr, self.device_id = next(_numbers), current.device
            self._line = Timeline(current.device, f"stream {self.ptr}", is_blocking=not non_blocking)

    @property
    def line(self):
        return self._line or null_lines[current.device]

    def __del__(self):
        if self._line:
            self._line.destroy()

    def __enter__(self):
        if self.device_id not in (-1, current.device):  # check_stream_device_match
            raise RuntimeError(f"a stream of device {self.device_id} while device {current.device} is current")
        current.streams[current.device].append(self)
        current.entered.append(current.device)
        return self

    def __exit__(self, *error):
        current.streams[current.entered.pop()].pop()

    def __eq__(self, other):  # by their pointers, and so is the hash: _BaseStream
        return isinstance(other, Stream) and other.ptr == self.ptr

    def __hash__(self):
        return self.ptr

    def record(self, event=None):
        event = event or Event()
        if event.gpu != self.line.gpu:  # cudaEventRecord: "event and stream must be on the same CUDA context"
            raise RuntimeError(f"cudaErrorInvalidResourceHandle: an event of GPU {event.gpu} on {self.line.name}")
        event.clocks, event.time = dict(self.line.next().knows), time.perf_counter()
        return event

    def wait_event(self, event):
        self.line.wait_for(event.clocks)

    def synchronize(self):
        counts.wait_for(self.line)

    def begin_capture(self, mode=None):
        if self._line is None:
            raise RuntimeError("cannot capture on the default (legacy) stream")
        self._line.capturing = True

    def end_capture(self):
        self._line.capturing = False
        return Graph()


class Graph:
    """What a stream has captured. It replays nothing: only what a capture forbids is checked."""

    def launch(self, stream=None):
        pass


def current_stream():
    entered = current.streams[current.device]
    return entered[-1] if entered else Stream.null


def current_line():
    return current_stream().line


null_lines = {gpu: Timeline(gpu, "null stream", is_null=True) for gpu in range(GPUS)}
Stream.null = Stream(null=True)
