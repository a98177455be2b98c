"""The convolutional layer."""

from math import inf

from numpy.random import Generator

from minialex.checks import check_image_shape, check_integers, check_numbers, check_rng, in_brief, is_integer
from minialex.layer import Layer
from minialex.layers.im2col import SWAP_N_C, col2im, im2col, pad_maps
from minialex.layers.initialization import initial_std, normal_weights


class Conv2D(Layer):
    """Convolutional layer (section 3.5), as one matrix product.

        y[n, o, h, w] = b[o] + sum over c, i, j of W[o, c, i, j] * x[n, c, stride*h + i - pad, stride*w + j - pad]

    With groups=2, each half of the kernels reads only its half of the channels, as on the paper's two GPUs.

    Shapes: (N, C_in, H, W) -> (N, C_out, OH, OW), OH = 1 + (before + H + after - K) // stride;
            W (C_out, C_in / groups, K, K), b (C_out,).
    Args:   kernel, its side K; pad, zeros around the map: a number, or (before, after) for the top and left and the
            bottom and right ("valid": 0, "same": (K - 1) / 2 at stride 1); std, standard deviation of the initial
            weights (0.01), or init, "he", "xavier" or this number (`initialization.py`); bias, initial bias.
    Errors: ValueError for channels that groups does not divide, or a kernel larger than the padded input.
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel: int,
        *, stride: int = 1, pad: int | tuple[int, int] = 0, groups: int = 1, std: float | None = None,
        bias: float = 0.0, init: str | float | None = None, rng: Generator,
    ):  # fmt: skip
        super().__init__()
        sizes = {"in_channels": in_channels, "out_channels": out_channels, "kernel": kernel}
        check_integers(self.label, **sizes, stride=stride, groups=groups)
        check_rng(self.label, rng)
        for name in ("in_channels", "out_channels"):
            if sizes[name] % groups:
                raise self.expected(f"{name} divisible by groups={groups}", sizes[name], "change one of the two")
        self.in_channels, self.out_channels, self.kernel = in_channels, out_channels, kernel
        self.stride, self.groups = stride, groups
        self.pad = self._before_and_after(pad)
        shape = (out_channels, in_channels // groups, kernel, kernel)
        fans = (channels // groups * kernel * kernel for channels in (in_channels, out_channels))
        check_numbers(self.label, -inf, inf, bias=bias)
        std = initial_std(self.label, std, init, *fans)
        self.params["W"] = normal_weights(self.label, rng, shape, std)
        self.params["b"] = self.device.xp.full(out_channels, bias, dtype="float32")

    def _before_and_after(self, pad) -> tuple[int, int]:
        before_and_after = tuple(pad) if isinstance(pad, tuple | list) else (pad, pad)
        if len(before_and_after) != 2 or not all(is_integer(n, 0) and n < 2**31 for n in before_and_after):
            raise self.expected("pad to be an integer >= 0, or (before, after)", in_brief(pad), "change pad")
        return before_and_after

    def output_shape(self, shape: tuple) -> tuple:
        check_image_shape(self.label, shape, self.in_channels)
        padded_H, padded_W = (side + sum(self.pad) for side in shape[1:])
        if self.kernel > min(padded_H, padded_W):
            what = f"images of at least {self.kernel}x{self.kernel} with padding"
            advice = "use larger images, a smaller kernel or more pad"
            raise self.expected(what, f"{padded_H}x{padded_W}", advice)
        out_channels = self.params["W"].shape[0]
        return (out_channels, *(1 + (side - self.kernel) // self.stride for side in (padded_H, padded_W)))

    def multiply_adds(self, shape: tuple) -> int:
        _, OH, OW = self.output_shape(shape)
        W = self.params["W"]
        return W.shape[0] * W.shape[1] * W.shape[2] * W.shape[3] * OH * OW

    def forward(self, x):
        xp, G = self.device.xp, self.groups
        N, C_out, OH, OW = self.accept(x)  # the shape of y
        x = pad_maps(xp, xp.permute_dims(x, SWAP_N_C), *self.pad)
        # The rows of the columns are ordered by channel, so a reshape separates those that each group reads.
        cols = xp.reshape(im2col(xp, x, self.kernel, self.stride, OH, OW), (G, -1, N * OH * OW))
        W = xp.reshape(self.params["W"], (G, C_out // G, -1))
        self.remember(cols, x.shape)
        y = xp.reshape(W @ cols, (C_out, -1)) + self.params["b"][:, None]  # (C_out, N*OH*OW)
        return xp.permute_dims(xp.reshape(y, (C_out, N, OH, OW)), SWAP_N_C)

    def backward(self, dy):
        # y = W @ cols, so dW = dy @ cols.T and dcols = W.T @ dy, as for any matrix product; col2im adds dcols up to dx.
        xp, G = self.device.xp, self.groups
        cols, padded_shape = self.recall(dy)
        _, C_out, OH, OW = dy.shape
        dy = xp.reshape(xp.permute_dims(dy, SWAP_N_C), (G, C_out // G, -1))  # (G, C_out/G, N*OH*OW)
        W = xp.reshape(self.params["W"], (G, C_out // G, -1))
        dW = [dy[g, ...] @ cols[g, ...].T for g in range(G)]  # CuPy copies transposed operands of 3 axes
        self.grads["W"] = xp.reshape(xp.concat(dW), self.params["W"].shape)
        self.grads["b"] = xp.reshape(xp.sum(dy, axis=2), (C_out,))
        if not self.input_gradient:
            return None
        dcols = xp.matrix_transpose(W) @ dy
        dx = col2im(xp, dcols, padded_shape, self.kernel, self.stride, OH, OW)
        (before, after), (padded_H, padded_W) = self.pad, padded_shape[2:]
        return xp.permute_dims(dx[:, :, before : padded_H - after, before : padded_W - after], SWAP_N_C)
