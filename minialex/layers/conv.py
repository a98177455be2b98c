"""The convolutional layer."""

from minialex.layer import Layer, whole
from minialex.layers.im2col import col2im, im2col, pad_maps

IMAGES_FIRST = MAPS_FIRST = (1, 0, 2, 3)  # (N, C, H, W) <-> (C, N, H, W): one swap serves both ways


class Conv2D(Layer):
    """Convolutional layer (section 3.5), as one matrix product.

        y[n, o, h, w] = b[o] + sum over c, i, j of W[o, c, i, j] * x[n, c, stride*h + i - pad, stride*w + j - pad]

    With groups=2, each half of the kernels reads only its half of the channels, as on the paper's two GPUs.

    Shapes: (N, C_in, H, W) -> (N, C_out, OH, OW), OH = 1 + (before + H + after - K) // stride;
            W (C_out, C_in / groups, K, K), b (C_out,).
    Args:   kernel, its side K; pad, zeros around the map: a number, or (before, after) for the top and left and the
            bottom and right; std, standard deviation of the initial weights; bias, initial bias.
    Errors: ValueError for channels that groups does not divide, or a kernel larger than the padded input.
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel: int,
        *, stride: int = 1, pad: int | tuple[int, int] = 0, groups: int = 1, std: float = 0.01, bias: float = 0.0, rng,
    ):  # fmt: skip
        super().__init__()
        self.check_positive(
            in_channels=in_channels, out_channels=out_channels, kernel=kernel, stride=stride, groups=groups
        )
        self.check_rng(rng)
        self.check_between(0, float("inf"), std=std)
        for name, channels in {"in_channels": in_channels, "out_channels": out_channels}.items():
            if channels % groups:
                raise self.expected(f"{name} divisible by groups={groups}", channels, "change one of the two")
        self.in_channels, self.kernel, self.stride, self.groups = in_channels, kernel, stride, groups
        self.pad = self._before_and_after(pad)
        shape = (out_channels, in_channels // groups, kernel, kernel)
        self.params["W"] = rng.standard_normal(shape, dtype="float32") * float(std)
        self.params["b"] = self.device.xp.full(out_channels, bias, dtype="float32")

    def _before_and_after(self, pad) -> tuple[int, int]:
        before_and_after = tuple(pad) if isinstance(pad, tuple | list) else (pad, pad)
        if len(before_and_after) != 2 or not all(whole(n, least=0) for n in before_and_after):
            raise self.expected("pad to be a whole number from 0, or (before, after)", repr(pad), "change pad")
        return before_and_after

    def output_shape(self, shape: tuple) -> tuple:
        _, H, W = self.images(shape, self.in_channels)
        padded_H, padded_W = H + sum(self.pad), W + sum(self.pad)
        if self.kernel > min(padded_H, padded_W):
            raise self.expected(
                f"images of at least {self.kernel}x{self.kernel} with padding", f"{padded_H}x{padded_W}",
                "use larger images, a smaller kernel or more pad",
            )  # fmt: skip
        out_channels = self.params["W"].shape[0]
        return (out_channels, *(1 + (side - self.kernel) // self.stride for side in (padded_H, padded_W)))

    def multiply_adds(self, shape: tuple) -> int:
        _, OH, OW = self.output_shape(shape)
        W = self.params["W"]
        return W.shape[0] * W.shape[1] * W.shape[2] * W.shape[3] * OH * OW

    def forward(self, x):
        xp, G = self.device.xp, self.groups
        N, C_out, OH, OW = self.accept(x)
        x = pad_maps(xp, xp.permute_dims(x, MAPS_FIRST), *self.pad)
        cols = xp.reshape(im2col(xp, x, self.kernel, self.stride, OH, OW), (G, -1, N * OH * OW))
        W = xp.reshape(self.params["W"], (G, C_out // G, -1))
        self.remember(cols, x.shape)
        y = xp.reshape(W @ cols, (C_out, -1)) + self.params["b"][:, None]  # (C_out, N*OH*OW)
        return xp.permute_dims(xp.reshape(y, (C_out, N, OH, OW)), IMAGES_FIRST)

    def backward(self, dy):
        # y = W cols, so dW = dy cols' and dcols = W' dy, as for any matrix product; col2im takes dcols back to x.
        xp, G = self.device.xp, self.groups
        cols, padded_shape = self.recall(dy)
        _, C_out, OH, OW = dy.shape
        dy = xp.reshape(xp.permute_dims(dy, MAPS_FIRST), (G, C_out // G, -1))  # (G, C_out/G, N*OH*OW)
        W = xp.reshape(self.params["W"], (G, C_out // G, -1))
        self.grads["W"] = xp.reshape(dy @ xp.matrix_transpose(cols), self.params["W"].shape)
        self.grads["b"] = xp.reshape(xp.sum(dy, axis=2), (C_out,))
        if not self.input_gradient:
            return None
        dcols = xp.matrix_transpose(W) @ dy
        dx = col2im(xp, dcols, padded_shape, self.kernel, self.stride, OH, OW)
        (before, after), (H, W_) = self.pad, padded_shape[2:]
        return xp.permute_dims(dx[:, :, before : H - after, before : W_ - after], IMAGES_FIRST)
