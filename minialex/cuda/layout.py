"""Arrays as this kit's kernels read them: in the order of `minialex/fast/layout.py`, contiguous, of one dtype."""

from typing import Any

from minialex.devices import Device
from minialex.fast.layout import SHOWN, STORED, contiguous


def stored(device: Device, x: Any, dtype: Any = None) -> Any:
    """Return `x` as it is stored: a view of what this kit has made, a copy of anything else."""
    x = x if dtype is None else x.astype(dtype, copy=False)
    return contiguous(device, x.transpose(STORED[x.ndim]) if x.ndim in STORED else x)


def shown(a: Any) -> Any:
    """Return a stored array as the caller sees it, images first."""
    return a.transpose(SHOWN[a.ndim]) if a.ndim in SHOWN else a


def grid(a: Any) -> tuple[int, int, int]:
    """Return the grid of a kernel whose output is `a`, stored (H, C, W, N) or (C, N): rows, channels, elements."""
    H, C, W, N = a.shape if a.ndim == 4 else (1, len(a), 1, a.shape[1])
    return H, C, W * N
