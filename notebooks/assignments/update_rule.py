"""The update rule, with momentum and weight decay (section 5 of the paper). Check it: minialex grade update_rule.py"""

import numpy as np


def descend(w, v, gradient, lr: float, momentum: float, decay: float) -> None:
    """Update a parameter w and its velocity v, in place.

        v <- momentum * v - decay * lr * w - lr * gradient
        w <- w + v

    Both right sides have the old w. "In place" means that the arrays w and v themselves change (`w += v`): w = w + v
    would make a new array, of which the caller knows nothing. The gradient stays as it is.

    Shapes: w, v and gradient have one shape.
    Args:   lr, the learning rate (0.01); momentum (0.9); decay (0.0005): numbers of the paper.

    By hand: w = 1, v = 0.5, gradient = 2, lr = 0.1, momentum = 0.9, decay = 0.01 give v = 0.45 - 0.001 - 0.2 = 0.249
             and w = 1.249.
    """
    raise NotImplementedError
