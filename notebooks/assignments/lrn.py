"""Local response normalization (section 3.3 of the paper). Check it with: minialex grade lrn.py"""

import numpy as np

from minialex import Layer


class LRN(Layer):
    """Local response normalization: a large output makes those of the neighbouring kernels, at the same pixel, smaller.

        b[i] = a[i] / scale[i]**beta,      scale[i] = k + alpha * sum over j of a[j]**2

    where j runs over the n channels around i, from i - n // 2 to i + n // 2, i itself among them; n is odd, and what
    lies outside of the channels counts as 0.

    For backward: a[j] is in b[j], and in scale[i] of every i whose window holds j. So da[j] has two terms. Derive them
    on paper first; the second is a sum over the window around j.

    Shapes: (N, C, H, W) -> (N, C, H, W), here called a -> b.

    By hand, n = 3, k = alpha = beta = 1, four channels of one pixel: a = 1, 2, 0, 3 give b = 1/6, 2/6, 0, 3/10,
             and then db = 36, 0, 0, 100 give da = 4, -4, 0, -8.
    """

    def __init__(self, n: int = 5, k: float = 2.0, alpha: float = 1e-4, beta: float = 0.75):
        super().__init__()
        self.n, self.k, self.alpha, self.beta = n, k, alpha, beta

    def forward(self, x):
        raise NotImplementedError

    def backward(self, dy):
        raise NotImplementedError
