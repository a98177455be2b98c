"""Convenience in a session, apart from the protocol of a layer: calls, names, text, words of other libraries."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from inspect import Parameter, signature
from typing import Any, ParamSpec, TypeVar

from minialex.checks import did_you_mean, expected
from minialex.printing import layer_text, net_text

P = ParamSpec("P")
R = TypeVar("R")

OUR_WORDS = {  # for the arguments of other libraries; of several, the one that the function has
    "kernel_size": "kernel", "pool_size": "kernel", "window": "kernel n", "size": "n kernel", "depth_radius": "n",
    "filters": "out_channels", "channels": "in_channels", "units": "out_features", "num_classes": "classes",
    "strides": "stride", "padding": "pad", "num_groups": "groups", "ceil_mode": "ceil",
    "stddev": "std", "sigma": "std", "generator": "rng",
    "prob": "p", "probability": "p", "drop_prob": "p", "dropout": "p", "rate": "p lr",
    "learning_rate": "lr", "l2": "weight_decay", "decay": "weight_decay", "milestones": "divide_after",
    "batch_size": "batch", "bs": "batch", "num_epochs": "epochs", "n_epochs": "epochs",
    "optimizer": "sgd", "optim": "sgd", "model": "net", "data": "train", "train_data": "train",
    "validation_data": "val", "val_data": "val", "valid": "val", "validation": "val", "scheduler": "schedule",
    "lr_scheduler": "schedule", "callbacks": "after_epoch", "callback": "after_epoch", "verbose": "progress",
    "criterion": "loss", "loss_fn": "loss", "loss_function": "loss", "label_smoothing": "smoothing",
    "transform": "augment", "color": "colour",
}  # fmt: skip


def our_word(word: str, ours: Iterable[str]) -> str | None:
    """Return which of our names is meant by a word of the field: `pad` by `padding`; None where none is."""
    ours = list(ours)
    known = next((name for name in OUR_WORDS.get(word, "").split() if name in ours), None)
    return known or next(iter(did_you_mean(word, ours).split("'")[1:]), None)


def check_words(function: Callable, owner: str, named: dict) -> None:
    """Check the names of arguments; a word of another library is answered with ours."""
    parameters = signature(function).parameters
    if any(parameter.kind is Parameter.VAR_KEYWORD for parameter in parameters.values()):
        return
    for word in named.keys() - parameters.keys():
        if ours := our_word(word, parameters):
            raise expected(owner, ours, word, f"write {ours}={named[word]!r}", TypeError)


def words_explained(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function, which answers `batch_size=32` with "write batch=32" and is otherwise the same."""

    @wraps(function)
    def checked(*arguments: P.args, **named: P.kwargs) -> R:
        check_words(function, function.__qualname__.removesuffix(".__init__"), named)
        return function(*arguments, **named)

    return checked


class Convenience:
    """The base of Layer: `net(x)`, `net["conv1"]`, `print(net)`, and an error for `layer.trainble = False`."""

    name: str
    layers: dict
    input_mean: Any = None  # what `fit` subtracted from the images, for `evaluate` to do the same
    input_std: Any = None  # ... and divided them by

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "__init__" in vars(cls):
            cls.__init__ = words_explained(cls.__init__)  # type: ignore[method-assign]

    def __call__(self, *x):
        return self.forward(*x)  # type: ignore[attr-defined]

    def __getitem__(self, name: str):
        """Return the layer of that name inside this one: net["conv1"], net["lower.a.conv1"]."""
        layer = self
        for part in str(name).split("."):
            if part not in layer.layers:
                what = f"one of {', '.join(layer.layers)}" if layer.layers else "no layers inside it"
                advice = did_you_mean(part, layer.layers) or "check the name"
                raise expected(layer.label, what, repr(part), advice, KeyError)
            layer = layer.layers[part]
        return layer

    @property
    def label(self) -> str:
        """The name in error messages: "conv1 (Conv2D)"."""
        kind = type(self).__name__
        return self.name if self.name == kind else f"{self.name} ({kind})"

    def rows(self, n: int) -> slice:
        """Return which of a batch's n images this process reads: all, unless the first layer says otherwise."""
        first = next(iter(self.layers.values()), None)
        return slice(0, n) if first is None else first.rows(n)

    def __repr__(self) -> str:
        return net_text(self) if self.layers else layer_text(self)

    def __setattr__(self, name: str, value) -> None:
        """Set an attribute; a new one only in the layer's own methods: a misspelled flag would change nothing."""
        if not hasattr(self, name) and sys._getframe(1).f_locals.get("self") is not self:
            hint = did_you_mean(name, vars(self)) or "set new attributes in the layer's own methods"
            raise expected(self.label, "an attribute that it has", repr(name), hint, AttributeError)
        super().__setattr__(name, value)


def names_of(layers: tuple) -> Iterator[str]:
    """Yield conv1, relu1, conv2, ...: the kind of each layer, and the how many-th of its kind it is."""
    count: Counter = Counter()
    for layer in layers:
        kind = type(layer).__name__.lower().removesuffix("2d")
        count[kind] += 1
        yield f"{kind}{count[kind]}"
