"""minialex: AlexNet (Krizhevsky, Sutskever, Hinton, 2012) as a book you can run.

Notation, here and in every file:

    N, C, H, W     images of the batch, channels, rows, columns; (N, F) for vectors of F features
    K, OH, OW      side of a kernel; rows and columns of its output
    x, y           input and output of a layer;  dx, dy: the gradients of the loss with respect to them
    params, grads  dicts with the same names: W (weights) and b (biases), and the gradients with respect to them
    xp             the array module of a device: NumPy on the host, CuPy on a GPU
    n, k, alpha, beta          of local response normalization, as in section 3.3 of the paper
    conv1 ... conv5, fc6 ... fc8      the eight layers; a and b, the two groups of the paper's two GPUs

One training step, everywhere:

    loss = head.forward(net.forward(images), labels)
    net.backward(head.backward())
    sgd.step()
"""

import minialex.interrupts  # isort: split  (first: what Ctrl-C does while the rest is imported)
import minialex.kits  # noqa: F401  (which gives each device its kit)
from minialex.alexnet import alexnet
from minialex.devices import Cuda, Device, Host, host
from minialex.gradcheck import check_gradients
from minialex.layer import Layer
from minialex.sequential import Sequential
from minialex.summary import activations, summary

__version__ = "0.1.0"
__all__ = [
    "Cuda",
    "Device",
    "Host",
    "Layer",
    "Sequential",
    "activations",
    "alexnet",
    "check_gradients",
    "host",
    "load_run",
    "summary",
]


def __getattr__(name: str):
    """Import `load_run` when it is asked for: with training, its imports take as long as all others together."""
    if name == "load_run":
        from minialex.training.opened import load_run

        return load_run
    raise AttributeError(f"module 'minialex' has no attribute {name!r}")
