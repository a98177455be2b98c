"""Sequential, and files that appear whole."""

import threading

import numpy as np
import pytest

from minialex import Host, Sequential, host
from minialex.files.atomic import whole_file
from minialex.layers import Conv2D, Dense, Dropout, Flatten, MaxPool, ReLU


def net(seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(
        maps=Sequential(conv=Conv2D(3, 4, 3, rng=rng), pool=MaxPool(2, 2)), flatten=Flatten(),
        fc=Dense(16, 5, rng=rng), drop=Dropout(rng=rng),
    )  # fmt: skip


# -- Sequential ---------------------------------------------------------------------------------------------------


def test_names_are_the_way_through_the_net():
    assert list(net().state()) == ["maps.conv.W", "maps.conv.b", "fc.W", "fc.b"]
    assert net().layers["maps"].layers["conv"].name == "maps.conv"
    with pytest.raises(ValueError, match=r"maps\.conv \(Conv2D\): expected 3 channels, got 2"):
        net().forward(np.zeros((1, 2, 6, 6), "float32"))


def test_modes_devices_and_dtypes_reach_every_layer():
    n, other = net(), Host(workers=1)
    assert n.eval() is n
    assert not any(layer.training for _, layer in n.walk())
    assert n.train() is n
    assert all(layer.training for _, layer in n.walk())
    assert n.to(other) is n
    assert all(layer.device is other for _, layer in n.walk())
    assert n.astype("float64") is n
    assert all(value.dtype == "float64" for value in n.state().values())


def test_a_net_reads_where_its_first_layer_is():
    other = Host(workers=1)
    assert Sequential(a=ReLU().to(other), b=ReLU()).device is other
    assert Sequential(a=ReLU(), b=ReLU().to(other)).device is host


def test_state_goes_into_another_net_and_a_wrong_one_changes_nothing():
    a, b = net(0), net(1)
    b.load_state(a.state())
    for name, value in a.state().items():
        np.testing.assert_array_equal(b.state()[name], value)
    state = a.state()
    before = b.state()
    wrong = {
        "expected a state with .'fc.b'.": {k: v for k, v in state.items() if k != "fc.b"},
        "only, got .'more'.": {**state, "more": np.zeros(1)},
        r"fc\.b to be float32 \(5,\), got float32 \(4,\)": {**state, "fc.b": np.zeros(4, "float32")},
        r"fc\.b to be float32 \(5,\), got float64 \(5,\)": {**state, "fc.b": np.zeros(5)},
        r"fc\.b to be float32 \(5,\), got a list": {**state, "fc.b": [0.0] * 5},
    }
    for message, damaged in wrong.items():
        damaged = {name: value if name == "fc.b" or name == "more" else value * 0 for name, value in damaged.items()}
        with pytest.raises(ValueError, match=message):
            b.load_state(damaged)
    for name, value in before.items():
        np.testing.assert_array_equal(b.state()[name], value)


def test_a_state_is_a_copy():
    n = net()
    n.state()["fc.W"][...] = 7
    assert not (n.state()["fc.W"] == 7).any()


def test_a_net_needs_layers_each_once():
    relu = ReLU()
    for layers, message in [
        ({}, "expected at least one layer, got none"),
        ({"a": relu, "b": relu}, "expected different layers, got one of them twice"),
        ({"a": relu, "b": Sequential(c=relu)}, "expected different layers"),
        ({"a": ReLU}, "expected a to be a Layer"),
    ]:
        with pytest.raises(ValueError, match=message):
            Sequential(**layers)


def test_outputs_are_those_of_forward():
    n, x = net().eval(), np.random.default_rng(0).standard_normal((2, 3, 6, 6), dtype="float32")
    names, values = zip(*n.outputs(x), strict=True)
    assert names == ("maps.conv", "maps.pool", "flatten", "fc", "drop")
    np.testing.assert_array_equal(values[-1], n.forward(x))


def test_update_shows_every_parameter_with_its_name():
    n, seen = net(), []
    n.each_parameter(lambda name, layer, key: seen.append((name, layer.params[key].shape, layer.grads.get(key))))
    assert [name for name, _, _ in seen] == list(n.state())
    assert all(gradient is None for _, _, gradient in seen)


# -- whole files --------------------------------------------------------------------------------------------------


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def interrupted():
        with whole_file(path) as file:
            file.write(b"ne")
            assert path.read_text() == "old"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "old"
    with whole_file(path) as file:
        file.write(b"new")
    assert path.read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="expected to write into the folder .*missing, which is not there"):  # noqa: SIM117, RUF043
        with whole_file(tmp_path / "missing" / "a.txt"):
            pass


def test_threads_that_write_one_file_leave_one_of_their_texts(tmp_path):
    def write(number):
        with whole_file(tmp_path / "a") as file:
            file.write(str(number).encode() * 10_000)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = (tmp_path / "a").read_text()
    assert len(text) == 10_000
    assert len(set(text)) == 1
    assert len(list(tmp_path.iterdir())) == 1
