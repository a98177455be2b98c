"""The fast kit against the textbook, in float32: equal to rounding, and the same bits in every run."""

from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from cases import over_kinds

from minialex import Host, Sequential, fast, host, layers, variants
from minialex.fast import batchnorm, elementwise, lrn, pool, transforms, windows, winograd
from minialex.fast.reduction import ordered_sum
from minialex.kits import complete
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import cifar_13pct, cifar_18pct, cifar_80sec, small_alexnet
from minialex.training import SGD


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


def both(kind, *arguments, **settings):
    """Return the layer of the fast kit and the textbook's, with equal parameters."""
    draws = [{"rng": np.random.default_rng(1), "std": 0.3} if kind in DRAWN else {} for _ in range(2)]
    kits = (fast, complete(layers))
    return [getattr(kit, kind)(*arguments, **settings, **d) for kit, d in zip(kits, draws, strict=True)]


def pairs():
    for n_in, n_out, kernel, settings, shape in CONVOLUTIONS:
        yield f"Conv2D {n_in}-{n_out} {kernel} {settings}", *both("Conv2D", n_in, n_out, kernel, **settings), shape
    for n_in, n_out, n in [(7, 5, 3), (1200, 900, 40), (3, 4, 1)]:
        yield f"Dense {n_in}-{n_out}", *both("Dense", n_in, n_out), (n, n_in)
    for kind, arguments, settings, shape in OTHERS:
        yield f"{kind} {arguments} {settings}", *both(kind, *arguments, **settings), shape


PAIRS = [pytest.param(ours, theirs, shape, id=name) for name, ours, theirs, shape in pairs()]


@pytest.mark.parametrize(("ours", "theirs", "shape"), PAIRS)
@pytest.mark.parametrize("order", ["as made", "images innermost", "strided"])
@pytest.mark.parametrize("workers", [1, 3])
def test_fast_is_the_textbook(ours, theirs, shape, order, workers):
    rng = np.random.default_rng(2)
    x = rng.standard_normal(shape, dtype="float32")
    if order == "images innermost":
        x = np.asfortranarray(x)
    elif order == "strided":
        x = np.repeat(x, 2, axis=0)[::2]
    compare(ours, theirs, x, workers)


def compare(ours, theirs, x, workers):
    x = x.astype("float32", copy=False)
    rng = np.random.default_rng(3)
    ours.to(Host(workers=workers))
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


