"""The fast kit: the layers of `minialex.layers`, same names and same numbers, arranged for speed on the host.

Nobody needs to read this to understand AlexNet; `minialex/layers/` says it all. Here each file is one trick:

    layout.py      images innermost: maps are stored as (H, C, W, N) and shown as (N, C, H, W)
    windows.py     convolution without columns: the rows under a kernel are a matrix already
    winograd.py    ... with fewer multiplications, where kernels and maps are large
    unfolded.py    convolution with a ring of unfolded rows, for strides and for few channels
    conv.py        which of the three, and the groups
    pool.py        separable pooling: along the rows, then down the columns
    lrn.py         the window sum by doubling, the power 3/4 by two square roots, in blocks that stay in the cache
    dense.py       features first: W (out, in) @ x (in, N)
    elementwise.py ReLU on flat memory;  flatten.py: one copy, no more

Where numbers are finite, results agree to rounding. What is infinite or not a number appears in the same places, with
three exceptions: minimal filtering spreads it over a tile of neighbours, gradients by the weights leave out the padding
(0 * inf in the textbook), and a maximum's gradient may go elsewhere in a window that holds nan.

What has nothing to gain is the textbook's own. `docs/performance.md` tells the story and what each trick brings.
"""

from minialex.fast.conv import Conv2D
from minialex.fast.dense import Dense
from minialex.fast.elementwise import ReLU
from minialex.fast.flatten import Flatten
from minialex.fast.lrn import LRN
from minialex.fast.pool import AvgPool, MaxPool
from minialex.layers import Dropout, Sigmoid, Softmax, SoftmaxCrossEntropy, Tanh

__all__ = [
    "LRN",
    "AvgPool",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "MaxPool",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "SoftmaxCrossEntropy",
    "Tanh",
]
