"""Kits: which layers a model builder takes for a device unless told otherwise.

Every kit has the same names: `minialex.layers` is the textbook, `minialex.fast` the same layers for speed on the host.
"""

from minialex import fast, layers
from minialex.devices import Device, Host

Device.kit = layers
Host.kit = fast
