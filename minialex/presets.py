"""The paper's text, the authors' code, and Caffe's copy, where they differ: one table.

Source: the code of 2012, released in 2025 by the Computer History Museum (computerhistory/AlexNet-Source-Code), its
configuration #145 (`layers/layers-145.cfg` and `layer-params-145*.cfg`), whose errors are the paper's Tables 1 and 2.
Caffe's is `models/bvlc_alexnet` (`train_val.prototxt`, `solver.prototxt`), whose weights went around the world.
"""

from typing import Any, NamedTuple


class Preset(NamedTuple):
    """The numbers that differ between the accounts of AlexNet; in brackets the paper's section."""

    std: float  # of the initial weights (5)
    std_conv345: float  # of the initial weights of conv3, conv4 and conv5
    std_fc67: float  # of the initial weights of fc6 and fc7
    bias_one: float  # the initial bias where the paper has 1: conv2, conv4, conv5, fc6 and fc7 (5)
    lrn_k: float  # k of response normalization (3.3)
    lrn_average: bool  # alpha divided by n in response normalization (3.3)
    pool1_before_relu: bool  # conv1, norm, pool, ReLU instead of conv1, ReLU, norm, pool (3.5)
    norm_within_maps: bool  # a second, within-map 5x5 normalization after norm2
    lrn_groups: int  # on one device: 2, windows end where a group ends; 1, they cross from one to the other
    dropout_inverted: bool  # outputs doubled in training instead of halved at test (4.2)
    image_size: int  # of the crops (2)
    augment: tuple[str, ...]  # what happens to training images (4.1)
    colour: str  # which formula the colour noise follows (4.1)
    batch: int  # images a step (5)
    lr: float  # of the weights (5)
    bias_lr: float
    bias_decay: float  # the weights' is 0.0005 in all
    divide_bias_lr: bool  # whether the biases' rate is divided with the weights'
    divide_after: tuple[int, ...]  # the epochs after which the rate was divided by 10; (): at a plateau


AUGMENT = ("crop", "reflection", "colour")  # names of section 4.1, as data/augmentation/by_name.py has them

# fmt: off
TABLE: dict[str, tuple[Any, Any, Any]] = {
    #                     paper     source #145     Caffe
    "std":               (0.01,     0.01,           0.01),
    "std_conv345":       (0.01,     0.03,           0.01),
    "std_fc67":          (0.01,     0.01,           0.005),
    "bias_one":          (1.0,      1.0,            0.1),  # "found necessary for training" (its readme)
    "lrn_k":             (2.0,      2.0,            1.0),
    "lrn_average":       (False,    True,           True),
    "pool1_before_relu": (False,    True,           False),
    "norm_within_maps":  (False,    True,           False),
    "lrn_groups":        (2,        2,              1),
    "dropout_inverted":  (False,    False,          True),
    "image_size":        (224,      224,            227),
    "augment":           (AUGMENT,  AUGMENT,        AUGMENT[:2]),
    "colour":            ("paper",  "source",       "paper"),
    "batch":             (128,      128,            256),
    "lr":                (0.01,     0.01,           0.01),
    "bias_lr":           (0.01,     0.02,           0.02),
    "bias_decay":        (0.0005,   0.0,            0.0),
    "divide_bias_lr":    (True,     False,          True),
    # Caffe divides the rate every 100,000 of its 450,000 steps: 20 epochs of 1,281,167 images, 256 a step.
    "divide_after":      ((),       (25, 51, 79),   (20, 40, 60, 80)),
}
# fmt: on

PRESETS = {
    name: Preset(**{entry: values[column] for entry, values in TABLE.items()})
    for column, name in enumerate(("paper", "source", "caffe"))
}


def arranged(p: Preset, kit, **layers) -> dict:
    """Return conv1 to pool2 in the preset's order.

    The source pools before relu1, and normalizes a second time after norm2, within each map.
    """
    if p.pool1_before_relu:
        layers = {name: layers[name] for name in ("conv1", "norm1", "pool1", "relu1", *list(layers)[4:])}
    if p.norm_within_maps:
        pool2 = layers.pop("pool2")
        layers |= {"norm2_within": kit.LRN(5, 2.0, 1e-3, 0.75, average=True, across="space"), "pool2": pool2}
    return layers
