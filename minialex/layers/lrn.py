"""Local response normalization."""

from math import inf

from minialex.checks import check_flags, check_image_shape, check_integers, check_numbers
from minialex.layer import Layer
from minialex.layers.im2col import pad_maps, taps


class LRN(Layer):
    """Local response normalization across neighbouring channels (section 3.3).

        b[i] = a[i] / (k + alpha * sum(a[j]**2 for j within n/2 of i)) ** beta

    A large output makes those of neighbouring kernels smaller, as active neurons do: lateral inhibition.

    Shapes: (N, C, H, W) -> (N, C, H, W).
    Args:   n, channels in the window (odd); k, alpha, beta as in the paper; average=True divides alpha by the number
            of elements in the window; across="space" takes the n x n pixels around each one, within its map;
            groups, channel groups that are normalized apart, as on the paper's two GPUs.
    Errors: ValueError if n is even, k, alpha or beta is negative, across is neither, or groups does not divide the
            channels.
    Source: section 3.3; the 2012 source divides alpha by n (average=True).
    """

    def __init__(
        self, n: int = 5, k: float = 2.0, alpha: float = 1e-4, beta: float = 0.75,
        *, average: bool = False, across: str = "channels", groups: int = 1,
    ):  # fmt: skip
        super().__init__()
        check_integers(self.label, n=n, groups=groups)
        if n % 2 == 0:
            raise self.expected("n to be odd, so that the window has a middle", n, "the paper's is 5")
        if not isinstance(across, str) or across not in ("channels", "space"):
            raise self.expected('across to be "channels" or "space"', repr(across), "choose one")
        check_numbers(self.label, 0, inf, k=k, alpha=alpha, beta=beta)
        check_flags(self.label, average=average)
        self.n, self.k, self.beta, self.across, self.groups = n, float(k), float(beta), across, groups
        elements = n if across == "channels" else n * n
        self.alpha = float(alpha) / elements if average else float(alpha)

    def output_shape(self, shape: tuple) -> tuple:
        check_image_shape(self.label, shape)
        if shape[0] % self.groups:
            raise self.expected(f"channels divisible by groups={self.groups}", shape[0], "change one of the two")
        return tuple(shape)

    def forward(self, a):
        self.accept(a)
        scale = self.k + self.alpha * self._window_sum(a * a)
        b = a * scale**-self.beta
        self.remember(a, b, scale)
        return b

    def backward(self, db):
        # b[i] = a[i] * scale[i]**-beta, and a[j] is in scale[i] for every i whose window holds j, so
        #     da[j] = db[j] * scale[j]**-beta
        #             - 2 * alpha * beta * a[j] * sum over those i of db[i] * a[i] * scale[i]**(-beta - 1)
        # and "every i whose window holds j" is again the window around j: the window is symmetric.
        a, b, scale = self.recall(db)
        return db * scale**-self.beta - 2 * self.alpha * self.beta * a * self._window_sum(db * b / scale)

    def _window_sum(self, x):
        """Return for every element the sum over its window; what lies outside the maps counts as zero."""
        xp, half = self.device.xp, self.n // 2
        N, C, H, W = x.shape
        if self.across == "space":
            return sum(taps(pad_maps(xp, x, half, half), self.n, 1, H, W))
        x = xp.reshape(x, (N, self.groups, C // self.groups, H, W))
        edge = xp.zeros((N, self.groups, half, H, W), dtype=x.dtype)
        x = xp.concat([edge, x, edge], axis=2)
        return xp.reshape(sum(x[:, :, i : i + C // self.groups, ...] for i in range(self.n)), (N, C, H, W))
