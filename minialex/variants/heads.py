"""Several outputs for the same features."""

from minialex.variants.branches import Parallel


class Heads(Parallel):
    """A variant, not in AlexNet: several outputs for the same features, a class and a box, say.

        y = (a(x), b(x), ...)            dx = a.backward(dy[0]) + b.backward(dy[1]) + ...

    Shapes: one array -> a tuple of arrays, one a head; backward reads such a tuple.
    """

    def output_shape(self, shape: tuple) -> tuple:
        return tuple(self._shapes(shape))

    def forward(self, x):
        return tuple(self._forward(x))

    def backward(self, dys):
        if not isinstance(dys, tuple) or len(dys) != len(self.layers):
            got = f"{len(dys)}" if isinstance(dys, tuple) else "one array"
            raise self.expected(f"a tuple of {len(self.layers)} gradients, one a head", got, "pass one for each head")
        return self._backward(dys)
