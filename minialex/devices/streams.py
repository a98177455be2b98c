"""The streams of a GPU: queues of work that run concurrently, and the events that order them.

The null stream and any other of its GPU wait for each other, as CUDA's legacy default stream does. Two others know
nothing of each other: an array passes from one to the other as a copy, between two events. CuPy itself neither waits
for the stream that computes an array nor keeps the array's memory until another stream has read it.
"""

from collections import defaultdict
from typing import Any
from weakref import finalize

own: dict[int, list] = defaultdict(list)  # by GPU: the streams of devices that have one of their own


def new_stream(device: Any):
    """Return a stream on the device's GPU, known here until the device is no longer used."""
    with device.xp.cuda.Device(device.index) as gpu:
        stream = device.xp.cuda.Stream()
    own[device.index].append(stream)
    finalize(device, forget, stream, gpu).atexit = False
    return stream


def forget(stream, gpu) -> None:
    """Remove a stream; whatever comes later on its GPU waits for what it has begun, through the null stream."""
    with gpu:
        type(stream).null.wait_event(stream.record())
    own[gpu.id].remove(stream)


def needs_copy(x, device: Any) -> bool:
    """Tell whether `x` is on another GPU, or may be of a stream that the device's own does not wait for."""
    return x.device.id != device.index or (device.stream in own[device.index] and len(own[device.index]) > 1)


def copied(x, device: Any):
    """Return a copy of `x` for the device: made after all that may still write `x`, and before any may reuse it."""
    null = device.xp.cuda.Stream.null
    senders = [stream for stream in own[x.device.id] if stream is not device.stream] or [null]
    with x.device, null:  # which waits for all senders
        if x.device.id != device.index:
            x = device.xp.ascontiguousarray(x)  # CuPy copies no other between GPUs
        sent = [stream.record() for stream in senders]
    with device:
        for event in sent:
            device.stream.wait_event(event)
        copy = device.xp.array(x, copy=True)
        arrived = device.stream.record()
    with x.device:
        for stream in senders:
            stream.wait_event(arrived)
    return copy
