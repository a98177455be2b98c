"""Devices: main memory (`Host`), GPUs (`Cuda`) and processes that MPI connects (`Rank`), and what computes on each.

Read `device.py`: the rest of the library uses no more than that interface.
"""

from minialex.devices.cuda import Cuda
from minialex.devices.device import Device, on_its_device
from minialex.devices.host import Host, host
from minialex.devices.link import Elsewhere, Link
from minialex.devices.names import checked_devices, devices_from
from minialex.devices.rank import Rank, ranks

__all__ = [
    "Cuda", "Device", "Elsewhere", "Host", "Link", "Rank", "checked_devices", "devices_from", "host", "on_its_device",
    "ranks",
]  # fmt: skip
