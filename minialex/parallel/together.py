"""Work on several devices at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache

from minialex.devices import Device
from minialex.devices.workers import blas


def together(devices: Sequence[Device], work: Callable) -> tuple:
    """Call `work(i)` for each device, the device made current, and return (work(0), work(1), ...).

    Distinct devices work at the same time, each in a thread in which BLAS is held to one thread. Where a device is
    given twice the calls run sequentially, and each may share its work over the device's workers; so they do where
    only one of them is in this process.
    An error in any of them is raised here, once all have ended.
    """

    def on_device(i: int):
        with devices[i]:
            return work(i)

    if sum(device.here for device in devices) == 1 or len({id(device) for device in devices}) < len(devices):
        return tuple(on_device(i) for i in range(len(devices)))
    with blas().limit(limits=1, user_api="blas"):
        others = [threads(len(devices)).submit(copy_context().run, on_device, i) for i in range(1, len(devices))]
        try:
            first = on_device(0)
        finally:
            errors = [other.exception() for other in others]  # waits: none may outlast the limit on BLAS
    for error in errors:
        if error is not None:
            raise error
    return (first, *(other.result() for other in others))


@cache
def threads(devices: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(devices - 1, thread_name_prefix="minialex-device")
