"""The fast kit: the layers of `minialex.layers`, same names and same numbers, arranged for speed on the host.

None of this is needed to understand AlexNet: `minialex/layers/` explains it all. Here each file is one trick:

    layout.py      images innermost: maps are stored as (H, C, W, N) and shown as (N, C, H, W)
    windows.py     convolution without columns: the rows under a kernel are a matrix already
    winograd.py    ... with fewer multiplications, where kernels and maps are large (transforms.py, polynomials.py)
    unfolded.py    convolution with a ring of unfolded rows, for strides and for few channels
    conv.py        which of the three, and the groups
    pool.py        separable pooling: along the rows, then down the columns
    lrn.py         the window sum by doubling, the power 3/4 by two square roots, in blocks that stay in the cache
    dense.py       features first: W (out, in) @ x (in, N)
    batchnorm.py   batch normalization in blocks of channels that stay in the cache
    local.py       the columns of one position at a time, for kernels that are not shared
    elementwise.py ReLU on flat memory;  flatten.py: one copy, no more
    reduction.py   sums over the workers in a fixed order, so that results do not depend on timing

Finite results agree to rounding. Infinity and nan appear at the same positions, with three exceptions: minimal
filtering spreads them over a tile of neighbours, gradients with respect to weights leave out the padding (0 * inf in
the textbook), and a maximum's gradient may go to another position of a window that contains nan.

`BatchNorm` and `Local2D` are twins of `minialex.variants`; layers with nothing to gain are the textbook's own.
`docs/performance.md` explains what each trick brings.
"""

from minialex.fast.batchnorm import BatchNorm
from minialex.fast.conv import Conv2D
from minialex.fast.dense import Dense
from minialex.fast.elementwise import ReLU
from minialex.fast.flatten import Flatten
from minialex.fast.local import Local2D
from minialex.fast.lrn import LRN
from minialex.fast.pool import AvgPool, MaxPool
from minialex.layers import Dropout, Sigmoid, Softmax, SoftmaxCrossEntropy, Tanh

__all__ = [
    "LRN",
    "AvgPool",
    "BatchNorm",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "Local2D",
    "MaxPool",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "SoftmaxCrossEntropy",
    "Tanh",
]
