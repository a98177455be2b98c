"""The net that PyTorch users call AlexNet: the author's later one for a single GPU, whose weights are widely used."""

import numpy as np

from minialex.checks import expected, is_integer
from minialex.devices import Device, host
from minialex.kits import kit_for
from minialex.sequential import Sequential


def torchvision_alexnet(
    device: Device = host, classes: int = 1000, *, rng: np.random.Generator, image_size: int = 224, channels: int = 3,
    init: str | float | None = None, kit=None,
) -> Sequential:  # fmt: skip
    """Build the AlexNet of 2014: no groups, no response normalization, fewer kernels in conv1, conv2 and conv4.

    Shapes: (N, channels, image_size, image_size) -> logits (N, classes).
    Args:   image_size, pixels; fc6 reads the maps as they are: 6x6 at 224, where torchvision averages others to 6x6;
            init and kit as in `alexnet`.
    Errors: ValueError for images below 63 pixels.
    Source: A. Krizhevsky, "One weird trick for parallelizing convolutional neural networks" (2014), in torchvision's
            version. The initial weights are our own, for pixels of 0 to 255 minus their mean.
    """
    kit = kit_for(device, kit, init)
    Conv2D, Dense, MaxPool, ReLU = kit.Conv2D, kit.Dense, kit.MaxPool, kit.ReLU
    side = maps_of(image_size)

    def drop():
        return kit.Dropout(0.5, inverted=True, rng=rng.spawn(1)[0])

    # fmt: off
    net = Sequential(
        conv1=Conv2D(channels, 64, 11, stride=4, pad=2, std=0.01, rng=rng), relu1=ReLU(), pool1=MaxPool(3, 2),
        conv2=Conv2D( 64, 192,  5, pad=2,           std=0.01, rng=rng), relu2=ReLU(), pool2=MaxPool(3, 2),
        conv3=Conv2D(192, 384,  3, pad=1,           std=0.03, rng=rng), relu3=ReLU(),
        conv4=Conv2D(384, 256,  3, pad=1,           std=0.03, rng=rng), relu4=ReLU(),
        conv5=Conv2D(256, 256,  3, pad=1,           std=0.03, rng=rng), relu5=ReLU(), pool5=MaxPool(3, 2),
        flatten=kit.Flatten(),
        drop6=drop(), fc6=Dense(256 * side * side, 4096, std=0.005, rng=rng), relu6=ReLU(),
        drop7=drop(), fc7=Dense(4096, 4096,              std=0.005, rng=rng), relu7=ReLU(),
        fc8=Dense(4096, classes,                         std=0.01,  rng=rng),
    )
    # fmt: on
    net.layers["conv1"].input_gradient = False
    return net.to(device)


def maps_of(image_size: int) -> int:
    """Return the side of the maps that fc6 reads; conv1 and pooling leave out windows that do not fit."""
    if not is_integer(image_size, least=63):
        raise expected("torchvision_alexnet", "images of at least 63 pixels", image_size, "or use small_alexnet")
    side = (image_size + 2 * 2 - 11) // 4 + 1  # of conv1's maps
    for _ in range(3):
        side = (side - 3) // 2 + 1
    return side
