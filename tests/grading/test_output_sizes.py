"""Questions about a wrong output shape: each is asked where its mistake was made, and where it alone fits."""

import numpy as np
import pytest

from minialex.grading.output_sizes import SIDES, about_shape
from minialex.layers import Conv2D, MaxPool

LAYER = Conv2D(2, 3, 3, stride=4, pad=3, rng=np.random.default_rng(0))
SHAPE = (2, 19, 20)
RIGHT = LAYER.output_shape(SHAPE)


@pytest.mark.parametrize(("question", "side_of"), SIDES, ids=[question for question, _ in SIDES])
def test_the_question_is_asked(question, side_of):
    got = (3, *(side_of(side, 3, 4, 3) for side in SHAPE[1:]))
    assert got != RIGHT
    assert question in about_shape(got, RIGHT, SHAPE, LAYER)


def test_other_shapes():
    assert about_shape((2, *RIGHT[1:]), RIGHT, SHAPE, LAYER) == "y has as many channels as there are kernels"
    assert about_shape((3, 4, 4), (2, 4, 4), (2, 9, 9), MaxPool(3, 2)) == "pooling keeps the channels"
    assert about_shape((1, *RIGHT), RIGHT, SHAPE, LAYER) == "both are without N"
    assert about_shape((2, 3, 4), (2, 4, 3), (2, 9, 7), MaxPool(3, 2)) == "H and W exchanged?"
    assert about_shape((3, 9, 1), RIGHT, SHAPE, LAYER).startswith("1 + (side + 2 * pad - kernel) // stride")
