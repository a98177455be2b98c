"""Work on several devices at the same time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache

from minialex.devices import Device
from minialex.devices.forks import in_child
from minialex.devices.workers import blas
from minialex.one_thread import part_of_a_net
from minialex.threads import can_start_threads


def together(devices: Sequence[Device], work: Callable) -> tuple:
    """Call `work(i)` for each device, the device made current, and return (work(0), work(1), ...).

    Distinct devices work at the same time, each in a thread in which BLAS is held to one thread. Where a device is
    given twice the calls run sequentially, and each may share its work over the device's workers; sequentially too
    where no thread can be started, or only one device is in this process.
    An error in any of them is raised here, once all have ended.
    """

    def on_device(i: int):
        token = part_of_a_net.set(True)
        try:
            with devices[i]:
                return work(i)
        finally:
            part_of_a_net.reset(token)

    distinct = len({id(device) for device in devices}) == len(devices)
    if sum(device.here for device in devices) == 1 or not distinct or not can_start_threads():
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


in_child(threads.cache_clear)
