"""Batch normalization: sums by CuPy, of rows and then of their sums, and everything else in one kernel a pass."""

from typing import Any

from minialex import variants
from minialex.cuda.launch import launch
from minialex.cuda.layout import grid, shown, stored


class BatchNorm(variants.BatchNorm):
    """`minialex.variants.BatchNorm`; x is kept for backward, and no normalized copy of it."""

    def forward(self, x):
        self.accept(x)
        n, xp, dtype = self._values_a_channel(x), self.device.xp, x.dtype
        x = stored(self.device, x)
        mean, var = (self.buffers[key].astype(dtype, copy=False) for key in ("mean", "var"))
        if self.training:
            mean = self._sums(x) / n
            var = self._sums(self._each("centred_squares", x, mean)) / n
            self._keep(mean, var, n)
        scale = 1 / xp.sqrt(var + self.eps)
        W, b = (array.astype(dtype, copy=False) for array in (self._gamma(dtype), self.params["b"]))
        y = self._each("normalize", x, mean, W * scale, b)
        self.remember(x, mean, scale, n, self.training)
        return shown(y)

    def backward(self, dy):
        x, mean, scale, n, trained = self.recall(dy)
        dy = stored(self.device, dy, x.dtype)
        dW, db = self._sums(self._each("times_centred", dy, x, mean)) * scale, self._sums(dy)
        self._set_gradients(dW, db)
        shift, slope = (db / n, dW * scale / n) if trained else (db * 0, dW * 0)
        factor = self._gamma(x.dtype).astype(x.dtype, copy=False) * scale
        return shown(self._each("normalize_backward", dy, x, mean, factor, shift, slope))

    def _each(self, kernel: str, *arrays) -> Any:
        """Return what a kernel computes for each element, of arrays as the first of them and of one value a channel."""
        out = self.device.empty(arrays[0].shape, arrays[0].dtype)
        launch(self.device, kernel, grid(out), *arrays, out, grid(out)[2])
        return out

    def _sums(self, x) -> Any:
        """Return the sum of each channel: of its rows first, so that a GPU has enough to do."""
        xp = self.device.xp
        return xp.sum(xp.sum(x.reshape(grid(x)), axis=2), axis=0)
