"""`cupy.cuda` of the double."""

from contextlib import nullcontext

from cupy_double.current import GPUS, Device
from cupy_double.raw import cublas, get_cublas_handle
from cupy_double.streams import Event, Stream, current_stream

__all__ = [
    "Device", "Event", "MemoryPool", "Stream", "cublas", "get_cublas_handle", "get_current_stream", "get_elapsed_time",
    "runtime",
]  # fmt: skip

using_allocator, get_current_stream = nullcontext, current_stream


class MemoryPool:
    """A pool that holds nothing: the memory of the double is NumPy's."""

    malloc = free_all_blocks = staticmethod(lambda *args: None)
    total_bytes = used_bytes = staticmethod(lambda: 0)


class runtime:
    """The calls of the CUDA runtime that the library and its report make."""

    getDeviceCount = staticmethod(lambda: GPUS)

    @staticmethod
    def getDeviceProperties(index):
        return {"name": b"double of a GPU", "multiProcessorCount": 1, "l2CacheSize": 2**20}


def get_elapsed_time(begin, end):
    """Return the milliseconds between the moments at which the host has recorded two events."""
    return 1e3 * (end.time - begin.time)
