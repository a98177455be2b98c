"""The CUDA kit: the layers of `minialex.layers`, same names and same numbers, arranged for speed on a GPU.

None of this is needed to understand AlexNet: `minialex/layers/` explains it all, and runs on a GPU too, each line of it
as a kernel of CuPy. Here a layer is one kernel, or a few and a matrix product:

    kernels.cu     what each thread computes: one element of the output
    launch.py      running a kernel on a device
    product.py     matrix products by cuBLAS, of matrices that lie anywhere; TF32 only where the device was asked for it
    unfolded.py    convolution as products of rows that are unfolded along the width only
    layout.py      arrays in the order that the kernels read
    inputs.py      the input of a net, from pixels that are sent as bytes
    conv.py, dense.py, lrn.py, pool.py, elementwise.py, flatten.py: the layers; batchnorm.py, local.py: of variants

Maps are stored (H, C, W, N), images innermost, as in the fast kit: `minialex/fast/layout.py`.

Every run gives the same bits on the same GPU: no kernel adds in an order that depends on timing. Finite results agree
with the textbook's to rounding; the gradients with respect to weights leave out the padding (0 * inf in the textbook).

`BatchNorm` and `Local2D` are twins of `minialex.variants`; the others here are the textbook's own.

`Cuda` devices take this kit. Nothing of it has run on a GPU yet: `docs/devices.md` says what the tests do instead.
"""

from minialex.cuda.batchnorm import BatchNorm
from minialex.cuda.conv import Conv2D
from minialex.cuda.dense import Dense
from minialex.cuda.elementwise import Dropout, ReLU, Sigmoid, Tanh
from minialex.cuda.flatten import Flatten
from minialex.cuda.local import Local2D
from minialex.cuda.lrn import LRN
from minialex.cuda.pool import AvgPool, MaxPool
from minialex.layers import Softmax, SoftmaxCrossEntropy

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
