"""What a model is trained with."""

from collections.abc import Callable
from typing import NamedTuple, Self

from minialex.sequential import Sequential

ADAM_RATE = 0.001  # the recipes' rates are for SGD


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
    smoothing: float = 0.0  # of the labels
    average: str = "none"  # of the weights: a name of `training/averaging.py`
    lr_factor: tuple[str, ...] = ()  # of layers' rates: ("fc8=10",)
    optimizer: str = "sgd"  # or muon
    muon_lr: float = 0.02  # of matrices, where Muon is the optimizer; the rates above are then of the others
    unit_kernels: bool = False  # whether Muon keeps kernels at a norm of 1, for nets with batch normalization
    whiten: str | None = None  # a first layer whose kernels whiten patches of the training images
    batch: int = 128
    standardize: bool = False  # pixels divided by the deviation of their channel
    augment: tuple[str, ...] = ()  # of the training images
    colour: str = "paper"  # the formula of the colour noise, where augment has it
    twin: str | None = None  # of a net of two groups: the same net as one sequence of layers, as the bench times it
    bench_size: int | None = None  # pixels in the bench, where it is not image_size
    crops_from: int | None = None  # pixels of the images that crops are taken from; None: in the ratio of 256 to 224

    def with_optimizer(self, optimizer: str | None = None) -> Self:
        """Return the recipe at the rate of an optimizer (None: its own)."""
        optimizer = optimizer or self.optimizer
        if optimizer == "adam":
            return self._replace(optimizer=optimizer, lr=ADAM_RATE, nesterov=False)
        if optimizer == "muon":
            return self._replace(optimizer=optimizer, lr=self.muon_lr, nesterov=True)
        return self._replace(optimizer=optimizer)
