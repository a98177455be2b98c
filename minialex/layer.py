"""Layer: a differentiable function with its parameters.

`y = layer.forward(x)` computes; `dx = layer.backward(dy)` turns the loss's gradient by `y` into its gradient by `x`,
and leaves the gradients by the parameters in `layer.grads`. Everything in this library is a Layer, whole nets too.
"""

from collections.abc import Callable, Iterator
from numbers import Integral, Real
from typing import Any, Self

import numpy as np

from minialex.devices import Device, host


class Layer:
    """A differentiable function: one value in, one value out.

    A subclass calls `super().__init__()`, fills `params`, and defines `forward`, `backward` and, where the shape
    changes, `output_shape`. `backward` assigns `grads`, never writes into `dy`, and returns a `dx` of its own.
    """

    rng: np.random.Generator | None = None  # of a layer that draws

    def __init__(self) -> None:
        self.name = type(self).__name__  # a container renames its layers: conv1, upper.a.conv3, ...
        self.layers: dict[str, Layer] = {}  # a container's, in order; empty in a single layer
        self.params: dict = {}
        self.grads: dict = {}
        self.device: Device = host
        self.training = True
        self.input_gradient = True  # False where x is the images: nobody asks for their gradient
        self._remembered: tuple | None = None
        self._y_shape: tuple | None = None  # of the last input that was accepted

    # -- what a subclass defines ------------------------------------------------------------------------------

    def forward(self, x):
        raise NotImplementedError(f"{self.name} does not define forward")

    def backward(self, dy):
        raise NotImplementedError(f"{self.name} does not define backward")

    def output_shape(self, shape: tuple) -> tuple:
        """The shape of `y` for an `x` of this shape, both without the batch axis."""
        return tuple(shape)

    def multiply_adds(self, shape: tuple) -> int:
        """Multiplications by a weight that one `x` of this shape costs."""
        return 0

    def outputs(self, x) -> Iterator[tuple[str, Any]]:
        """The forward pass layer by layer, to look inside: each one's name and output."""
        yield self.name, self.forward(x)

    # -- between forward and backward -------------------------------------------------------------------------

    def remember(self, *values) -> None:
        """Keeps what backward will need."""
        self._remembered = values

    def recall(self, dy=None):
        """What forward remembered (one value as itself, several as a tuple), once; checks that `dy` is shaped as y."""
        if self._remembered is None:
            raise RuntimeError(
                f"{self.label}: backward came without a forward before it; "
                "call forward first, and once for each backward"
            )
        if dy is not None and described(dy) not in (f"float32 {self._y_shape}", f"float64 {self._y_shape}"):
            raise self.expected(f"dy as y, float32 {self._y_shape}", described(dy), "pass the loss's gradient by y")
        values, self._remembered = self._remembered, None
        return values[0] if len(values) == 1 else values

    # -- checks, whose errors name the layer ------------------------------------------------------------------

    @property
    def label(self) -> str:
        kind = type(self).__name__
        return self.name if self.name == kind else f"{self.name} ({kind})"

    def expected(self, what: str, came, advice: str) -> ValueError:
        """The error for a wrong argument or input: what was expected, what came, what to do."""
        return ValueError(f"{self.label}: expected {what}, got {came}; {advice}")

    def accept(self, x) -> tuple:
        """Checks the input `x` and returns the output's shape, batch axis included."""
        if isinstance(x, tuple):
            came = f"{len(x)} of them, one a group"
            raise self.expected("one array", came, "put a Gather before it: a communication is missing")
        dtype = str(getattr(x, "dtype", type(x).__name__)).split(".")[-1]
        if dtype not in ("float32", "float64"):
            raise self.expected("an array of float32 or float64", dtype, 'convert with x.astype("float32")')
        if len(x.shape) < 2:
            raise self.expected("a batch, (N, C, H, W) or (N, F)", f"shape {x.shape}", "add the batch axis N")
        if x.shape[0] == 0:
            raise self.expected("at least one image", f"shape {x.shape}", "leave empty batches out")
        if not self.device.holds(x):
            raise self.expected(f"an array on {self.device}", "one that is elsewhere", "bring it with device.put(x)")
        self._y_shape = (x.shape[0], *self.output_shape(x.shape[1:]))
        return self._y_shape

    def images(self, shape: tuple, channels: int | None = None) -> tuple[int, int, int]:
        """Checks that `shape` is (C, H, W), with as many channels as expected where that is given."""
        if len(shape) != 3:
            raise self.expected("images (N, C, H, W)", f"(N, {', '.join(map(str, shape))})", "reshape the input")
        if channels not in (None, shape[0]):
            raise self.expected(
                f"{channels} channels", f"{shape[0]} in (C, H, W) = {tuple(shape)}", "check the layer before it"
            )
        return shape

    def check_positive(self, **numbers) -> None:
        """Checks that the arguments are whole numbers from 1."""
        for name, number in numbers.items():
            if not whole(number, least=1):
                raise self.expected(f"{name} to be a whole number from 1", repr(number), f"change {name}")

    def check_rng(self, rng) -> None:
        """Checks that the source of random numbers is a Generator: nothing here draws from a global state."""
        if not isinstance(rng, np.random.Generator):
            raise self.expected("rng to be a numpy.random.Generator", repr(rng), "pass rng=numpy.random.default_rng(0)")

    def check_between(self, low: float, high: float, **numbers) -> None:
        """Checks that the arguments are numbers, low <= number < high."""
        for name, number in numbers.items():
            if not (isinstance(number, Real) and low <= float(number) < high):
                raise self.expected(f"{name} to be a number, {low:g} <= {name} < {high:g}", repr(number), "change it")

    # -- the whole tree of layers -----------------------------------------------------------------------------

    def walk(self, prefix: str = "") -> Iterator[tuple[str, "Layer"]]:
        """This layer and all inside it, each with the prefix of its parameters' full names ("conv1.")."""
        yield prefix, self
        for name, layer in self.layers.items():
            yield from layer.walk(f"{prefix}{name}.")

    def flow(self, shape: tuple, prefix: str = "") -> Iterator[tuple[str, "Layer", tuple]]:
        """The single layers in the order of forward, each with its prefix and its input's shape."""
        yield prefix, self, shape

    def update(self, rule: Callable, prefix: str = "") -> None:
        """Calls `rule(full name, parameter, gradient)` for every parameter, where the parameter lives."""
        for key, parameter in self.params.items():
            rule(prefix + key, parameter, self.grads.get(key))

    def train(self) -> Self:
        """Sets training mode here and in every layer inside (it matters to dropout)."""
        for _, layer in self.walk():
            layer.training = True
        return self

    def eval(self) -> Self:
        """Sets evaluation mode here and in every layer inside."""
        for _, layer in self.walk():
            layer.training = False
        return self

    def to(self, device: Device) -> Self:
        """Moves the parameters and gradients, here and in every layer inside, to a device."""
        for _, layer in self.walk():
            layer._move(device)
        return self

    def _move(self, device: Device) -> None:
        self.device, self._remembered = device, None
        for arrays in (self.params, self.grads):
            arrays.update({key: device.put(value) for key, value in arrays.items()})

    def astype(self, dtype) -> Self:
        """Converts the parameters and gradients, here and in every layer inside ("float64" for gradient checks)."""
        for _, layer in self.walk():
            for arrays in (layer.params, layer.grads):
                arrays.update({key: value.astype(dtype) for key, value in arrays.items()})
        return self

    def state(self) -> dict[str, np.ndarray]:
        """A copy of every parameter, in main memory, under its full name ("conv1.W")."""
        return {
            prefix + key: np.array(host.put(value))
            for prefix, layer in self.walk()
            for key, value in layer.params.items()
        }

    def load_state(self, state: dict[str, np.ndarray]) -> None:
        """Sets every parameter from `state`, once all names, shapes and dtypes have been found to fit."""
        ours = {
            prefix + key: (layer, key, value) for prefix, layer in self.walk() for key, value in layer.params.items()
        }
        if missing := ours.keys() - state.keys():
            raise self.expected(f"a state with {sorted(missing)}", sorted(state), "use a state of the same net")
        if extra := state.keys() - ours.keys():
            raise self.expected(f"a state with {sorted(ours)} only", sorted(extra), "use a state of the same net")
        for name, (_, _, value) in ours.items():
            wanted, came = described(value), described(state[name])
            if wanted != came:
                raise self.expected(f"{name} to be {wanted}", came, "use a state of the same net")
        for name, (layer, key, _) in ours.items():
            layer.params[key] = layer.device.put(np.array(state[name]))


def whole(number, *, least: int) -> bool:
    """Whether this is a whole number from `least` (True and False are none)."""
    return isinstance(number, Integral) and not isinstance(number, bool) and int(number) >= least


def described(array) -> str:
    """An array's dtype and shape, or what came in its place."""
    if not hasattr(array, "dtype"):
        return f"a {type(array).__name__}"
    return f"{str(array.dtype).split('.')[-1]} {tuple(array.shape)}"
