"""Muon, a variant that is not in AlexNet: steps along orthogonalized gradients."""

from collections.abc import Sequence

import numpy as np

from minialex.checks import check_flags, check_integers, check_kinds, check_numbers, expected
from minialex.devices import host
from minialex.layer import Layer
from minialex.training.overflow import watched
from minialex.training.per_layer import PerLayer, check_layer_names, concerns
from minialex.training.sgd import SGD

COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of the quintic; steep at 0, so that small singular values grow fast


def orthogonalized(xp, G, steps: int = 5):
    """Return a matrix with the singular vectors of G and singular values near 1, by products alone.

        X = G / |G|,   then `steps` times   X <- a * X + b * (X @ X.T) @ X + c * (X @ X.T)**2 @ X

    Each step changes every singular value s to a * s + b * s**3 + c * s**5. Those of 0.2 % of |G| and more lie between
    0.68 and 1.21 after five steps; they do not converge to 1, and need not. U @ V.T of the singular value decomposition
    has them at 1, for many times the work.

    Source: K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024): name, use, coefficients;
            the iteration is that of Z. Kovarik (1970) and A. Björck and C. Bowie (1971).
    """
    a, b, c = COEFFICIENTS
    X = G / (xp.sqrt(xp.sum(G * G)) + 1e-7)
    if is_tall := G.shape[0] > G.shape[1]:
        X = xp.matrix_transpose(X)  # X @ X.T is then the smaller one
    for _ in range(steps):
        A = X @ xp.matrix_transpose(X)
        X = a * X + (b * A + c * (A @ A)) @ X
    return xp.matrix_transpose(X) if is_tall else X


def descend_along(W, step, lr: float, decay: float) -> None:
    """Update W in place: W <- W - lr * (step + decay * W)."""
    W -= lr * (step + decay * W)


class Muon(SGD):
    """Muon, not in AlexNet: momentum whose step is orthogonalized, for convolutions and dense layers (2024).

        v <- momentum * v + gradient,   u = gradient + momentum * v,   W <- W - lr * (orthogonalized(u) + decay * W)

    W and u are matrices with a row for each kernel or unit. What is no such matrix (biases, normalizations), and the
    layers in `others`, are updated as `SGD` does, at rates of their own.

    Args:   lr, of matrices; others, names of layers (None: the last one, whose rows are classes); others_lr, of other
            weights (None: lr); bias_lr, of biases; unit_kernels, whether kernels are scaled to a norm of 1 on average
            before each step, for layers that batch normalization follows; steps, of the orthogonalization; nesterov,
            False: u = v; the others as in `SGD`.
    Source: K. Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024).
    """

    def __init__(
        self, net: Layer, lr: float = 0.02, momentum: float = 0.95, weight_decay: PerLayer = 0.0,
        bias_lr: float | None = None, bias_decay: float | None = None, *, others: Sequence[str] | None = None,
        others_lr: float | None = None, unit_kernels: bool = False, steps: int = 5, nesterov: bool = True, **options,
    ):  # fmt: skip
        super().__init__(net, lr, momentum, weight_decay, bias_lr, bias_decay, nesterov=nesterov, **options)
        self.others_lr = lr if others_lr is None else others_lr
        check_integers("Muon", steps=steps)
        check_numbers("Muon", 0, float("inf"), others_lr=self.others_lr)
        check_flags("Muon", unit_kernels=unit_kernels)
        check_kinds("Muon", list | tuple | None, "pass names of layers", others=others)
        check_layer_names("Muon", "others to be names of layers", others or (), net)
        self.others = (
            [name.rpartition(".")[0] for name, *_ in net.parameters()][-1:] if others is None else list(others)
        )
        self.unit_kernels, self.steps = unit_kernels, steps
        self.momenta: dict = {}  # v of the matrices; `velocity` has those of all others

    def _is_matrix(self, name: str, layer: Layer, key: str) -> bool:
        owner = name.removesuffix(f".{key}")
        return layer.params[key].ndim in (2, 4) and not any(concerns(other, owner) for other in self.others)

    def _update(self, name: str, layer: Layer, key: str) -> None:
        W, gradient = layer.params[key], layer.grads.get(key)
        if gradient is None or not self._is_matrix(name, layer, key):
            super()._update(name, layer, key)
            return
        xp = layer.device.xp
        if name not in self.momenta or self.momenta[name].shape != W.shape:  # of a new layer
            self.momenta[name] = layer.device.put(W * 0)
        v = self.momenta[name]
        v *= self.momentum
        v += gradient
        u = gradient + self.momentum * v if self.nesterov else v
        if self.unit_kernels:
            W *= (W.shape[0] / (xp.sum(W * W) + 1e-12)) ** 0.5
        step = xp.reshape(orthogonalized(xp, xp.reshape(u, (W.shape[0], -1)), self.steps), W.shape)
        watched(descend_along, name, xp, self.suspects)(W, step, self._rate(name), self._decay(name))

    def _rate(self, name: str) -> float:
        is_other_weight = name not in self.momenta and not name.endswith(".b")
        return super()._rate(name) * (self.others_lr / self.lr if is_other_weight else 1.0)

    def state(self) -> dict[str, np.ndarray]:
        """Return a copy of all momenta, in main memory: `momenta/conv1.W` of a matrix, `conv1.b` of the others."""
        return super().state() | {f"momenta/{name}": np.array(host.put(v)) for name, v in self.momenta.items()}

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Set all momenta, each on the device of its parameter.

        Errors: ValueError for a state of another rule: Muon's v has no rate in it, SGD's has.
        """
        matrices = {name.removeprefix("momenta/"): v for name, v in state.items() if name.startswith("momenta/")}
        others = {name: v for name, v in state.items() if not name.startswith("momenta/")}
        if wrong := [one[0] for one in self.net.parameters() if self._is_matrix(*one) and one[0] in others]:
            raise expected("Muon", f"momenta/{wrong[0]}", wrong[0], "use a state that Muon has made")
        super().load_state(matrices)
        self.momenta = self.velocity
        super().load_state(others)
