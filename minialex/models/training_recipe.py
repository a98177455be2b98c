"""What a model is trained with."""

from collections.abc import Callable
from typing import NamedTuple

from minialex.sequential import Sequential


class Recipe(NamedTuple):
    """A model and how it is trained: rates per mini-batch, decay per step and rate."""

    build: Callable[..., Sequential]
    groups: int  # 2: on one device or two, one a group; 1: on one device
    image_size: int  # pixels
    epochs: int  # the default of `minialex train`: a lesson has an hour
    lr: float
    bias_lr: float
    weight_decay: float | dict[str, float]  # one for all layers, or one for each
    bias_decay: float
    divide_bias_lr: bool = True
    divide_after: tuple[int, ...] = ()  # epochs; (): when the validation error stops improving
    schedule: str | None = None  # a name of `training/named_schedules.py`, instead
    momentum: float = 0.9
    nesterov: bool = False
    batch: int = 128
    standardize: bool = False  # pixels divided by the deviation of their channel
    augment: tuple[str, ...] = ()  # of the training images
    colour: str = "paper"  # the formula of the colour noise, where augment has it
    twin: str | None = None  # of a net of two groups: the same net as one sequence of layers, as the bench times it
    bench_size: int | None = None  # pixels in the bench, where it is not image_size
    crops_from: int | None = None  # pixels of the images that crops are taken from; None: in the ratio of 256 to 224
