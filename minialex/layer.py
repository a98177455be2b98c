"""Layer: a differentiable function with its parameters. Communications, losses and whole nets are layers too.

`y = layer.forward(x)` computes; `dx = layer.backward(dy)` takes the gradient of the loss with respect to `y`, returns
that with respect to `x`, and stores those with respect to the parameters in `layer.grads`.
"""

from collections.abc import Callable, Iterator
from typing import Any, Self

import numpy as np

from minialex.checks import check_batch, check_kinds, described, expected
from minialex.convenience import Convenience
from minialex.devices import Device, host


class Layer(Convenience):
    """A differentiable function: one value in, one value out.

    A subclass calls `super().__init__()`, fills `params`, and defines `forward`, `backward` and, where the shape
    changes, `output_shape`. `backward` assigns `grads`, never writes into `dy`, and returns a `dx` of its own.

    A net is a tree of layers, and there are four ways through it:

        walk              every layer, containers included, with its name's prefix
        parameters        every parameter, with its full name ("conv1.W")
        flow              single layers in the order of forward, each with the shape of its input
        each_parameter    calls a function with every trainable parameter, its device made current: for update rules
    """

    rng: np.random.Generator | None = None  # of a layer that draws random numbers

    def __init__(self) -> None:
        self.name = type(self).__name__  # a container renames its layers: conv1, upper.a.conv3, ...
        self.layers: dict[str, Layer] = {}  # a container's, in order; empty in a single layer
        self.params: dict = {}
        self.grads: dict = {}
        self.buffers: dict = {}  # kept and moved like params, but computed in forward, not learned: running means
        self.device: Device = host
        self.training = True
        self.trainable = True  # False freezes the parameters, here and in every layer inside: no update changes them
        self.input_gradient = True  # False where x is the images: their gradient is not needed
        self._remembered: tuple | None = None
        self._y_shape: tuple | None = None  # set by `accept`

    # -- what a subclass defines ------------------------------------------------------------------------------

    def forward(self, x):
        raise NotImplementedError(f"{self.name} does not define forward")

    def backward(self, dy):
        raise NotImplementedError(f"{self.name} does not define backward")

    def output_shape(self, shape: tuple) -> tuple:
        """Return the shape of `y` for an `x` of this shape, both without the batch axis."""
        return tuple(shape)

    def multiply_adds(self, shape: tuple) -> int:
        """Return the multiplications by a weight that one `x` of this shape costs."""
        return 0

    # -- what forward and backward call -----------------------------------------------------------------------

    def accept(self, x) -> tuple:
        """Check the input `x` and return the output's shape, batch axis included. Optional, for better errors."""
        check_batch(self.label, x, self.device)
        self._y_shape = (x.shape[0], *self.output_shape(x.shape[1:]))
        return self._y_shape

    def remember(self, *values) -> None:
        """Keep what backward will need."""
        self._remembered = values

    def recall(self, *dy):
        """Return what forward remembered (one value as itself, several as a tuple), once.

        With `dy`, check that it is shaped as the output that `accept` has computed; without `accept` any dy is taken.
        """
        if self._remembered is None:
            missing = "backward came without a forward before it; call forward first, and once for each backward"
            raise RuntimeError(f"{self.label}: {missing}; forward itself calls self.remember(...)")
        shape = self._y_shape
        if dy and shape and described(dy[0]) not in (f"float32 {shape}", f"float64 {shape}"):
            advice = "pass the gradient of the loss with respect to y"
            raise self.expected(f"dy as y, float32 {shape}", described(dy[0]), advice)
        values, self._remembered = self._remembered, None
        return values[0] if len(values) == 1 else values

    def expected(self, what: str, got, advice: str) -> ValueError:
        """Return the error that names this layer, and says what was expected, what was given and what to do."""
        return expected(self.label, what, got, advice)

    # -- the tree of layers -----------------------------------------------------------------------------------

    def walk(self, prefix: str = "") -> Iterator[tuple[str, "Layer"]]:
        """Yield this layer and all inside it, each with the prefix of its parameters' full names ("conv1.")."""
        yield prefix, self
        for name, layer in self.layers.items():
            yield from layer.walk(f"{prefix}{name}.")

    def parameters(self) -> Iterator[tuple[str, "Layer", str]]:
        """Yield each parameter's full name, its layer, and its key in the layer's `params` and `grads`."""
        for prefix, layer in self.walk():
            for key in layer.params:
                yield prefix + key, layer, key

    def flow(self, shape: tuple, prefix: str = "") -> Iterator[tuple[str, "Layer", tuple]]:
        """Yield the single layers in the order of forward, each with its prefix and its input's shape."""
        yield prefix, self, shape

    def each_parameter(self, visit: Callable, prefix: str = "") -> None:
        """Call `visit(full name, layer, key)` for every parameter that is trainable, its device made current."""
        if self.trainable:
            for key in self.params:
                visit(prefix + key, self, key)

    def outputs(self, x, prefix: str = "") -> Iterator[tuple[str, Any]]:
        """Compute forward and yield every single layer's name and output on the way; the last one is forward's."""
        yield prefix.removesuffix(".") or self.name, self.forward(x)

    def train(self) -> Self:
        """Set training mode here and in every layer inside (it matters to dropout)."""
        for _, layer in self.walk():
            layer.training = True
        return self

    def eval(self) -> Self:
        """Set evaluation mode here and in every layer inside."""
        for _, layer in self.walk():
            layer.training = False
        return self

    def to(self, device: Device) -> Self:
        """Move the parameters and gradients, here and in every layer inside, to a device."""
        check_kinds(self.label, Device, "pass minialex.host, Host(...) or Cuda(...)", device=device)
        for _, layer in self.walk():
            layer._move(device)
        return self

    def _move(self, device: Device) -> None:
        self.device, self._remembered = device, None
        for arrays in (self.params, self.grads, self.buffers):
            arrays.update({key: device.put(value) for key, value in arrays.items()})

    def astype(self, dtype) -> Self:
        """Convert the parameters and gradients, here and in every layer inside ("float64" for gradient checks)."""
        if getattr(dtype, "__name__", str(dtype)) not in ("float32", "float64"):
            raise self.expected("float32 or float64", repr(dtype), 'pass "float32" or "float64"')
        for _, layer in self.walk():
            for arrays in (layer.params, layer.grads, layer.buffers):
                arrays.update({key: layer.device.astype(value, dtype) for key, value in arrays.items()})
        return self

    def state(self) -> dict[str, np.ndarray]:
        """Return a copy of every parameter and buffer that is here, in main memory, under its full name."""
        here = ((name, arrays[key]) for name, layer, arrays, key in self._kept() if layer.device.here)
        return {name: np.array(host.put(value)) for name, value in here}

    def _kept(self) -> Iterator[tuple[str, "Layer", dict, str]]:
        """Yield each parameter and buffer: its full name, its layer, the dict that holds it, and its key there."""
        for prefix, layer in self.walk():
            for arrays in (layer.params, layer.buffers):
                for key in arrays:
                    yield prefix + key, layer, arrays, key

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Set every parameter and buffer from `state`, once all names, shapes and dtypes have been found to fit."""
        advice = "use a state of the same net"
        check_kinds(self.label, dict, "pass what state() returns", state=state)
        names = {name for name, *_ in self._kept()}
        if missing := names - state.keys():
            raise self.expected(f"a state with {sorted(missing)}", sorted(state), advice)
        if extra := state.keys() - names:
            raise self.expected(f"a state with {sorted(names)} only", sorted(extra), advice)
        for name, _, arrays, key in self._kept():
            if described(arrays[key]) != described(state[name]):
                raise self.expected(f"{name} to be {described(arrays[key])}", described(state[name]), advice)
        for name, layer, arrays, key in self._kept():
            arrays[key] = layer.device.put(np.array(state[name]))
