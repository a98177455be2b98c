"""Local response normalization: one launch forward, one backward.

The textbook makes a dozen passes over memory each way, this kit one: a thread reads its window itself. Neighbouring
threads read the same channels, which then come from the GPU's caches.
"""

from minialex import layers
from minialex.cuda.launch import launch
from minialex.cuda.layout import grid, shown, stored


class LRN(layers.LRN):
    """`minialex.layers.LRN`, by the kernels lrn_forward and lrn_backward: across channels and within maps alike."""

    def forward(self, a):
        self.accept(a)
        a = stored(self.device, a)
        b, scale = (self.device.empty(a.shape, a.dtype) for _ in range(2))
        arguments = (*a.shape, *self._window(a), self.k, self.alpha, self.beta)
        launch(self.device, "lrn_forward", grid(a), a, b, scale, *arguments)
        self.remember(a, b, scale)
        return shown(b)

    def backward(self, db):
        a, b, scale = self.recall(db)
        db = stored(self.device, db, a.dtype)
        da = self.device.empty(a.shape, a.dtype)
        arguments = (*a.shape, *self._window(a), self.alpha, self.beta)
        launch(self.device, "lrn_backward", grid(a), db, a, b, scale, da, *arguments)
        return shown(da)

    def _window(self, a) -> tuple[int, int, int]:
        """Return the channels that are normalized together, and how many of them, and of pixels, lie to each side."""
        half = self.n // 2
        return a.shape[1] // self.groups, *((half, 0) if self.across == "channels" else (0, half))
