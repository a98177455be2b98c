"""What happens between devices (section 3.2): groups of kernels, collectives, replicas of a whole net.

Between groups the value is a tuple, one array a device. A communication is a layer whose backward is the transpose of
its forward. Read `groups.py`, then `collectives.py`, and `minialex/alexnet.py` for the net that they make.
"""

from minialex.parallel.collectives import AllGather, Broadcast, Gather, Scatter
from minialex.parallel.communication import Communication
from minialex.parallel.groups import Groups
from minialex.parallel.replicas import Replicas

__all__ = ["AllGather", "Broadcast", "Communication", "Gather", "Groups", "Replicas", "Scatter"]
