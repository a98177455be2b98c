"""The file that `minialex new-layer` writes: a layer that works, to be changed into another."""

TEMPLATE = '''\
"""{name}: a layer of my own.

    minialex gradcheck {file}        check its gradients and its forward values
    python -m pytest {file}          the same as tests
"""

import numpy as np

from minialex import Layer, check_gradients


class {name}(Layer):
    """The square of each feature, scaled.

        y[n, f] = s[f] * x[n, f]**2
        dx[n, f] = 2 * s[f] * x[n, f] * dy[n, f],   ds[f] = sum over n of x[n, f]**2 * dy[n, f]

    Shapes: (N, F) -> (N, F); s (F,).
    Args:   features, F.
    """

    def __init__(self, features: int):
        super().__init__()
        self.features = features
        self.params["s"] = np.ones(features, dtype="float32")

    def output_shape(self, shape: tuple) -> tuple:
        """Return the shape of y for an x of this shape, both without the batch axis N."""
        if shape != (self.features,):
            what = f"{{self.features}} features"
            raise self.expected(what, f"the shape {{shape}}", "check the layer before it")
        return shape

    def forward(self, x):
        self.accept(x)  # checks x, for better errors
        self.remember(x)  # what backward will need
        return self.params["s"] * x**2

    def backward(self, dy):
        x = self.recall(dy)
        self.grads["s"] = np.sum(x**2 * dy, axis=0)
        return 2 * self.params["s"] * x * dy


def example(rng):
    """Return layers with inputs, for `minialex gradcheck`."""
    by_hand = {name}(3)
    by_hand.params["s"][:] = [2, 0.5, -1]
    return {{
        "by hand": (by_hand, np.array([[1.0, -2.0, 3.0]])),
        "at random": ({name}(4), rng.standard_normal((5, 4))),
    }}


def expected(rng):
    """Return what forward should return for the example that was worked out by hand."""
    return {{"by hand": [[2.0, 2.0, -9.0]]}}


def test_gradients():
    rng = np.random.default_rng(0)
    for layer, x in example(rng).values():
        errors = check_gradients(layer, x, rng=rng)
        assert max(errors.values()) < 1e-6, errors


def test_forward():
    examples = example(np.random.default_rng(0))
    for name, y in expected(np.random.default_rng(0)).items():
        layer, x = examples[name]
        np.testing.assert_allclose(layer.forward(x), y, rtol=1e-6)
'''
