"""Dropout as an ensemble: masks averaged, by hand; epochs to a training error."""

import numpy as np
import pytest

from minialex.data import Split
from minialex.lab import dropout as lab
from minialex.lab.dropout_masks import applied, before_dropout, count_wrong, mask_errors
from minialex.lab.frame.settings import Settings
from minialex.layers import Dense, Dropout, Flatten, ReLU
from minialex.layers.softmax import softmax
from minialex.sequential import Sequential


@pytest.fixture
def net():
    rng = np.random.default_rng(0)
    layers = {"flatten": Flatten(), "fc1": Dense(12, 16, std=0.5, rng=rng), "relu1": ReLU(), "drop1": Dropout(rng=rng)}
    made = Sequential(**layers, fc2=Dense(16, 3, std=0.5, rng=rng))
    made.input_mean, made.input_std = np.zeros((3, 2, 2), "float32"), 1.0
    return made


@pytest.fixture
def split():
    rng = np.random.default_rng(1)
    return Split(rng.integers(0, 9, (40, 3, 2, 2), dtype=np.uint8), rng.integers(0, 3, 40))


def test_layers_before_the_dropout_are_computed_once(net, split):
    h, rest = before_dropout(net, split.images.astype("float32"))
    assert rest == [net["drop1"], net["fc2"]]
    np.testing.assert_array_equal(
        h, net["relu1"].forward(net["fc1"].forward(split.images.reshape(40, 12).astype("float32")))
    )
    before, rest = before_dropout(Sequential(fc=Dense(12, 3, rng=np.random.default_rng(0))), h[:, :12])
    assert rest == []
    assert before.shape == (40, 3)


def test_modes_are_put_back(net, split):
    x = split.images.astype("float32")
    masked = applied(list(net), x)
    assert not np.array_equal(masked, applied(list(net), x))
    np.testing.assert_array_equal(applied(list(net), x, training=False), net.eval().forward(x))
    applied(list(net), x)
    assert not any(layer.training for layer in net)


def test_errors_of_averaged_masks_by_hand(net, split):
    result = mask_errors(net, split, masks=4)
    net["drop1"].rng = np.random.default_rng(0)
    x = split.images.astype("float32")
    net["drop1"].rng.bit_generator.state = saved = np.random.default_rng(5).bit_generator.state
    result = mask_errors(net, split, masks=4)
    net["drop1"].rng.bit_generator.state = saved
    p = [softmax(np, net.train().forward(x)) for _ in range(4)]
    wrong = [np.mean(np.argmax(sum(p[: n + 1]), axis=1) != split.labels) for n in range(4)]
    assert result["mean"] == pytest.approx(wrong)
    assert result["one"] == pytest.approx(np.mean([np.mean(np.argmax(q, axis=1) != split.labels) for q in p]))
    product = np.prod(np.array(p, dtype=float), axis=0)
    assert result["geometric"] == pytest.approx(np.mean(np.argmax(product, axis=1) != split.labels))
    halved = np.argmax(net.eval().forward(x), axis=1)
    assert result["halved"] == pytest.approx(np.mean(halved != split.labels))


def test_wrong_ones_are_counted_for_every_mask():
    outputs = np.array([[[1.0, 2.0], [3.0, 0.0]], [[2.0, 1.0], [0.0, 3.0]]])
    assert count_wrong(outputs, np.array([1, 0])).tolist() == [0, 2]


def test_epochs_to_a_training_error():
    curves = [[0.5, 0.2, 0.1], [0.5, 0.4, 0.1]]
    assert lab.epochs_cell(curves, 0.25) == "2.50 ± 0.50"
    assert lab.epochs_cell(curves, 0.01) == "not in 3"
    assert lab.epochs_cell([[0.5, 0.2], [0.5, 0.4]], 0.25) == "2.00 (1 of 2 seeds)"


@pytest.mark.slow
def test_twice_the_epochs_and_the_training_error_after_each(tmp_path):
    dataset = Settings(tmp_path, "shapes", 20, 1, 1).dataset()
    short, twice = (lab.ENTRIES[name] for name in ("p = 0.5", "p = 0.5, twice the epochs"))
    training = {"lr": 0.01, "epochs": 2, "seed": 0, "limit": 20}
    short, twice = short.errors(dataset, **training), twice.errors(dataset, **training)
    assert len(short["train_by_epoch"]) == len(short["while_learning"]) == 2
    assert len(twice["train_by_epoch"]) == 4
    assert twice["train_by_epoch"][-1] == twice["train_error"]
    assert twice["masks"].keys() == {"mean", "one", "geometric", "halved"}
    assert twice["masks"]["halved"] == pytest.approx(twice["val_error"])
    assert "masks" not in lab.ENTRIES["without"].errors(dataset, **training)


def test_a_net_that_diverged_is_left_out_of_the_curve():
    runs = [{"train_by_epoch": [0.5, 0.25]}, {"train_by_epoch": [0.9], "diverged": True}]
    epochs, errors = lab.by_epoch(runs)
    assert (epochs.tolist(), errors.tolist()) == ([1, 2], [50, 25])
    assert len(lab.by_epoch(runs[1:])[0]) == 0


def test_dropout_after_the_convolutions_alone():
    entry = lab.ENTRIES["p = 0.5 after the convolutions instead"]
    net = entry.net(rng=np.random.default_rng(0), classes=10)
    dropped = [name for name, layer in net.layers.items() if layer.rng is not None]
    assert dropped == ["drop1", "drop2", "drop3"]
    names = list(net.layers)
    assert names[names.index("drop2") - 1] == "pool2"
    assert {name for name in names if name not in dropped} == set(
        lab.two_hidden(rng=np.random.default_rng(0), classes=10).layers
    )
    assert not net["conv1"].input_gradient
    assert not entry.averaged


def test_the_table_of_epochs_says_which_have_the_full_rate():
    rows = {name: [{"train_by_epoch": [0.5, 0.2, 0.005]}] for name in lab.ENTRIES}
    lines = lab.epochs_table(rows, 40).splitlines()
    assert lines[0].endswith("| 1 % | epochs at the full rate |")
    assert lines[2] == "| without | 2.00 | 3.00 | 3.00 | 4 to 30 |"
    assert lines[4].endswith("| 8 to 60 |")
