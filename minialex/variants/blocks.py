"""Blocks that are put together of other layers: depthwise separable convolution, the Inception module."""

from numpy.random import Generator

from minialex import layers
from minialex.sequential import Sequential
from minialex.variants.branches import Branches
from minialex.variants.pooling import Pad


def separable(
    in_channels: int, out_channels: int, kernel: int, *, stride: int = 1, std: float = 0.01, rng: Generator, kit=layers
) -> Sequential:
    """Build a depthwise separable convolution, not in AlexNet: each channel by itself, then a mixture of them.

    The map's size stays, for an odd kernel and stride 1. Multiply-adds: K*K + C_out instead of K*K * C_out, for each
    input channel and position.

    Source: L. Sifre's thesis (2014); F. Chollet, "Xception" (2016).
    """
    return Sequential(
        depthwise=kit.Conv2D(
            in_channels, in_channels, kernel, stride=stride, pad=kernel // 2, groups=in_channels, std=std, rng=rng
        ),
        pointwise=kit.Conv2D(in_channels, out_channels, 1, std=std, rng=rng),
    )


def inception(
    in_channels: int, one: int, three: tuple[int, int], five: tuple[int, int], pool: int,
    *, std: float = 0.01, rng: Generator, kit=layers,
) -> Branches:  # fmt: skip
    """Build an Inception module, not in AlexNet: kernels of 1, 3 and 5 pixels and a maximum, concatenated (2014).

    Shapes: (N, in_channels, H, W) -> (N, one + three[1] + five[1] + pool, H, W).
    Args:   one, kernels of the 1x1 branch; three, five, kernels of the 1x1 before and of the 3x3 or 5x5; pool, kernels
            of the 1x1 after the maximum.
    Source: C. Szegedy et al., "Going Deeper with Convolutions" (2014), Figure 2b.
    """

    def conv(reads: int, kernels: int, side: int):
        return kit.Conv2D(reads, kernels, side, pad=side // 2, std=std, rng=rng)

    return Branches(
        one=Sequential(conv=conv(in_channels, one, 1), relu=kit.ReLU()),
        three=Sequential(
            reduce=conv(in_channels, three[0], 1), relu1=kit.ReLU(), conv=conv(three[0], three[1], 3), relu2=kit.ReLU()
        ),
        five=Sequential(
            reduce=conv(in_channels, five[0], 1), relu1=kit.ReLU(), conv=conv(five[0], five[1], 5), relu2=kit.ReLU()
        ),
        pool=Sequential(
            pad=Pad(1, value=float("-inf")), pool=kit.MaxPool(3, 1), conv=conv(in_channels, pool, 1), relu=kit.ReLU()
        ),
    )
