"""config.json: the settings of a run, each declared once, in `RunConfig`.

A new setting is one line there, `mixup: bool = later(False)`, and its option in `cli/arguments.py`.
"""

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from minialex.data import prepared_size
from minialex.data.augmentation import scale_for
from minialex.devices import Device, devices_from
from minialex.devices.mpi import is_first
from minialex.devices.names import are_ranks
from minialex.files.atomic import write_text
from minialex.models import Recipe, build, recipe
from minialex.ranks import split_over
from minialex.sequential import Sequential
from minialex.training.setting_types import check_ranges, checked_value, later, read_values


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """The settings of a run: name, type, default, and the order of the keys in config.json.

    `RunConfig.new(model="alexnet", epochs=2)` takes those that have no default here from the model's recipe.
    """

    model: str = "small_alexnet"
    preset: str = "paper"
    data: str = "shapes"  # or cifar10, or a folder
    devices: str = "cpu"
    seed: int = 0
    workers: int | None = None  # threads of the host; None: all cores
    image_size: int  # pixels of the net's input
    scale: int  # pixels of the images that crops are taken from
    augment: tuple[str, ...]
    epochs: int
    batch: int
    lr: float
    divide_after: tuple[int, ...] | None = None  # epochs; None: as in the recipe
    limit: int | None = None  # images of each split; None: all
    classes: tuple[str, ...] = ()  # of the data; (): before they are loaded
    standardize: bool = later(False)  # mean and deviation of each channel, instead of the mean image
    weights: str | None = later(None)  # a file of weights, or a run, that it begins with; None: initial weights
    freeze: tuple[str, ...] = later(())  # layers and containers whose parameters stay as they are
    lr_factor: tuple[str, ...] = later(())  # of layers, of both rates: ("fc8=10",)
    momentum: float | None = later(None)  # None: the recipe's
    weight_decay: float | None = later(None)  # of all weights; None: the recipe's, which may be one for each layer
    channels: int = later(3)  # of the images; known when they are loaded
    init: str | float | None = later(None)  # he, xavier or a deviation for all initial weights; None: the model's
    optimizer: str = later("sgd")  # or adam, muon
    nesterov: bool = later(False)  # Nesterov's momentum
    clip: float | None = later(None)  # the largest norm of all gradients together; None: any
    smoothing: float = later(0.0)  # of the labels, in the loss that training minimizes
    schedule: str | None = later(None)  # a name of `named_schedules.py`; None: divide_after, else the recipe's
    average: str = later("none")  # of the weights: a name of `named_averages.py`
    width: int | None = later(None)  # of a model that has one; None: its own
    split: str = later("data")  # what ranks share, where devices is "ranks": data, or hybrid (`ranks/hybrid.py`)

    def __post_init__(self) -> None:
        check_ranges(vars(self))

    @classmethod
    def new(cls, **given: Any) -> Self:
        """Return those given, else those of the model's recipe (ValueError if there is none), else the defaults."""
        r = recipe(given.get("model", cls.model), given.get("preset", cls.preset))
        r = r.with_optimizer(given.get("optimizer"))
        own = {s.name: getattr(r, s.name) for s in fields(cls) if s.default is not None and s.name in Recipe._fields}
        settings = {"data": cls.data, **own, **given}
        if "scale" not in settings:
            size, prepared = settings["image_size"], prepared_size(settings["data"])
            much_larger = prepared is not None and prepared > 1.5 * size  # then a crop of it would show little
            published = r.crops_from if size == r.image_size and "crop" in settings["augment"] else None
            usual = published or scale_for(size, settings["augment"])
            settings["scale"] = usual if prepared is None or much_larger else prepared
        return cls(**settings)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the settings of the run in a folder; each is checked against its annotation, since people edit them.

        Errors: FileNotFoundError if the folder holds no run; ValueError, naming file and key, if the file is damaged.
        """
        path, values = folder / "config.json", read_values(folder, [setting.name for setting in fields(cls)])
        checked = {setting.name: checked_value(path, setting, values) for setting in fields(cls)}
        try:
            return cls(**checked)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None

    def write(self, folder: Path) -> None:
        """Write config.json, whole or not at all; of several ranks the first does."""
        if is_first():
            write_text(folder / "config.json", json.dumps(asdict(self), indent=2) + "\n")

    @property
    def recipe(self) -> Recipe:
        """The published rates of the model, as its preset has them."""
        return recipe(self.model, self.preset)

    def named_devices(self) -> tuple[Device, ...]:
        """Return the devices that `devices` and `workers` name."""
        return devices_from(self.devices, self.workers)

    def build(self, rng: np.random.Generator) -> Sequential:
        """Return the net, on its devices, with initial weights."""
        own = {} if self.width is None else {"width": self.width}
        net = build(
            self.model, self.named_devices(), rng=rng, preset=self.preset, classes=len(self.classes),
            image_size=self.image_size, channels=self.channels, init=self.init, **own,
        )  # fmt: skip
        return split_over(net, self.devices, self.split)

    def in_one_process(self) -> Self:
        """Return the same settings without ranks, whose weights are those of one process."""
        return replace(self, devices="cpu") if are_ranks(self.devices) else self
