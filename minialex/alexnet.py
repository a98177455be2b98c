"""AlexNet (section 3.5, Figure 2): two groups of kernels on two devices, and what passes between them.

Compare it with Figure 2: `alexnet` is the table of layers that each group computes, `figure_2` shows which of them
communicate. The first layer explains the odd size of 224 pixels: its kernels are 11 wide and 4 apart, so 55 of them
cover 54 * 4 + 11 = 227 pixels.

    | 0 .... 10 |                                                              windows of conv1, 4 pixels apart
        | 4 .... 14 |
                              ...
                                                      | 212 .... 222 |
                                                          | 216 .... 223 0 0 0 |     the last reads 3 zeros
    0                                                                223             the image
"""

from collections.abc import Callable, Sequence

from numpy.random import Generator

from minialex.checks import check_integers, choose, expected
from minialex.devices import Device, host
from minialex.kits import kit_for
from minialex.parallel import AllGather, Broadcast, Gather, Groups
from minialex.presets import PRESETS, arranged
from minialex.sequential import Sequential


def alexnet(
    devices: Sequence[Device] = (host, host), classes: int = 1000, *, rng: Generator, image_size: int = 224,
    preset: str = "paper", channels: int = 3, init: str | float | None = None, kit=None,
) -> Sequential:  # fmt: skip
    """Build AlexNet, half of its kernels on each of two devices.

    Shapes: (N, channels, image_size, image_size) -> logits (N, classes), on the first device.
    Args:   image_size, pixels: 224 as in the paper, 227 fits exactly; preset, "paper", "source" or "caffe"
            (`presets.py`; Caffe normalizes across the two groups, which only `alexnet_single` can do); init, "he",
            "xavier" or a deviation for all weights, with biases of 0 (None: the preset's); kit, the namespace of layers
            (None: the device's).
    Errors: ValueError for other than two devices, an unknown preset, or images that are too small.
    """
    p, kit = choose(PRESETS, preset, "preset"), kit_for(devices, kit, init)
    Conv2D, Dense, Dropout, LRN, MaxPool, ReLU = kit.Conv2D, kit.Dense, kit.Dropout, kit.LRN, kit.MaxPool, kit.ReLU
    past_edge, side = geometry(image_size)
    norm = {"n": 5, "k": p.lrn_k, "alpha": 1e-4, "beta": 0.75, "average": p.lrn_average}
    drop = {"p": 0.5, "inverted": p.dropout_inverted}

    # fmt: off
    def lower():  # of one group: 3 x 224 x 224 -> 128 x 13 x 13
        return Sequential(**arranged(p, kit,  # the source pools before relu1 and normalizes twice: presets.py
            conv1=Conv2D(channels, 48, 11, stride=4, pad=(0, past_edge), std=p.std, bias=0.0, rng=rng), relu1=ReLU(),
            norm1=LRN(**norm), pool1=MaxPool(3, 2),
            conv2=Conv2D(48, 128, 5, pad=2,                        std=p.std, bias=p.bias_one, rng=rng), relu2=ReLU(),
            norm2=LRN(**norm), pool2=MaxPool(3, 2),
        ))

    def upper():  # of one group: 256 x 13 x 13 -> 128 x 6 x 6, flat
        return Sequential(
            conv3=Conv2D(256, 192, 3, pad=1, std=p.std_conv345, bias=0.0,   rng=rng), relu3=ReLU(),
            conv4=Conv2D(192, 192, 3, pad=1, std=p.std_conv345, bias=p.bias_one, rng=rng), relu4=ReLU(),
            conv5=Conv2D(192, 128, 3, pad=1, std=p.std_conv345, bias=p.bias_one, rng=rng), relu5=ReLU(),
            pool5=MaxPool(3, 2), flatten=kit.Flatten(),
        )

    def fc6():  # spawn: an independent generator for each group, since both may draw at the same time
        return Sequential(fc6=Dense(256 * side * side, 2048, std=p.std_fc67, bias=p.bias_one, rng=rng), relu6=ReLU(),
                          drop6=Dropout(**drop, rng=rng.spawn(1)[0]))

    def fc7():
        return Sequential(fc7=Dense(4096, 2048, std=p.std_fc67, bias=p.bias_one, rng=rng), relu7=ReLU(),
                          drop7=Dropout(**drop, rng=rng.spawn(1)[0]))

    def fc8():
        return Dense(4096, classes, std=p.std, bias=0.0, rng=rng)
    # fmt: on

    return figure_2(devices, lower, upper, fc6, fc7, fc8)


def figure_2(
    devices: Sequence[Device], lower: Callable, upper: Callable, fc6: Callable, fc7: Callable, fc8: Callable
) -> Sequential:
    """Build the net of Figure 2 from functions that make one group's layers: communication left, computation right."""
    if len(devices) != 2:
        raise expected("Figure 2", "two devices, one a group", len(devices), "pass (host, host) for one device")
    # fmt: off
    net = Sequential(
        images=Broadcast(devices),               lower=Groups(devices, lower),  # conv1, conv2: own maps only
        to_conv3=AllGather(devices),             upper=Groups(devices, upper),  # conv3 sees both; conv4, conv5 own
        to_fc6=AllGather(devices),               fc6=Groups(devices, fc6),
        to_fc7=AllGather(devices),               fc7=Groups(devices, fc7),
        to_fc8=Gather(devices, to=devices[0]),   fc8=fc8().to(devices[0]),
    )
    # fmt: on
    readers = [net.layers["images"], *(group.layers["conv1"] for group in net.layers["lower"].layers.values())]
    for layer in readers:
        layer.input_gradient = False  # the gradient with respect to the images is not needed
    return net


def geometry(image_size: int) -> tuple[int, int]:
    """Return how many pixels the last window of conv1 reads past the image, and the side of the maps that fc6 reads."""
    check_integers("alexnet", image_size=image_size)
    past_edge = -(image_size - 11) % 4  # 224: 3, so that 227 pixels are read
    side = (image_size + past_edge - 11) // 4 + 1  # of conv1's maps: 55
    for _ in range(3):
        side = (side - 3) // 2 + 1  # pooling, 3 wide and 2 apart: 27, 13, 6
    if side < 1:
        raise expected("alexnet", "images of at least 64 pixels", image_size, "or use small_alexnet")
    return past_edge, side