@pytest.fixture
def filtered(monkeypatch):
    """Minimal filtering wherever it is possible, even where it is slower."""
    monkeypatch.setattr(
        winograd, "pays", lambda K, stride, before, *_: -(-K // stride) in winograd.OUTPUTS and before >= 0
    )


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of one or two channels or rows of the maps in RACES, and a smaller last one."""
    for module in (transforms, elementwise):
        monkeypatch.setattr(module, "PIECE", 1000)
    for module, name in ((pool, "BLOCK"), (lrn, "BLOCK"), (lrn, "ROWS"), (batchnorm, "BLOCK")):
        monkeypatch.setattr(module, name, 5000)


FORCED = [case for case in CONVOLUTIONS if -(-case[2] // case[3].get("stride", 1)) in winograd.OUTPUTS]


@pytest.mark.parametrize(("n_in", "n_out", "kernel", "settings", "shape"), FORCED)
def test_minimal_filtering_where_it_would_not_pay(n_in, n_out, kernel, settings, shape, filtered, small_blocks):
    compare(*both("Conv2D", n_in, n_out, kernel, **settings), np.random.default_rng(4).standard_normal(shape), 2)


@pytest.mark.parametrize("seed", range(40))
def test_minimal_filtering_is_exact(seed, filtered):
    """In float64, where rounding hides nothing: random channels, kernels, maps, batches, and pads beyond the kernel."""
    rng = np.random.default_rng(seed)
    groups, kernel, stride, before, after, batch = (
        int(rng.choice(c)) for c in ((1, 2), (3, 5, 9, 11), (1, 1, 2, 3, 4), range(8), range(8), (1, 2, 33))
    )
    least = max(1, kernel - before - after)
    x = rng.standard_normal((batch, 3 * groups, *rng.integers(least, least + 9, 2)))
    ours, theirs = both("Conv2D", 3 * groups, 2 * groups, kernel, stride=stride, pad=(before, after), groups=groups)
    y, expected = (layer.astype("float64").forward(x) for layer in (ours, theirs))
    close(y, expected, 1e-12)
    dy = rng.standard_normal(y.shape)
    close(ours.backward(dy), theirs.backward(dy), 1e-12)
    close(ours.grads["W"], theirs.grads["W"], 1e-12)


@pytest.mark.parametrize(
    ("OH", "workers", "slabs"), [(16, 2, 1), (13, 1, 1), (13, 2, 1), (13, 3, 2), (13, 4, 2), (27, 4, 1), (3, 4, 2)]
)
def test_slabs_are_halved_where_workers_would_wait(OH, workers, slabs):
    assert windows.slabs_of(64, OH, workers) == slabs
    assert windows.slabs_of(63, OH, workers) == 1


@pytest.fixture
def narrow(monkeypatch):
    """BLAS with registers of 256 bits."""
    monkeypatch.setattr(winograd, "blas_is_wide", lambda: False)


@pytest.mark.parametrize(
    ("layer", "narrow", "wide"),
    [
        ((11, 4, 0, 3, 96, 55, 55), True, False),  # conv1 to conv5 of the paper's net
        ((5, 1, 2, 48, 128, 27, 27), True, False),
        ((3, 1, 1, 256, 384, 13, 13), True, True),
        ((3, 1, 1, 192, 192, 13, 13), True, True),
        ((3, 1, 1, 192, 128, 13, 13), True, False),
        ((5, 1, 2, 32, 32, 16, 16), False, False),  # conv2 of the 80sec net
    ],
)
def test_where_minimal_filtering_pays(layer, narrow, wide, monkeypatch):
    for is_wide, pays in ((False, narrow), (True, wide)):
        monkeypatch.setattr(winograd, "blas_is_wide", lambda is_wide=is_wide: is_wide)
        assert winograd.pays(*layer, 128) == pays


@pytest.mark.parametrize(("shape", "settings"), [
    ((32, 48, 10, 13), {"kernel": 3, "pad": 1}),
    ((33, 48, 12, 11), {"kernel": 5, "pad": 2}),
    ((32, 3, 59, 60), {"kernel": 11, "stride": 4, "pad": (0, 3)}),
])  # fmt: skip
def test_minimal_filtering_where_it_pays(shape, settings, monkeypatch, narrow):
    used = []
    correlate = winograd.correlate
    monkeypatch.setattr(winograd, "correlate", lambda *args: used.append(args) or correlate(*args))
    compare(*both("Conv2D", shape[1], 96, **settings), np.random.default_rng(4).standard_normal(shape), 2)
    assert used


def test_rounding_of_minimal_filtering():
    rng = np.random.default_rng(5)
    x, W = rng.standard_normal((9, 64, 12, 32)), rng.standard_normal((64, 64, 3, 3))
    exact, rounded = np.empty((9, 64, 12, 32)), np.empty((9, 64, 12, 32), "float32")
    windows.correlate(host, x, W, 1, 1, exact, np.zeros(64))
    winograd.correlate(host, x.astype("float32"), W.astype("float32"), 1, 1, rounded, np.zeros(64, "float32"))
    assert np.std(rounded - exact) < 2e-6 * np.std(exact)


def test_of_equal_values_the_first_is_the_maximum_in_both():
    x = np.random.default_rng(0).integers(0, 3, (6, 5, 11, 9)).astype("float32")
    for settings in ({}, {"ceil": True}):
        ours, theirs = fast.MaxPool(3, 2, **settings), layers.MaxPool(3, 2, **settings)
        y, expected = ours.forward(x), theirs.forward(x)
        np.testing.assert_array_equal(y, expected)
        dy = np.random.default_rng(1).integers(1, 9, y.shape).astype("float32")
        np.testing.assert_array_equal(ours.backward(dy), theirs.backward(dy))


def steps(kit, build, size, n=3, batch=9, device=None):
    rng = np.random.default_rng(0)
    net = build(rng=rng, kit=kit)
    if device is not None:
        net.to(device)
    head, sgd = SoftmaxCrossEntropy(), SGD(net, 0.001)
    data = np.random.default_rng(1)
    losses = []
    for _ in range(n):
        images = 50 * data.standard_normal((batch, 3, size, size), dtype="float32")
        losses.append(head.forward(net.forward(images), data.integers(0, 10, batch)))
        net.backward(head.backward())
        sgd.step()
    return losses, net.state()


LOCAL_ONLY = SimpleNamespace(**vars(complete(layers)) | {"Local2D": fast.Local2D})


@pytest.mark.parametrize(
    ("build", "size", "kit"), [(cifar_80sec, 32, fast), (small_alexnet, 32, fast), (cifar_13pct, 24, LOCAL_ONLY)]
)
def test_whole_nets_train_alike(build, size, kit):
    (losses, state), (expected, expected_state) = steps(kit, build, size), steps(layers, build, size)
    assert losses == pytest.approx(expected, rel=1e-4)
    for name, value in state.items():
        close(value, expected_state[name], 1e-3)


@pytest.mark.parametrize("workers", [2, 3])
@pytest.mark.parametrize(
    ("build", "size"),
    [(partial(small_alexnet, image_size=16), 16), (cifar_18pct, 32), (partial(cifar_13pct, image_size=16), 16)],
)
def test_the_same_bits_in_every_run(workers, build, size, filtered):
    """Five runs: a data race would make one of them differ."""
    runs = [steps(fast, build, size, n=2, device=Host(workers=workers)) for _ in range(5)]
    for losses, state in runs[1:]:
        assert losses == runs[0][0]
        for name, value in state.items():
            np.testing.assert_array_equal(value, runs[0][1][name])


@pytest.mark.parametrize(("ours", "theirs", "shape"), PAIRS)
@pytest.mark.parametrize("workers", [2, 3])
def test_the_same_bits_from_each_layer(ours, theirs, shape, workers):
    same_bits(ours, shape, workers)


RACES = [  # more channels than workers, fewer, and one; NumPy keeps the GIL for operations of up to 500 elements
    *[(kind, args, {"ceil": True}, (33, C, 8, 9)) for kind, args in [("MaxPool", (3, 2)), ("AvgPool", (3, 2))]
      for C in (1, 2, 7, 16)],
    *[("LRN", (3,), {"alpha": 0.5, "across": "space"}, (33, C, 8, 9)) for C in (1, 2, 7, 16)],
    ("LRN",    (),         {"alpha": 0.5, "groups": 2}, (33, 12, 8, 9)),
    ("Conv2D", (12, 8, 3), {"pad": 1},                  (33, 12, 9, 8)),
    ("Conv2D", (12, 8, 5), {"pad": (1, 4), "groups": 2}, (33, 12, 9, 8)),
    ("ReLU",   (),         {},                          (33, 12, 9, 8)),
    *[("BatchNorm", (C,),  {},                          (33, C, 8, 9)) for C in (1, 2, 7, 16)],
    *[("Local2D", (C, 8, 3, 8), {"pad": 1},             (33, C, 8, 8)) for C in (1, 2, 7)],
]  # fmt: skip


@pytest.mark.parametrize(("kind", "args", "settings", "shape"), RACES, ids=str)
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_same_bits_from_small_blocks(kind, args, settings, shape, workers, filtered, small_blocks):
    ours, theirs = both(kind, *args, **settings)
    same_bits(ours, shape, workers)
    compare(ours, theirs, np.random.default_rng(4).standard_normal(shape), workers)


@pytest.mark.parametrize("workers", [2, 3])
@pytest.mark.parametrize(("kernel", "pad", "shape"), [(3, 1, (32, 48, 10, 13)), (5, 2, (33, 48, 12, 11))])
def test_the_same_bits_from_minimal_filtering_where_it_pays(kernel, pad, shape, workers, narrow):
    same_bits(both("Conv2D", 48, 96, kernel, pad=pad)[0], shape, workers)


class LastFirst(Host):
    """A host whose workers finish in the reverse order."""

    def share(self, work, n, least=1):
        for i in reversed(range(n)):
            work(i, i + 1)


def test_sums_over_workers_do_not_depend_on_the_order_in_which_they_finish():
    values = np.array([1e8, 1, -1e8, 1], "float32")  # 1 in this order, 0 in the reverse
    assert ordered_sum(LastFirst(), lambda start, stop: values[start:stop], 4) == 1


def same_bits(ours, shape, workers):
    ours.to(Host(workers=workers))
    rng = np.random.default_rng(3)
    x = rng.standard_normal(shape, dtype="float32")
    dy = rng.standard_normal(ours.forward(x).shape, dtype="float32")
    results = []
    for _ in range(5):
        y = ours.forward(x).copy()
        results.append((y, ours.backward(dy).copy(), *(gradient.copy() for gradient in ours.grads.values())))
    for again in results[1:]:
        for one, other in zip(again, results[0], strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(("kind", "args", "shape"), [("ReLU", (), (3, 4, 7, 7)), ("MaxPool", (3, 2), (3, 4, 7, 7))])
def test_a_gradient_that_is_not_finite_stays_in_its_position(kind, args, shape, bad):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape, dtype="float32")
    gradients = []
    for layer in both(kind, *args):
        dy = np.ones_like(layer.forward(x))
        dy[::2, :, 1] = bad
        gradients.append(layer.backward(dy))
    np.testing.assert_array_equal(*gradients)


@pytest.mark.parametrize(("kind", "args"), [("ReLU", ()), ("MaxPool", (3, 2)), ("AvgPool", (3, 2)), ("LRN", (3,))])
def test_nan_stays_nan(kind, args):
    x = np.random.default_rng(0).standard_normal((3, 4, 7, 7), dtype="float32")
    x[1, 2, 3, 4] = np.nan
    ours, theirs = (layer.forward(x) for layer in both(kind, *args))
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))
    assert np.isnan(ours).any()


@over_kinds
def test_dy_is_shaped_as_y(kit, case):
    rng = np.random.default_rng(0)
    layer, x = case.build(kit, rng), case.x(rng)
    y = layer.forward(x)
    wrong = [np.ones((1 + len(y), *y.shape[1:])), np.ones((*y.shape, 1)), np.float64(1), y.astype(int), y.tolist()]
    for dy in wrong:
        with pytest.raises(
            ValueError, match=rf"{case.kind}: expected dy as y, float32 \({len(y)}, .*with respect to y"
        ):
            layer.backward(dy)
    layer.backward(y)  # and the right one is still accepted


@over_kinds
def test_a_batch_has_an_image(kit, case):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=f"{case.kind}: expected at least one image, got .*; leave empty batches out"):
        case.build(kit, rng).forward(case.x(rng)[:0])


def test_the_next_gradient_reuses_the_memory_of_the_last_unless_it_is_kept():
    dense = fast.Dense(60, 50, rng=np.random.default_rng(0)).to(Host(workers=1))

    def gradient(n=3):
        dense.forward(np.full((n, 60), n, "float32"))
        dense.backward(np.ones((n, 50), "float32"))
        return dense.grads["W"]

    address = gradient().ctypes.data
    assert gradient().ctypes.data == address
    kept, copy = gradient(), dense.grads["W"].copy()
    assert gradient(4).ctypes.data != kept.ctypes.data
    np.testing.assert_array_equal(kept, copy)


@pytest.mark.parametrize("build", [cifar_80sec, cifar_18pct])
def test_results_of_a_net_that_are_kept_are_not_overwritten(build, filtered):
    rng = np.random.default_rng(0)
    net = build(rng=rng, kit=fast)
    for _, layer in net.walk():
        layer.input_gradient = True
    kept = []
    for _ in range(4):
        x = 50 * rng.standard_normal((6, 3, 32, 32), dtype="float32")
        outputs = [y for _, y in net.outputs(x)]
        dx = net.backward(np.ones_like(outputs[-1]))
        arrays = [*outputs, dx, *(layer.grads[key] for _, layer in net.walk() for key in layer.grads)]
        kept.append([(array, array.copy()) for array in arrays])
    for arrays in kept:
        for array, copy in arrays:
            np.testing.assert_array_equal(array, copy)


def test_every_layer_is_in_both_kits_and_twins_of_variants_besides():
    assert set(fast.__all__) == {*layers.__all__, "BatchNorm", "Local2D"}
    textbook = complete(layers)
    for name in fast.__all__:
        assert issubclass(getattr(fast, name), getattr(textbook, name))
    for name in ("BatchNorm", "Local2D"):
        assert getattr(complete(fast), name) is getattr(fast, name)
        assert getattr(textbook, name) is getattr(variants, name)


@pytest.mark.parametrize("shape", [(6, 5, 4, 3), (6, 5)])
def test_batch_normalization_in_evaluation_is_the_textbook_s(shape):
    """After training steps, with the running means that they left; and back to training."""
    rng = np.random.default_rng(0)
    ours, theirs = both("BatchNorm", 5, momentum=0.5)
    for layer in (ours, theirs):
        layer.params.update(W=np.arange(1, 6, dtype="float32"), b=np.arange(5, dtype="float32"))
    for mode in ("train", "train", "eval", "train", "eval"):
        getattr(ours, mode)(), getattr(theirs, mode)()
        compare(ours, theirs, 3 + rng.standard_normal(shape), 2)


def test_batch_normalization_of_values_far_from_zero():
    """A variance from sums of squares would have no correct digit here."""
    x = 3000 + np.random.default_rng(0).standard_normal((32, 4, 9, 9))
    exact, ours = (layer.forward(x) for layer in (variants.BatchNorm(4), fast.BatchNorm(4)))
    close(ours, exact, 1e-12)
    close(fast.BatchNorm(4).forward(x.astype("float32")), exact.astype("float32"), 1e-3)


def test_layers_of_both_kits_mix():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((4, 3, 9, 9), dtype="float32")
    results = []
    for kits in ([fast] * 4, [layers] * 4, [fast, layers, fast, layers], [layers, fast, layers, fast]):
        draws = np.random.default_rng(1)
        a, b, c, d = kits
        net = Sequential(
            conv=a.Conv2D(3, 4, 3, std=0.3, rng=draws), pool=b.MaxPool(), flatten=c.Flatten(),
            fc=d.Dense(36, 5, std=0.3, rng=draws),
        )  # fmt: skip
        results.append((net.forward(x), net.backward(np.ones((4, 5), "float32"))))
    for y, dx in results[1:]:
        close(y, results[0][0])
        close(dx, results[0][1])
