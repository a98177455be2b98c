"""A run opened from Python: predictions for arrays and files, errors on any data, the history."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from small_runs import settings

import minialex
from minialex import load_run
from minialex.data import load, resize
from minialex.training import read_history
from minialex.training.run import train_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("opened") / "run"
    train_run(settings(epochs=2), out)
    return load_run(str(out))


@pytest.fixture(scope="module")
def images():
    return load("shapes", image_size=16, limit=12).val.images


def test_the_net_is_ready_to_predict(run, images):
    p = run.predict(images)
    assert p.shape == (12, len(run.classes))
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-5)
    logits = run.net((images - run.net.input_mean).astype("float32"))
    np.testing.assert_array_equal(p.argmax(axis=1), logits.argmax(axis=1))


def test_files_are_predicted_as_their_pixels_are(run, images, tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path, image in zip(paths, images, strict=False):
        Image.fromarray(image.transpose(1, 2, 0)).save(path)
    expected = run.predict(images[:3])
    np.testing.assert_allclose(run.predict(paths), expected, rtol=1e-6)
    np.testing.assert_allclose(run.predict([str(path) for path in paths]), expected, rtol=1e-6)
    np.testing.assert_allclose(run.predict(paths[1]), expected[1:2], rtol=1e-6)


def test_images_of_another_size_are_rescaled(run, images):
    larger = images.repeat(2, axis=2).repeat(2, axis=3)
    np.testing.assert_array_equal(run.predict(larger), run.predict(resize(larger, 16)))
    with pytest.raises(ValueError, match=r"predict: expected square images .*, or paths, got uint8 \(12, 3, 16, 8\)"):
        run.predict(images[:, :, :, :8])
    with pytest.raises(ValueError, match=r"predict: expected square images .* got a list"):
        run.predict([])


def test_errors_on_its_own_images_are_those_of_the_history(run):
    best = min(run.history, key=lambda row: row["val_error"])
    assert run.evaluate()["top1_error"] == pytest.approx(best["val_error"], abs=1e-6)
    assert run.history == read_history(run.folder / "metrics.csv")
    assert [row["epoch"] for row in run.history] == [1, 2]


def test_errors_on_other_images(run):
    other = load("shapes", image_size=16, limit=50, seed=9)
    split = run.evaluate(other.val)
    assert split == run.evaluate(other)
    assert split["images"] == 50
    assert run.evaluate("shapes")["images"] > 50
    assert run.evaluate(other.val, views=10)["views"] == 10
    with pytest.raises(ValueError, match="views: expected one of 1, 2, 6, 10, got"):
        run.evaluate(other, views=3)


@pytest.mark.slow
def test_standardized_inputs_are_kept_in_the_run(tmp_path, images):
    config = replace(settings(epochs=2), standardize=True)
    complete = train_run(config, tmp_path / "complete")
    train_run(replace(config, epochs=1), tmp_path / "resumed")
    train_run(config, tmp_path / "resumed", resume=True)
    one, other = load_run(tmp_path / "complete"), load_run(tmp_path / "resumed")
    assert one.net.input_std.shape == (3, 1, 1)
    np.testing.assert_array_equal(one.predict(images), other.predict(images))
    assert one.evaluate()["loss"] == pytest.approx(min(complete, key=lambda row: row["val_error"])["val_loss"])


def test_what_is_no_run_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"expected the folder of a run, got one without config\.json"):
        load_run(tmp_path)


def test_importing_minialex_does_not_import_training():
    code = "import sys, minialex; print([m for m in ('tqdm', 'minialex.training', 'matplotlib') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    with pytest.raises(AttributeError, match="has no attribute 'load_runs'"):
        minialex.load_runs  # noqa: B018
