"""A run of `cifar_airbench` by its recipe: kernels that whiten, Muon, averages, reflections in turns; and resumed."""

import numpy as np
import pytest
from small_runs import arrays, settings

from minialex import load_run
from minialex.data import load
from minialex.models import whitening_kernels
from minialex.training.config import RunConfig
from minialex.training.run import train_run
from minialex.training.run_data import first_inputs, inputs_of

SMALL = {"model": "cifar_airbench", "width": 4, "epochs": 2, "average": "lookahead:0.987"}


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    """A run of two epochs that nothing stopped."""
    out = tmp_path_factory.mktemp("airbench") / "run"
    train_run(settings(**SMALL), out)
    return out


def test_the_first_layer_whitens_the_training_images_and_stays(complete):
    config = RunConfig.read(complete)
    train = load("shapes", image_size=16).limit(96)
    mean, std = inputs_of(config, train)
    expected = whitening_kernels(first_inputs(train.train, mean, std))
    for name in ("best.npz", "checkpoint.npz"):
        np.testing.assert_array_equal(arrays(complete / name)["net/whiten.W"], expected)
    assert not load_run(complete).net["whiten"].trainable


def test_the_settings_are_kept(complete):
    config = RunConfig.read(complete)
    assert (config.width, config.optimizer, config.average) == (4, "muon", "lookahead:0.987")
    assert config.lr_factor == config.recipe.lr_factor
    assert load_run(complete).net["conv1"].params["W"].shape == (4, 24, 3, 3)
    assert {"velocity/momenta/conv1.W", "velocity/norm1.b", "velocity/fc7.W"} <= arrays(
        complete / "checkpoint.npz"
    ).keys()


def test_fine_tuning_takes_the_kernels_of_the_weights(complete, tmp_path):
    train_run(settings(**{**SMALL, "epochs": 1, "limit": 40}, weights=str(complete)), tmp_path / "tuned")
    one, other = (arrays(folder / "best.npz")["net/whiten.W"] for folder in (complete, tmp_path / "tuned"))
    np.testing.assert_array_equal(one, other)
