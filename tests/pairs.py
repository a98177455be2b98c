"""Tables of layers to compare with the textbook's in float32, for every kit that is arranged for speed."""

import numpy as np
import pytest

from minialex import layers
from minialex.kits import complete


def close(ours, theirs, tolerance=2e-5):
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    assert np.max(abs(ours - theirs), initial=0) <= tolerance * max(np.max(abs(theirs), initial=0), 1e-30)


# fmt: off
CONVOLUTIONS = [  # in, out, kernel, settings, shape
    (3,  8,  5,  {"pad": 2},                   (7, 3, 9, 11)),
    (16, 6,  5,  {"pad": 2},                   (4, 16, 9, 7)),
    (16, 7,  3,  {"pad": 1},                   (1, 16, 5, 6)),
    (12, 8,  3,  {"pad": (0, 2)},              (3, 12, 6, 5)),
    (12, 8,  3,  {"pad": (3, 1), "groups": 2}, (2, 12, 6, 5)),
    (8,  12, 1,  {"groups": 4},                (2, 8, 5, 5)),
    (64, 10, 2,  {},                           (2, 64, 2, 2)),
    (3,  5,  11, {"stride": 4, "pad": (0, 3)}, (2, 3, 31, 35)),
    (4,  6,  3,  {"stride": 2, "pad": 1, "groups": 2}, (3, 4, 8, 9)),
    (40, 6,  2,  {"stride": 3},                (2, 40, 10, 11)),
    (32, 4,  3,  {"pad": 5},                   (2, 32, 3, 3)),
    (2,  4,  3,  {"pad": 4, "stride": 2},      (2, 2, 3, 4)),
    (16, 64, 3,  {"pad": 1},                   (5, 16, 13, 13)),
    (16, 6,  7,  {"pad": 3},                   (2, 16, 4, 3)),
]
OTHERS = [
    ("ReLU",    (),     {},                             (5, 6, 7, 9)),
    ("ReLU",    (),     {},                             (70, 999)),
    ("MaxPool", (3, 2), {},                             (4, 5, 9, 7)),
    ("MaxPool", (3, 2), {"ceil": True},                 (4, 5, 8, 10)),
    ("MaxPool", (2, 3), {},                             (2, 3, 10, 11)),
    ("MaxPool", (4, 1), {},                             (2, 3, 6, 5)),
    ("MaxPool", (1, 2), {},                             (2, 3, 6, 5)),
    ("MaxPool", (5, 3), {"ceil": True},                 (2, 3, 7, 6)),
    ("AvgPool", (3, 2), {"ceil": True},                 (4, 5, 8, 10)),
    ("AvgPool", (2, 3), {},                             (2, 3, 10, 11)),
    ("AvgPool", (4, 1), {},                             (2, 3, 6, 5)),
    ("LRN",     (),     {"alpha": 0.5},                 (3, 12, 4, 5)),
    ("LRN",     (3,),   {"alpha": 0.5, "groups": 2},    (3, 12, 4, 5)),
    ("LRN",     (1,),   {"alpha": 0.5},                 (2, 3, 4, 5)),
    ("LRN",     (9,),   {"alpha": 0.5, "beta": 0.6},    (2, 4, 3, 2)),
    ("LRN",     (7,),   {"alpha": 0.5, "groups": 3},    (2, 6, 3, 2)),
    ("LRN",     (3,),   {"alpha": 0.5, "across": "space"}, (2, 3, 4, 5)),
    ("BatchNorm", (5,), {},                             (9, 5, 6, 7)),
    ("BatchNorm", (3,), {"eps": 0.5},                   (1, 3, 1, 2)),
    ("BatchNorm", (40,), {},                            (33, 40)),
    ("Local2D", (3, 5, 3, 6), {"pad": 1},               (7, 3, 6, 6)),
    ("Local2D", (2, 4, 5, 6), {"pad": 3},               (4, 2, 6, 6)),
    ("Local2D", (4, 3, 2, 5), {},                       (1, 4, 5, 5)),
    ("Flatten", (),     {},                             (3, 4, 5, 2)),
    ("Flatten", (),     {},                             (3, 8)),
]
# fmt: on
DRAWN = ("Conv2D", "Dense", "Local2D")


def both(kit, kind, *arguments, **settings):
    """Return the layer of a kit and the textbook's, with equal parameters."""
    draws = [{"rng": np.random.default_rng(1), "std": 0.3} if kind in DRAWN else {} for _ in range(2)]
    kits = (kit, complete(layers))
    return [getattr(one, kind)(*arguments, **settings, **d) for one, d in zip(kits, draws, strict=True)]


def pairs(kit):
    """Return the parameters of a test over all tables: the kit's layer, the textbook's, the shape of x."""
    rows = [("Conv2D", row[:3], *row[3:]) for row in CONVOLUTIONS]
    rows += [("Dense", row[:2], {}, (row[2], row[0])) for row in [(7, 5, 3), (1200, 900, 40), (3, 4, 1)]]
    return [
        pytest.param(*both(kit, kind, *args, **settings), shape, id=f"{kind} {args} {settings}")
        for kind, args, settings, shape in rows + [row for row in OTHERS if hasattr(kit, row[0])]
    ]


def compare(ours, theirs, x):
    """Compare a round of both layers: outputs, gradients, buffers; dy is not written to, and not returned."""
    x = x.astype("float32", copy=False)
    rng = np.random.default_rng(3)
    theirs.buffers = {name: buffer.copy() for name, buffer in ours.buffers.items()}  # as they are after other runs
    y, expected = ours.forward(x), theirs.forward(x)
    close(y, expected)
    dy = rng.standard_normal(y.shape, dtype="float32")
    kept = dy.copy()
    dx, dx_expected = ours.backward(dy), theirs.backward(dy)
    close(dx, dx_expected)
    np.testing.assert_array_equal(dy, kept)
    assert not np.shares_memory(dx, dy)
    for name, gradient in ours.grads.items():
        close(gradient, theirs.grads[name])
        assert gradient.flags.c_contiguous
    for name, buffer in ours.buffers.items():
        close(buffer, theirs.buffers[name])


def in_order(x, order):
    """Return x, stored as made, images innermost, or with gaps between its elements."""
    return {"as made": x, "images innermost": np.asfortranarray(x), "strided": np.repeat(x, 2, axis=0)[::2]}[order]


over_orders = pytest.mark.parametrize("order", ["as made", "images innermost", "strided"])
