"""Communications: adjoints of each other, with the bytes that they say."""

import numpy as np
import pytest
from strict_device import StrictDevice, home

from minialex import Host, Sequential, host, layers, summary
from minialex.models import small_alexnet
from minialex.parallel import AllGather, Broadcast, Gather, Groups, Scatter

A, B, C = (Host(workers=1) for _ in range(3))
DEVICES = [(host,), (host, host), (A, B), (A, B, C), (A, B, A)]


def parts(devices, shape, rng):
    """One array a device, of different widths."""
    return tuple(device.put(rng.standard_normal((shape[0], 2 + i, *shape[1:]))) for i, device in enumerate(devices))


def dot(a, b):
    """<a, b> of arrays or of tuples of them."""
    if isinstance(a, tuple):
        return sum(dot(x, y) for x, y in zip(a, b, strict=True))
    return float(np.sum(home(a) * home(b)))


# fmt: off
CASES = [
    ("Broadcast",    lambda d: Broadcast(d),            "one"),
    ("AllGather",    lambda d: AllGather(d),            "each"),
    ("Gather",       lambda d: Gather(d, to=d[-1]),     "each"),
    ("Gather rows",  lambda d: Gather(d, to=d[0], axis=0), "same"),
    ("Scatter",      lambda d: Scatter(d),              "one"),
    ("Scatter rows", lambda d: Scatter(d, axis=0),      "one"),
]
# fmt: on


@pytest.mark.parametrize("devices", DEVICES, ids=lambda d: f"{len(d)} groups, {len(set(map(id, d)))} devices")
@pytest.mark.parametrize(("name", "make", "reads"), CASES, ids=lambda c: c if isinstance(c, str) else "")
def test_backward_is_the_transpose_of_forward(name, make, reads, devices):
    rng = np.random.default_rng(0)
    layer = make(devices)
    x = {
        "one": lambda: rng.standard_normal((4, 7, 2, 3)),
        "each": lambda: parts(devices, (4, 2, 3), rng),
        "same": lambda: tuple(rng.standard_normal((2, 3)) for _ in devices),
    }[reads]()
    y = layer.forward(x)
    dy = tuple(rng.standard_normal(part.shape) for part in y) if isinstance(y, tuple) else rng.standard_normal(y.shape)
    kept = tuple(map(np.copy, dy)) if isinstance(dy, tuple) else dy.copy()
    dx = layer.backward(dy)
    assert dot(y, dy) == pytest.approx(dot(x, dx), rel=1e-12)
    for got, was in zip(
        dy if isinstance(dy, tuple) else (dy,), kept if isinstance(kept, tuple) else (kept,), strict=True
    ):
        np.testing.assert_array_equal(got, was)
    for ours in dx if isinstance(dx, tuple) else (dx,):
        for theirs in dy if isinstance(dy, tuple) else (dy,):
            assert name.startswith("Scatter") or not np.shares_memory(ours, theirs)


def test_output_shape_is_that_of_forward():
    rng = np.random.default_rng(0)
    for name, make, reads in CASES:
        if reads == "same" or name == "Scatter rows":
            continue
        x = rng.standard_normal((4, 7, 2, 3)) if reads == "one" else parts((A, B, C), (4, 2, 3), rng)
        layer = make((A, B, C))
        shape = x.shape[1:] if reads == "one" else tuple(part.shape[1:] for part in x)
        y = layer.forward(x)
        assert layer.output_shape(shape) == (tuple(p.shape[1:] for p in y) if isinstance(y, tuple) else y.shape[1:])


@pytest.mark.parametrize("devices", [(host, host), (StrictDevice("device1"), StrictDevice("device2"))], ids=str)
def test_bytes_that_cross_are_those_that_the_summary_tells(devices):
    net = small_alexnet(devices, rng=np.random.default_rng(0), image_size=16, kit=layers)
    images = np.random.default_rng(1).standard_normal((3, 3, 16, 16), dtype="float32")
    logits = net.forward(devices[0].put(images))
    net.backward(devices[0].put(np.ones_like(home(logits))))
    table = summary(net, (3, 16, 16), batch=3)
    assert len(table.transfers) == 8
    for transfer in table.transfers:
        i, j = ord(transfer.sender) - ord("a"), ord(transfer.receiver) - ord("a")
        sent = net.layers[transfer.communication].sent
        assert (sent["forward"][i, j], sent["backward"][j, i]) == (transfer.forward, transfer.backward)


def test_the_papers_net_sends_what_the_docs_say():
    from minialex import alexnet

    table = summary(alexnet(rng=np.random.default_rng(0)), (3, 224, 224), batch=128)
    activations = [c.forward for c in table.transfers if c.kind != "Broadcast"]
    # conv2's and conv5's pooled maps and fc6's outputs both ways, fc7's one way
    assert activations == [4 * 128 * n for n in (21632, 21632, 4608, 4608, 2048, 2048, 2048)]
    assert [c.backward for c in table.transfers] == [0, *activations]
    assert table.share_within_groups == pytest.approx(1 - sum(activations) / sum(
        row.bytes for row in table.rows if row.kind not in ("Broadcast", "AllGather", "Gather")))  # fmt: skip


def test_three_groups():
    devices = (A, B, C)
    rng = np.random.default_rng(0)
    net = Sequential(
        images=Broadcast(devices), lower=Groups(devices, lambda: Sequential(conv=layers.Conv2D(2, 3, 3, rng=rng))),
        gather=AllGather(devices), upper=Groups(devices, lambda: Sequential(conv=layers.Conv2D(9, 2, 2, rng=rng))),
        out=Gather(devices, to=B),
    ).astype("float64")  # fmt: skip
    assert net.output_shape((2, 6, 7)) == (6, 3, 4)
    x = rng.standard_normal((2, 2, 6, 7))
    y = net.forward(x)
    dx = net.backward(np.ones_like(y))
    state = net.state()
    one = Sequential(
        lower=layers.Conv2D(2, 9, 3, rng=rng), upper=layers.Conv2D(9, 6, 2, rng=rng)
    ).astype("float64")  # fmt: skip
    for name in ("lower", "upper"):
        for key in "Wb":
            one.layers[name].params[key] = np.concatenate([state[f"{name}.{group}.conv.{key}"] for group in "abc"])
    np.testing.assert_allclose(one.forward(x), y, rtol=1e-12)
    np.testing.assert_allclose(one.backward(np.ones_like(y)), dx, rtol=1e-12)


def test_wrong_arrays_are_named():
    with pytest.raises(ValueError, match=r"AllGather: expected 2 arrays, one on each of .*, got one array"):
        AllGather((A, B)).forward(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"AllGather: expected 2 arrays.*got 3 arrays"):
        AllGather((A, B)).forward((np.ones((2, 3)),) * 3)
    with pytest.raises(ValueError, match="Broadcast: expected one array, got 2, one a group; put a Gather before it"):
        Broadcast((A, B)).forward((np.ones((2, 3)),) * 2)
    with pytest.raises(ValueError, match="Scatter: expected at least 3 channels, one a group, got 2"):
        Scatter((A, B, C)).forward(np.ones((1, 2, 5, 5)))
    with pytest.raises(ValueError, match="to, one of the devices"):
        Gather((A, B), to=C)
    with pytest.raises(ValueError, match=r"expected an array on .*device1.*got that is a list; bring it there"):
        Broadcast((StrictDevice("device1"), StrictDevice("device2"))).forward([1.0])
    with pytest.raises(RuntimeError, match="backward came without a forward"):
        AllGather((A, B)).backward((np.ones((2, 3)),) * 2)
