"""Convenience in a session, apart from the protocol of a layer: calls, names, text, misspelled attributes."""

import sys
from typing import Any

from minialex.checks import did_you_mean, expected
from minialex.printing import layer_text, net_text


class Convenience:
    """The base of Layer: `net(x)`, `net["conv1"]`, `print(net)`, and an error for `layer.trainble = False`."""

    name: str
    layers: dict
    input_mean: Any = None  # what `fit` subtracted from the images, for `evaluate` to do the same
    input_std: Any = None  # ... and divided them by

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

    def __repr__(self) -> str:
        return net_text(self) if self.layers else layer_text(self)

    def __setattr__(self, name: str, value) -> None:
        """Set an attribute; a new one only in the layer's own methods: a misspelled flag would change nothing."""
        if not hasattr(self, name) and sys._getframe(1).f_locals.get("self") is not self:
            hint = did_you_mean(name, vars(self)) or "set new attributes in the layer's own methods"
            raise expected(self.label, "an attribute that it has", repr(name), hint, AttributeError)
        super().__setattr__(name, value)
