"""Local layers: a convolution's windows, each with kernels of its own."""

from numpy.random import Generator

from minialex.checks import check_image_shape, check_integers, check_rng
from minialex.layer import Layer
from minialex.layers.im2col import SWAP_N_C, col2im, im2col, pad_maps
from minialex.layers.initialization import initial_std, normal_weights


class Local2D(Layer):
    """A variant, of the authors' CIFAR-10 nets 13pct and 11pct: kernels of their own at each position, nothing shared.

        y[n, o, h, w] = b[o, h, w] + sum over c, i, j of W[h, w, o, c, i, j] * x[n, c, h + i - pad, w + j - pad]

    Shapes: (N, C_in, side, side) -> (N, C_out, S, S), S = side + 2 * pad - K + 1; W (S*S, C_out, C_in*K*K),
            b (C_out, S, S).
    Args:   kernel, its side K; side, of the maps that it reads; pad, zeros around them; std, init as in `Conv2D`.
    Errors: ValueError for other maps, or a kernel larger than the padded map.
    Source: `layers-cifar10-11pct.cfg` of cuda-convnet, type=local.
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel: int, side: int, *, pad: int = 0,
        std: float | None = None, init: str | float | None = None, rng: Generator,
    ):  # fmt: skip
        super().__init__()
        check_integers(self.label, in_channels=in_channels, out_channels=out_channels, kernel=kernel, side=side)
        check_integers(self.label, 0, pad=pad)
        check_rng(self.label, rng)
        self.in_channels, self.out_channels, self.kernel = in_channels, out_channels, kernel
        self.side, self.pad, self.windows = side, pad, side + 2 * pad - kernel + 1
        if self.windows < 1:
            raise self.expected(f"a kernel of at most {side + 2 * pad}", kernel, "use a smaller kernel or more pad")
        shape = (self.windows**2, out_channels, in_channels * kernel**2)
        std = initial_std(self.label, std, init, in_channels * kernel**2, out_channels * kernel**2)
        self.params["W"] = normal_weights(self.label, rng, shape, std)
        self.params["b"] = self.device.xp.zeros((out_channels, self.windows, self.windows), dtype="float32")

    def output_shape(self, shape: tuple) -> tuple:
        check_image_shape(self.label, shape, self.in_channels)
        if tuple(shape[1:]) != (self.side, self.side):
            raise self.expected(f"maps of {self.side}x{self.side}", f"{shape[1]}x{shape[2]}", "change side")
        return (self.out_channels, self.windows, self.windows)

    def multiply_adds(self, shape: tuple) -> int:
        return self.params["W"].shape[0] * self.params["W"].shape[1] * self.params["W"].shape[2]

    def forward(self, x):
        xp = self.device.xp
        N, C_out, S, _ = self.accept(x)
        x = pad_maps(xp, xp.permute_dims(x, SWAP_N_C), self.pad, self.pad)
        cols = xp.reshape(im2col(xp, x, self.kernel, 1, S, S), (-1, N, S * S))  # (C*K*K, N, positions)
        cols = xp.permute_dims(cols, (2, 0, 1))  # a matrix (C*K*K, N) for each position
        self.remember(cols, x.shape)
        y = xp.permute_dims(self.params["W"] @ cols, (2, 1, 0))  # (positions, C_out, N) -> (N, C_out, positions)
        return xp.reshape(y, (N, C_out, S, S)) + self.params["b"]

    def backward(self, dy):
        # At each position y = W @ cols, so dW = dy @ cols.T and dcols = W.T @ dy there; col2im adds dcols up to dx.
        xp = self.device.xp
        cols, padded_shape = self.recall(dy)
        N, C_out, S, _ = dy.shape
        self.grads["b"] = xp.sum(dy, axis=0)
        dy = xp.permute_dims(xp.reshape(dy, (N, C_out, S * S)), (2, 1, 0))  # (positions, C_out, N)
        self.grads["W"] = dy @ xp.matrix_transpose(cols)
        if not self.input_gradient:
            return None
        dcols = xp.permute_dims(xp.matrix_transpose(self.params["W"]) @ dy, (1, 2, 0))  # (C*K*K, N, positions)
        dx = col2im(xp, xp.reshape(dcols, (dcols.shape[0], -1)), padded_shape, self.kernel, 1, S, S)
        stop = self.pad + self.side
        return xp.permute_dims(dx[:, :, self.pad : stop, self.pad : stop], SWAP_N_C)
