"""Variants: layers that tutorials say AlexNet has, and that came after it, each marked as such in its first line.

The textbook in `minialex.layers` is the paper's net. These are for comparison: what does it bring, here, at this size?
"""

from minialex.variants.batchnorm import BatchNorm
from minialex.variants.blocks import inception, separable
from minialex.variants.branches import Branches, Residual
from minialex.variants.heads import Heads
from minialex.variants.leaky_relu import LeakyReLU
from minialex.variants.local import Local2D
from minialex.variants.losses import SquaredError
from minialex.variants.pooling import GlobalAvgPool, Pad
from minialex.variants.scale import Scale

__all__ = [
    "BatchNorm",
    "Branches",
    "GlobalAvgPool",
    "Heads",
    "LeakyReLU",
    "Local2D",
    "Pad",
    "Residual",
    "Scale",
    "SquaredError",
    "inception",
    "separable",
]
