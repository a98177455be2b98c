"""The convolutional layer: `unfolded.py` says how it becomes matrix products."""

from minialex import layers
from minialex.cuda.launch import launch
from minialex.cuda.layout import grid, shown, stored
from minialex.cuda.product import product
from minialex.cuda.unfolded import as_matrices, by_rows_of_kernel, for_all, rows_under_kernel, unfold


class Conv2D(layers.Conv2D):
    """`minialex.layers.Conv2D`; x is kept for backward unfolded along W, and not by K*K columns."""

    def forward(self, x):
        N, O, OH, OW = self.accept(x)
        x = x.transpose(2, 1, 3, 0)  # of any strides: unfold reads it as it lies
        W, b = (self.params[key].astype(x.dtype, copy=False) for key in "Wb")
        u = unfold(self.device, x, self.kernel, self.stride, self.pad, self.groups, OW)
        y = self.device.empty((OH, O, OW, N), x.dtype)
        self._correlate(u, by_rows_of_kernel(W), self.stride, y)
        launch(self.device, "add_bias", (OH, O, OW * N), y, b, OW * N)
        self.remember(u, x.shape)
        return shown(y)

    def backward(self, dy):
        u, shape = self.recall(dy)
        dy = stored(self.device, dy, u.dtype)
        OH, O, OW, N = dy.shape
        xp, K, W = self.device.xp, self.kernel, self.params["W"].astype(u.dtype, copy=False)
        parts = self.device.empty((OH, O, W[0].size), u.dtype)  # dW of each row of y
        for u_g, dy_g, parts_g in zip(u, self._parts(dy, 1), self._parts(parts, 1), strict=True):
            cols = rows_under_kernel(xp, u_g, OH, K, self.stride)
            product(self.device, parts_g, as_matrices(xp, dy_g), cols.transpose(0, 2, 1))
        self.grads["W"] = dW = self.device.empty(W.shape, u.dtype)
        launch(self.device, "sum_of_rows", (1, O, W[0].size), parts, dW, OH, *W.shape[:3])
        self.grads["b"] = xp.sum(xp.sum(dy.reshape(OH, O, OW * N), axis=2), axis=0)
        if not self.input_gradient:
            return None
        dx = self.device.empty(shape, u.dtype)
        (self._by_flipped_kernel if self.stride == 1 else self._by_folding)(dy, W, dx)
        return shown(dx)

    def _correlate(self, u, kernels, stride: int, y) -> None:
        """Set y (OH, O, OW, N) to the products of the kernels (O, K*C*K) and the rows of u under each of its rows."""
        xp = self.device.xp
        for u_g, kernels_g, y_g in zip(u, self._parts(kernels, 0), self._parts(y, 1), strict=True):
            cols = rows_under_kernel(xp, u_g, len(y), self.kernel, stride)
            product(self.device, as_matrices(xp, y_g), for_all(xp, kernels_g, len(y)), cols)

    def _by_flipped_kernel(self, dy, W, dx) -> None:
        """Set dx at stride 1: dy correlated with the kernel flipped, its inputs and outputs exchanged."""
        G, K = self.groups, self.kernel
        O, C, _, _ = W.shape
        u = unfold(self.device, dy, K, 1, tuple(K - 1 - p for p in self.pad), G, dx.shape[2])
        flipped = W.reshape(G, O // G, C, K, K)[..., ::-1, ::-1].transpose(0, 2, 3, 1, 4)
        self._correlate(u, self.device.xp.ascontiguousarray(flipped).reshape(G * C, -1), 1, dx)

    def _by_folding(self, dy, W, dx) -> None:
        """Set dx at any stride: the gradient of the columns, added to the rows that they are, then folded along W."""
        (OH, _, OW, N), (H, C, width, _), K, S = dy.shape, dx.shape, self.kernel, self.stride
        xp, per_group, rows = self.device.xp, C // self.groups, H + sum(self.pad)
        du = self.device.zeros((self.groups, rows, per_group * K, OW * N), dx.dtype)
        for W_g, dy_g, du_g in zip(self._parts(by_rows_of_kernel(W), 0), self._parts(dy, 1), du, strict=True):
            for i, W_i in enumerate(self._parts(W_g, 1, K)):  # in one product only rows that do not overlap
                du_i = du_g[i : i + S * (OH - 1) + 1 : S]
                product(self.device, du_i, for_all(xp, W_i.T, OH), as_matrices(xp, dy_g), add=True)
        launch(self.device, "fold", grid(dx), du, dx, width, N, OW, K, S, self.pad[0], rows, per_group)

    def _parts(self, array, axis: int, n: int | None = None) -> list:
        """Return n equal parts of an array, by default one for each group."""
        n = self.groups if n is None else n
        size = array.shape[axis] // n
        return [array[(slice(None),) * axis + (slice(g * size, (g + 1) * size),)] for g in range(n)]
