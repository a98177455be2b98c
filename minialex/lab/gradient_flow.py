"""Nets of growing depth, and what becomes of the gradient on its way from the output down to the first layer.

Going down, the gradient is multiplied by each unit's derivative and by each layer's weights in turn. Both factors are
measured apart: which of them makes it vanish, or explode?
"""

from collections.abc import Callable

import numpy as np

from minialex.devices import host
from minialex.kits import complete
from minialex.lab.units import saturated
from minialex.layer import Layer
from minialex.layers import SoftmaxCrossEntropy
from minialex.sequential import Sequential
from minialex.variants import Residual

WIDTH = 128


def chain(
    *, unit: Callable[[], Layer], depth: int, weights: str | float, residual: bool = False,
    rng: np.random.Generator, classes: int, image_size: int, channels: int = 3,
) -> Sequential:  # fmt: skip
    """Build `depth` hidden dense layers of 128 units, and the output layer.

    Args:   weights, "he", "xavier" or the standard deviation of the initial weights; residual, whether each hidden
            layer but the first has a shortcut around it and its unit.
    """
    kit, reads = complete(host.kit, weights), channels * image_size**2
    layers: dict[str, Layer] = {"flatten": kit.Flatten()}
    for i in range(1, depth + 1):
        block: dict[str, Layer] = {f"fc{i}": kit.Dense(reads, WIDTH, rng=rng), f"unit{i}": unit()}
        layers |= {f"block{i}": Residual(Sequential(**block))} if residual and i > 1 else block
        reads = WIDTH
    return Sequential(**layers, output=kit.Dense(WIDTH, classes, rng=rng))


def flow_measures(net: Sequential, x: np.ndarray, labels: np.ndarray) -> dict:
    """Return what one forward and backward show.

    {"gradient": root mean square of the loss's gradient with respect to the output of each hidden layer, the first
    layer first, "unit", "weights": the factor by which a unit and a dense layer between hidden layers multiply it, the
    geometric mean over the net, "zeros", "saturated": shares of the units' outputs}. Without the last four where units
    are inside shortcuts.
    """
    outputs = {}
    for name, layer in net.layers.items():
        x = outputs[name] = layer.forward(x)
    head = SoftmaxCrossEntropy()
    head.forward(x, labels)
    before, after = {}, {}
    dy = head.backward()
    for name, layer in reversed(net.layers.items()):
        before[name] = rms(dy)
        dy = layer.backward(dy)
        after[name] = rms(dy)
    hidden = [name for name in net.layers if name.startswith(("unit", "block"))]
    result = {"gradient": [before[name] for name in hidden]}
    if hidden[-1].startswith("block"):
        return result
    units = {name: net.layers[name] for name in hidden}
    dense = [f"fc{i}" for i in range(2, len(hidden) + 1)]
    return result | {
        "unit": factor(before, after, hidden),
        "weights": factor(before, after, dense),
        "zeros": float(np.mean([np.mean(outputs[name] == 0) for name in units])),
        "saturated": float(np.mean([saturated(outputs[name], unit) for name, unit in units.items()])),
    }


def rms(values: np.ndarray) -> float:
    """Return the root mean square; in float64, whose squares do not become 0."""
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


def factor(before: dict[str, float], after: dict[str, float], names: list[str]) -> float:
    """Return the geometric mean of what these layers multiply the gradient by; 0 where one makes it 0."""
    factors = [after[name] / before[name] if before[name] else 0.0 for name in names]
    return float(np.exp(np.mean(np.log(factors)))) if all(factors) else 0.0
