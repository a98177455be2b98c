"""Dropout."""

from numpy.random import Generator

from minialex.checks import check_flags, check_numbers, check_rng
from minialex.layer import Layer


class Dropout(Layer):
    """Dropout (section 4.2): each unit is set to zero with probability p, anew for every image.

        training:    y = x * mask,             mask = 0 with probability p, else 1
        evaluation:  y = x * (1 - p),          the mean over all masks

    inverted=True, as in later libraries, divides by 1 - p in training instead, and leaves evaluation alone.

    Shapes: any; y and dx as x.
    Args:   p, probability of dropping a unit, 0 <= p < 1.
    Errors: ValueError if p is outside that range.
    Source: section 4.2, p = 0.5 in fc6 and fc7; the 2012 source does the same.
    """

    rng: Generator

    def __init__(self, p: float = 0.5, *, inverted: bool = False, rng: Generator):
        super().__init__()
        check_numbers(self.label, 0, 1, p=p)
        check_flags(self.label, inverted=inverted)
        check_rng(self.label, rng)
        self.p, self.inverted, self.rng = float(p), inverted, rng

    def forward(self, x):
        self.accept(x)
        keep, scale = None, 1.0 if self.inverted else 1 - self.p
        if self.training:
            # Drawn on the host, so that a run on a GPU drops the same units as a run on the host.
            keep = self.device.put(self.rng.random(x.shape, dtype="float32") >= self.p)
            scale = 1 / (1 - self.p) if self.inverted else 1.0
        self.remember(keep, scale)
        return self._masked(x, keep, scale)

    def backward(self, dy):
        return self._masked(dy, *self.recall(dy))

    def _masked(self, x, keep, scale: float):
        y = x * scale
        return y if keep is None else self.device.xp.where(keep, y, 0.0)
