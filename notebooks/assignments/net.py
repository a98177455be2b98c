"""A small AlexNet of two groups (Figure 2 of the paper), from layers that are given. Check it: minialex grade net.py"""

import numpy as np

from minialex import Sequential, host
from minialex.layers import LRN, Conv2D, Dense, Dropout, Flatten, MaxPool, ReLU
from minialex.parallel import AllGather, Broadcast, Gather, Groups

DEVICES = (host, host)  # both groups in main memory; with two GPUs (Cuda(0), Cuda(1))

# The layers of one group, and the shape of its maps; K: kernel, S: stride, P: pad.
#
#   lower.a     conv1  24 kernels of 5x5, P 2          24 x 32 x 32       reads the image (3 channels)
#               relu1
#               norm1  LRN()
#               pool1  3x3, S 2, ceil=True             24 x 16 x 16
#               conv2  32 kernels of 5x5, P 2          32 x 16 x 16       reads its own group
#               relu2, norm2
#               pool2  3x3, S 2, ceil=True             32 x 8 x 8
#   upper.a     conv3  48 kernels of 3x3, P 1          48 x 8 x 8         reads both groups
#               relu3
#               conv4  48 kernels of 3x3, P 1, relu4   48 x 8 x 8         reads its own group
#               conv5  32 kernels of 3x3, P 1, relu5   32 x 8 x 8         reads its own group
#               pool5  3x3, S 2, ceil=True             32 x 4 x 4
#               flatten
#   fc6.a       fc6    256 units, relu6, drop6 (0.5)   256                reads both groups
#   fc7.a       fc7    256 units, relu7, drop7 (0.5)   256                reads both groups
#   fc8         10 units, on the first device          10                 reads both groups
#
# Standard deviations of the initial weights: conv1 0.01, conv2 0.03, conv3 to conv5 0.05, fc6 0.03, fc7 and fc8 0.05.


def net(*, rng: np.random.Generator) -> Sequential:
    """Build the net: what each group computes, and what passes between the groups.

        Sequential(images=Broadcast(DEVICES), lower=Groups(DEVICES, lower), to_conv3=AllGather(DEVICES), ...)

    with the names images, lower, to_conv3, upper, to_fc6, fc6, to_fc7, fc7, to_fc8, fc8. Groups(DEVICES, lower) calls
    lower() once for each group: a function without arguments that returns a Sequential with the names above.

    Shapes: images (N, 3, 32, 32) -> logits (N, 10).

    Two things that are easily forgotten: each Dropout gets a generator of its own, rng.spawn(1)[0], since both groups
    may draw at the same time; and the gradient with respect to the images is not needed: input_gradient = False for
    the layer `images` and both conv1.
    """
    raise NotImplementedError
