"""An average of the weights over the steps of a training: a variant, not in AlexNet.

Weights that are the mean of many steps err less than those of the last step, as long as the rate is not small.
`fit(..., average=WeightAverage(0.99))` trains with the one and evaluates with the other.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial

import numpy as np

from minialex.checks import check_flags, check_numbers, expected
from minialex.devices import host
from minialex.layer import Layer


class WeightAverage:
    """A variant, not in AlexNet: the exponential moving average of the weights, for validation and for the test.

        mean <- d * mean + (1 - d) * w   after every step,   d = min(decay, (1 + step) / (10 + step))

    While `fit` trains, the net holds w and this object the mean; between epochs it is the other way round. The running
    means of batch normalization are averaged as well; frozen layers are not.

    Args:   decay, 0 <= decay < 1: the mean is over about 1 / (1 - decay) steps, over fewer in the beginning.
    Errors: ValueError for another decay, or a state that is not the net's.
    Source: B. Polyak and A. Juditsky, "Acceleration of Stochastic Approximation by Averaging" (1992).
    """

    def __init__(self, decay: float = 0.99):
        check_numbers(type(self).__name__, 0, 1, decay=decay)
        self.decay = decay
        self.step, self.steps, self.is_training = 0, 0, False
        self.kept: dict = {}  # while training the means, between epochs w; by full names

    @contextmanager
    def training(self, net: Layer, done: int, steps: int, begun: bool = False) -> Iterator[Callable[[], None]]:
        """Give the net its own weights and yield what is to be called after each step; then give it the averages.

        Args:   done, steps taken, of `steps` in the whole training; begun, whether a resumed run had begun the epoch.
        """
        self.step, self.steps = done, steps
        if begun or self.is_training:
            each_array(net, self._place)
        else:
            self._begin(net)
            self.is_training = True
        yield partial(self._after_step, net)
        if self.is_training:
            self._end(net)
        self.is_training = False

    def _begin(self, net: Layer) -> None:
        each_array(net, self._exchange if self.kept else self._copy)

    def _after_step(self, net: Layer) -> None:
        self.step += 1
        self._average(net, min(self.decay, (1 + self.step) / (10 + self.step)))

    def _end(self, net: Layer) -> None:
        each_array(net, self._exchange)

    def _average(self, net: Layer, decay: float) -> None:
        def visit(name: str, layer: Layer, arrays: dict, key: str) -> None:
            self.kept[name] += (1 - decay) * (arrays[key] - self.kept[name])  # equal values keep their bits

        each_array(net, visit)

    def _copy(self, name: str, layer: Layer, arrays: dict, key: str) -> None:
        self.kept[name] = arrays[key] * 1

    def _place(self, name: str, layer: Layer, arrays: dict, key: str) -> None:
        if self.kept:
            self._check(name, arrays, key)
            self.kept[name] = layer.device.put(self.kept[name])

    def _exchange(self, name: str, layer: Layer, arrays: dict, key: str) -> None:
        self._check(name, arrays, key)
        arrays[key], self.kept[name] = layer.device.put(self.kept[name]), arrays[key]

    def _check(self, name: str, arrays: dict, key: str) -> None:
        got = tuple(np.shape(self.kept[name])) if name in self.kept else "none"
        if got != tuple(arrays[key].shape):
            what = f"{name} of shape {tuple(arrays[key].shape)}"
            raise expected(type(self).__name__, what, got, "use a state of the same net")

    def state(self) -> dict[str, np.ndarray]:
        """Return a copy of what the net does not hold, by full names: w between epochs, while training the means."""
        return {name: np.array(host.put(w)) for name, w in self.kept.items()}

    def load_state(self, state: dict[str, np.ndarray], is_training: bool = False) -> None:
        """Set what the net does not hold, as `state` returned it; ValueError for the state of another average."""
        check_flags(type(self).__name__, is_training=is_training)
        self._check_state(state, is_training)
        self.is_training = is_training
        self.kept = {name: np.array(w) for name, w in state.items()}

    def _check_state(self, state: dict[str, np.ndarray], is_training: bool) -> None:
        if not state:
            raise expected(type(self).__name__, "the weights that training continues with", "none", "use its own state")


def each_array(net: Layer, visit: Callable[[str, Layer, dict, str], None]) -> None:
    """Call `visit(full name, layer, its params or buffers, key)` for all that training changes."""

    def with_buffers(name: str, layer: Layer, key: str) -> None:
        visit(name, layer, layer.params, key)
        if key == next(iter(layer.params)):  # once a layer
            for other in layer.buffers:
                visit(name.removesuffix(key) + other, layer, layer.buffers, other)

    net.each_parameter(with_buffers)


def training_with(
    average: WeightAverage | None, net: Layer, done: int, steps: int, begun: bool
) -> AbstractContextManager[Callable[[], None]]:
    """Return the context of an epoch's training: that of the average, or one that does nothing where there is none."""
    return average.training(net, done, steps, begun) if average else nullcontext(lambda: None)
