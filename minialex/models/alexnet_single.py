"""AlexNet on one device: the two groups of the paper as `groups=2`."""

from numpy.random import Generator

from minialex.alexnet import geometry
from minialex.checks import choose
from minialex.devices import Device, host
from minialex.kits import kit_for
from minialex.presets import PRESETS, arranged
from minialex.sequential import Sequential


def alexnet_single(
    device: Device = host,
    classes: int = 1000,
    *,
    rng: Generator,
    image_size: int = 224,
    preset: str = "paper",
    channels: int = 3,
    init: str | float | None = None,
    kit=None,
) -> Sequential:
    """Build AlexNet (section 3.5) on one device; each group of kernels reads its half of the channels.

    Shapes: (N, channels, image_size, image_size) -> logits (N, classes).
    Args:   image_size, pixels; 224 reads 3 zeros past the right and bottom edges, as the source does, 227 fits exactly;
            preset, "paper", "source" or "caffe" (`presets.py`); init and kit as in `alexnet`.
    """
    p, kit = choose(PRESETS, preset, "preset"), kit_for(device, kit, init)
    Conv2D, Dense, LRN, MaxPool, ReLU = kit.Conv2D, kit.Dense, kit.LRN, kit.MaxPool, kit.ReLU
    past_edge, side = geometry(image_size)
    norm = {"n": 5, "k": p.lrn_k, "alpha": 1e-4, "beta": 0.75, "average": p.lrn_average, "groups": p.lrn_groups}
    drop = {"p": 0.5, "inverted": p.dropout_inverted}

    # fmt: off
    net = Sequential(
        **arranged(p, kit,
            conv1=Conv2D(channels, 96, 11, stride=4, pad=(0, past_edge), std=p.std, bias=0.0, rng=rng), relu1=ReLU(),
            norm1=LRN(**norm), pool1=MaxPool(3, 2),
            conv2=Conv2D(96, 256, 5, pad=2, groups=2,             std=p.std, bias=p.bias_one, rng=rng), relu2=ReLU(),
            norm2=LRN(**norm), pool2=MaxPool(3, 2)),
        conv3=Conv2D(256, 384, 3, pad=1,           std=p.std_conv345, bias=0.0,   rng=rng), relu3=ReLU(),
        conv4=Conv2D(384, 384, 3, pad=1, groups=2, std=p.std_conv345, bias=p.bias_one, rng=rng), relu4=ReLU(),
        conv5=Conv2D(384, 256, 3, pad=1, groups=2, std=p.std_conv345, bias=p.bias_one, rng=rng), relu5=ReLU(),
        pool5=MaxPool(3, 2), flatten=kit.Flatten(),
        fc6=Dense(256 * side * side, 4096, std=p.std_fc67, bias=p.bias_one, rng=rng), relu6=ReLU(),
        drop6=kit.Dropout(**drop, rng=rng.spawn(1)[0]),
        fc7=Dense(4096, 4096, std=p.std_fc67, bias=p.bias_one, rng=rng), relu7=ReLU(),
        drop7=kit.Dropout(**drop, rng=rng.spawn(1)[0]),
        fc8=Dense(4096, classes, std=p.std, bias=0.0, rng=rng),
    )
    # fmt: on
    net.layers["conv1"].input_gradient = False
    return net.to(device)
