"""What each layer launches, kernel by kernel: a launch costs the host some microseconds, an extra pass a GPU's memory.

Array operations of the module are listed by their names: add is a sum, copy an array that is written in another order.
"""

import numpy as np
import pytest
from cuda_on_cpu import OnCpu, kit_on, needs_compiler

from minialex import cuda
from minialex.models import alexnet_single

pytestmark = needs_compiler
DEVICE = OnCpu()
KIT = kit_on(DEVICE)
RNG = {"rng": np.random.default_rng(0)}

PRODUCT2, SUM = ["product", "product"], ["add", "add"]
PRODUCT5, MEANS = ["product"] * 5, ["divide", *["multiply"] * 3, "add", "astype"] + ["multiply"] * 2 + ["add", "astype"]
# fmt: off
TABLE = [  # layer, settings, shape of x; forward; backward
    ("LRN",     (),         {},                          (3, 8, 5, 4), ["lrn_forward"], ["lrn_backward"]),
    ("LRN",     (3,),       {"across": "space"},         (3, 8, 5, 4), ["lrn_forward"], ["lrn_backward"]),
    ("MaxPool", (),         {},                          (3, 8, 5, 5), ["maxpool_forward"], ["maxpool_backward"]),
    ("AvgPool", (3, 2),     {"ceil": True},              (3, 8, 6, 6), ["avgpool_forward"], ["avgpool_backward"]),
    ("ReLU",    (),         {},                          (3, 8, 5, 4), ["relu_forward"], ["relu_backward"]),
    ("Tanh",    (),         {},                          (3, 8, 5, 4), ["tanh_forward"], ["tanh_backward"]),
    ("Sigmoid", (),         {},                          (3, 8),       ["sigmoid_forward"], ["sigmoid_backward"]),
    ("Dropout", (),         RNG,                         (3, 8),       ["copy", "dropout"], ["copy", "dropout"]),
    ("Flatten", (),         {},                          (3, 8, 5, 4), ["copy"], ["copy"]),
    ("Dense",   (8, 6),     RNG,                         (3, 8),       ["product", "add_bias"],
     ["product", "add", "product"]),
    ("Conv2D",  (4, 6, 3),  {"pad": 1, **RNG},           (3, 4, 5, 4), ["copy", "unfold", "product", "add_bias"],
     ["product", "sum_of_rows", "add", "add", "unfold", "copy", "product"]),
    ("Conv2D",  (4, 6, 3),  {"groups": 2, **RNG},        (3, 4, 5, 4), ["copy", "unfold", *PRODUCT2, "add_bias"],
     [*PRODUCT2, "sum_of_rows", "add", "add", "unfold", "copy", *PRODUCT2]),
    ("Conv2D",  (4, 6, 3),  {"stride": 2, **RNG},        (3, 4, 7, 7), ["copy", "unfold", "product", "add_bias"],
     ["product", "sum_of_rows", "add", "add", "fill", "copy", "product", "product", "product", "fold"]),
    ("Local2D", (4, 6, 3, 5), {"pad": 1, **RNG},         (3, 4, 5, 5), ["copy", "unfold", *PRODUCT5, "add"],
     ["add", "copy", *PRODUCT5, "copy", "fill", "copy", *PRODUCT5, "fold"]),
    ("BatchNorm", (8,),     {},                          (3, 8, 5, 4), [*SUM, "divide", "centred_squares", *SUM, *MEANS,
     "add", "sqrt", "divide", "multiply", "normalize"],
     ["times_centred", *SUM, "multiply", *SUM, "divide", "multiply", "divide", "multiply", "normalize_backward"]),
]
# fmt: on


def launched(function, *arguments):
    """Return what a call launches, and its result."""
    DEVICE.launches.clear()
    result = function(*arguments)
    return sorted(DEVICE.launches), result


@pytest.mark.parametrize(("kind", "args", "settings", "shape", "forward", "backward"), TABLE)
def test_launches_of_a_layer(kind, args, settings, shape, forward, backward):
    """Of arrays as this kit stores them: nothing but what the table says, and no operand of a product is copied."""
    layer = getattr(KIT, kind)(*args, **settings)
    x = stored(np.random.default_rng(0).standard_normal(shape, dtype="float32"))
    got, y = launched(layer.forward, x)
    assert got == sorted(forward)
    got, _ = launched(layer.backward, stored(np.ones(y.shape, "float32")))
    assert got == sorted(backward)


def stored(x):
    """Return x with images innermost, rows outermost."""
    order, back = ((2, 1, 3, 0), (3, 1, 0, 2)) if x.ndim == 4 else ((1, 0), (1, 0))
    return np.ascontiguousarray(x.transpose(order)).transpose(back)


def test_images_as_they_are_loaded_are_not_copied_first():
    layer = KIT.Conv2D(3, 4, 3, stride=2, rng=np.random.default_rng(0))
    got, _ = launched(layer.forward, np.ones((5, 3, 9, 8), "float32"))
    assert got == sorted(["copy", "unfold", "product", "add_bias"])


@pytest.mark.parametrize("order", "CF")
def test_vectors_are_multiplied_as_they_lie(order):
    layer = KIT.Dense(6, 4, rng=np.random.default_rng(0))
    got, y = launched(layer.forward, np.ones((5, 6), "float32", order=order))
    assert got == sorted(["product", "add_bias"])
    got, _ = launched(layer.backward, np.ones(y.shape, "float32", order=order))
    assert got == sorted(["product", "add", "product"])


class Zeros(np.random.Generator):
    """Draws nothing: the launches do not depend on the weights."""

    def standard_normal(self, shape, dtype):
        return np.zeros(shape, dtype)


def test_launches_of_a_step_of_the_papers_net():
    """Forward and backward of the net in one part: 5 convolutions, 2 normalizations, 3 poolings, 3 dense layers."""
    net = alexnet_single(DEVICE, 10, image_size=67, kit=cuda, rng=Zeros(np.random.PCG64()))
    forward, logits = launched(net.forward, DEVICE.put(np.ones((2, 3, 67, 67), "float32")))
    backward, _ = launched(net.backward, DEVICE.put(np.ones(logits.shape, "float32")))
    assert (len(forward), len(backward)) == (46, 64)
