"""Devices: main memory (`Host`) and GPUs (`Cuda`), and the array module that computes on each.

Read `device.py`: the rest of the library uses no more than that interface.
"""

from minialex.devices.cuda import Cuda
from minialex.devices.device import Device, on_its_device
from minialex.devices.host import Host, host
from minialex.devices.names import checked_devices, devices_from

__all__ = ["Cuda", "Device", "Host", "checked_devices", "devices_from", "host", "on_its_device"]
