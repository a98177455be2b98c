"""The textbook: what one device computes, one idea a file.

Arrays are (N, C, H, W): images of the batch, channels, rows, columns; or (N, F): images, features. Every file can be
read on its own; begin with `relu.py`, `dense.py` and `conv.py`.
"""

from minialex.layers.conv import Conv2D
from minialex.layers.dense import Dense
from minialex.layers.dropout import Dropout
from minialex.layers.flatten import Flatten
from minialex.layers.loss import SoftmaxCrossEntropy
from minialex.layers.lrn import LRN
from minialex.layers.pool import AvgPool, MaxPool
from minialex.layers.relu import ReLU
from minialex.layers.sigmoid import Sigmoid
from minialex.layers.softmax import Softmax
from minialex.layers.tanh import Tanh

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
