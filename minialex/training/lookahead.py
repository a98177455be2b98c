"""Lookahead: an average of the weights that training goes on from."""

import numpy as np

from minialex.checks import check_integers, check_numbers, expected
from minialex.layer import Layer
from minialex.training.averaging import WeightAverage, each_array


class Lookahead(WeightAverage):
    """A variant, not in AlexNet: every few steps the weights are set to their moving average, and go on from there.

        every k steps:   mean <- d * mean + (1 - d) * w,   w <- mean,   d = decay**k * (step / steps)**3

    At the end of an epoch w is set to the mean too: the net is all that training continues with.

    Args:   decay; every, k steps; start, the share of the training after which it begins.
    Errors: ValueError for numbers out of range.
    Source: M. Zhang et al., "Lookahead Optimizer: k steps forward, 1 step back" (2019); the growing d by K. Jordan,
            "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (2024).
    """

    def __init__(self, decay: float = 0.95, *, every: int = 5, start: float = 0.3):
        super().__init__(decay)
        check_integers("Lookahead", every=every)
        check_numbers("Lookahead", 0, 1, start=start)
        self.every, self.start = every, start

    def _begin(self, net: Layer) -> None:
        if self.step >= self.start * self.steps:
            each_array(net, self._copy)

    def _after_step(self, net: Layer) -> None:
        self.step += 1
        if self.step % self.every or self.step < self.start * self.steps:
            return
        if not self.kept:
            each_array(net, self._copy)
        self._average(net, self.decay**self.every * (self.step / self.steps) ** 3)
        each_array(net, self._set)

    def _end(self, net: Layer) -> None:
        if self.kept:
            each_array(net, self._set)
            self.kept = {}

    def _set(self, name: str, layer: Layer, arrays: dict, key: str) -> None:
        arrays[key] = self.kept[name] * 1

    def _check_state(self, state: dict[str, np.ndarray], is_training: bool) -> None:
        if state and not is_training:  # between epochs w is the mean
            raise expected("Lookahead", "no weights beside those of the net", sorted(state), "use a state of its own")
