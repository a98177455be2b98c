"""Pooling: overlapping windows in the paper."""

from math import ceil

from minialex.checks import check_flags, check_image_shape, check_integers
from minialex.layer import Layer
from minialex.layers.im2col import taps


class Pool(Layer):
    """Pooling of windows of kernel x kernel pixels, `stride` apart: what max and average pooling share.

    Shapes: (N, C, H, W) -> (N, C, OH, OW), OH = 1 + (H - kernel) / stride, rounded down; or up with ceil=True: then
            the last windows may reach over the edge and are clipped there, though each begins inside.
    Errors: ValueError for a map smaller than the kernel.
    """

    def __init__(self, kernel: int, stride: int, *, ceil: bool = False):
        super().__init__()
        check_integers(self.label, kernel=kernel, stride=stride)
        check_flags(self.label, ceil=ceil)
        self.kernel, self.stride, self.ceil = kernel, stride, ceil

    def output_shape(self, shape: tuple) -> tuple:
        check_image_shape(self.label, shape)
        C, H, W = shape
        sides = [self._windows(side) for side in (H, W)]
        if min(sides) < 1:
            raise self.expected(f"maps of at least {self.kernel}x{self.kernel}", f"{H}x{W}", "use larger images")
        return (C, *sides)

    def _windows(self, side: int) -> int:
        if not self.ceil:
            return 1 + (side - self.kernel) // self.stride
        return 1 + min(ceil((side - self.kernel) / self.stride), (side - 1) // self.stride)

    def _padded_shape(self, shape: tuple) -> tuple:
        """Return the shape of x (N, C, H, W), grown by the rows and columns that clipped windows reach over."""
        sides = self.output_shape(shape[1:])[1:]
        grown = (max(side, (n - 1) * self.stride + self.kernel) for side, n in zip(shape[2:], sides, strict=True))
        return (*shape[:2], *grown)

    def _filled(self, x, fill: float):
        """Return `x` with `fill` in the rows and columns that clipped windows reach over."""
        _, _, H, W = x.shape
        padded = self.device.xp.full(self._padded_shape(x.shape), fill, dtype=x.dtype)
        padded[:, :, :H, :W] = x
        return padded

    def _taps(self, x, OH: int, OW: int):
        return taps(x, self.kernel, self.stride, OH, OW)

    def _added_back(self, dtaps, shape: tuple, dtype):
        """Add what `dtaps` yields for each tap to that tap's view of dx (of this shape): the transpose of _taps."""
        _, C, H, W = shape
        dx = self.device.xp.zeros(self._padded_shape(shape), dtype=dtype)
        for view, dtap in zip(self._taps(dx, *self.output_shape((C, H, W))[1:]), dtaps, strict=True):
            view += dtap
        return dx[:, :, :H, :W]


class MaxPool(Pool):
    """Max pooling (section 3.4): overlapping, since the stride 2 is less than the kernel 3.

        y[n, c, h, w] = max(x[n, c, stride*h + i, stride*w + j] for i, j in 0..kernel-1)

    dx gets each dy where the window's maximum was; of several equal ones, at the first, row by row.
    Padding: `Pad` of `minialex.variants` before it.

    Shapes, Errors: as Pool.
    Source: the 2012 source and its CIFAR-10 nets count windows with ceil=True; at 55, 27 and 13 it is the same.
    """

    def __init__(self, kernel: int = 3, stride: int = 2, *, ceil: bool = False):
        super().__init__(kernel, stride, ceil=ceil)

    def forward(self, x):
        xp = self.device.xp
        _, _, OH, OW = self.accept(x)
        windows = xp.stack(list(self._taps(self._filled(x, -xp.inf), OH, OW)))  # (K*K, N, C, OH, OW)
        self.remember(xp.argmax(windows, axis=0), x.shape)
        return xp.max(windows, axis=0)

    def backward(self, dy):
        xp = self.device.xp
        first, shape = self.recall(dy)
        dtaps = (xp.where(first == tap, dy, 0.0) for tap in range(self.kernel**2))
        return self._added_back(dtaps, shape, dy.dtype)


class AvgPool(Pool):
    """Average pooling, over the part of each window that lies inside the map.

        y[n, c, h, w] = mean(x[n, c, stride*h + i, stride*w + j] for i, j in 0..kernel-1)

    Shapes, Errors: as Pool.
    Source: the authors' CIFAR-10 nets (80sec, 18pct), where windows are clipped at the edge.
    """

    def forward(self, x):
        _, _, OH, OW = self.accept(x)
        inside = self._filled(self.device.xp.ones_like(x[:1, :1, ...]), 0.0)
        area = sum(self._taps(inside, OH, OW))  # (1, 1, OH, OW): K*K, and less where the window is clipped
        self.remember(area, x.shape)
        return sum(self._taps(self._filled(x, 0.0), OH, OW)) / area

    def backward(self, dy):
        area, shape = self.recall(dy)
        return self._added_back((dy / area for _ in range(self.kernel**2)), shape, dy.dtype)
