"""Checkpoints: a run that is stopped and resumed equals the run that never stopped, bit for bit."""

import numpy as np
import pytest
from small_runs import colours, net

from minialex.training import SGD, fit
from minialex.training.checkpoint import load_checkpoint, save_checkpoint
from minialex.training.net_file import load_weights, save_weights
from minialex.training.position import Position
from minialex.training.run_arrays import read_arrays


def start(seed=0):
    rng = np.random.default_rng(seed)
    a = net(rng)
    return a, SGD(a, 0.002), rng


def go(a, sgd, rng, **options):
    return fit(a, colours(100, 1), colours(50, 2), sgd=sgd, rng=rng, batch=16, progress=False, **options)


def test_resume_is_exact(tmp_path):
    a, sgd, rng = start()
    complete = go(a, sgd, rng, epochs=4)

    b, sgd_b, rng_b = start()
    first = go(b, sgd_b, rng_b, epochs=2)
    save_checkpoint(tmp_path / "c.npz", b, sgd_b, first)

    c, sgd_c, rng_c = start()
    history, position = load_checkpoint(tmp_path / "c.npz", c, sgd_c)
    assert position == Position()
    np.testing.assert_array_equal(c.input_mean, b.input_mean)
    rest = go(c, sgd_c, rng_c, epochs=4, history=history)
    for name, value in a.state().items():
        np.testing.assert_array_equal(value, c.state()[name])
    assert [row["val_loss"] for row in rest] == [row["val_loss"] for row in complete]


def test_weights_round_trip_and_refuse_another_net(tmp_path):
    a, b = start()[0], start(1)[0]
    a.input_mean, a.input_std = np.ones((3, 4, 4), "float32"), np.full((3, 1, 1), 2, "float32")
    save_weights(tmp_path / "w.npz", a)
    load_weights(tmp_path / "w.npz", b)
    np.testing.assert_array_equal(b.input_mean, a.input_mean)
    np.testing.assert_array_equal(b.input_std, a.input_std)
    np.testing.assert_array_equal(a.state()["fc1.W"], b.state()["fc1.W"])
    other = net(np.random.default_rng(0))
    other.layers["fc2"].params["b"] = np.zeros(4, "float32")
    before = other.state()
    with pytest.raises(ValueError, match=r"fc2\.b to be float32 \(4,\), got float32 \(3,\)"):
        load_weights(tmp_path / "w.npz", other)
    np.testing.assert_array_equal(before["fc1.W"], other.state()["fc1.W"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"hello" * 100])
def test_a_file_that_is_no_checkpoint_is_named(tmp_path, content):
    (tmp_path / "c.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"c\.npz: expected an npz file of arrays"):
        read_arrays(tmp_path / "c.npz")


def test_a_truncated_checkpoint_is_named(tmp_path):
    a, sgd, _ = start()
    save_checkpoint(tmp_path / "c.npz", a, sgd, [])
    complete = (tmp_path / "c.npz").read_bytes()
    for length in (len(complete) // 2, len(complete) - 1):
        (tmp_path / "c.npz").write_bytes(complete[:length])
        with pytest.raises(ValueError, match="expected an npz file of arrays"):
            read_arrays(tmp_path / "c.npz")


def test_pickles_are_refused(tmp_path):
    np.savez(tmp_path / "c.npz", evil=np.array([{"an": "object"}], dtype=object))
    with pytest.raises(ValueError, match="expected an npz file of arrays"):
        read_arrays(tmp_path / "c.npz")


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    a, sgd, _ = start()
    save_checkpoint(tmp_path / "c.npz", a, sgd, [])
    before = (tmp_path / "c.npz").read_bytes()

    def full(file, **arrays):
        file.write(b"half")
        raise OSError("No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        save_checkpoint(tmp_path / "c.npz", a, sgd, [])
    assert (tmp_path / "c.npz").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["c.npz"]
