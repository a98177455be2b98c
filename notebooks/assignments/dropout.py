"""Dropout (section 4.2 of the paper). Check it with: minialex grade dropout.py"""

import numpy as np

from minialex import Layer


class Dropout(Layer):
    """Dropout: in training each unit is set to 0 with probability p, anew for every image and in every forward.

        training:    y = x * mask,             mask = 0 with probability p, else 1
        evaluation:  y = x * (1 - p),          the mean over all masks

    self.training says which of the two it is. Draw from self.rng only: the checks repeat its random numbers. (Later
    libraries divide by 1 - p in training and leave evaluation alone; the paper does not.)

    Shapes: any; y and dx as x.
    Args:   p, the probability of dropping a unit, 0 <= p < 1.
    """

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator):
        super().__init__()
        self.p, self.rng = p, rng

    def forward(self, x):
        raise NotImplementedError

    def backward(self, dy):
        # In training and in evaluation: what was y, as a function of x?
        raise NotImplementedError
