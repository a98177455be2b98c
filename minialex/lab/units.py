"""Units of section 3.1, for the experiments that compare them; which outputs are saturated; no unit at all."""

import numpy as np

from minialex.lab.frame.net import KIT
from minialex.layer import Layer

UNITS = {"ReLU": KIT.ReLU, "tanh": KIT.Tanh, "sigmoid": KIT.Sigmoid}
SATURATED = 0.1  # a derivative below this part of its maximum


class Identity(Layer):
    """No unit: layers with nothing between them are together one linear map.

        y = x            dx = dy

    Shapes: any; y and dx as x.
    """

    def forward(self, x):
        self.accept(x)
        self.remember(None)
        return self.device.xp.positive(x)

    def backward(self, dy):
        self.recall(dy)
        return self.device.xp.positive(dy)


def slope_at(y: np.ndarray, unit: Layer) -> np.ndarray:
    """Return the derivative of a unit where its output is y, as a part of its maximum: 1, and 1/4 for the sigmoid.

    tanh: 1 - y**2;   sigmoid: 4 y (1 - y);   ReLU: 1 where y > 0, else 0;   no unit: 1
    """
    if isinstance(unit, KIT.Tanh):
        return 1 - y * y
    if isinstance(unit, KIT.Sigmoid):
        return 4 * y * (1 - y)
    return np.ones_like(y) if isinstance(unit, Identity) else (y > 0).astype(y.dtype)


def saturated(y: np.ndarray, unit: Layer) -> float:
    """Return the share of outputs at which the derivative is below a tenth of its maximum: |tanh| > 0.949."""
    return float(np.mean(slope_at(y, unit) < SATURATED))


def unit_curves() -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Return x, y and the derivative of each unit, as its forward and backward compute them, for a picture."""
    x = np.linspace(-6, 6, 481)[None, :]
    curves = {}
    for name, make in UNITS.items():
        unit = make()
        curves[name] = (x[0], unit.forward(x)[0], unit.backward(np.ones_like(x))[0])
    return curves
