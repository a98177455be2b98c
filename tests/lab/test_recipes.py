"""The runs of the authors' nets: shortened, continued, taken over."""

import json

import numpy as np
import pytest

from minialex.lab import recipe_runs, recipes
from minialex.lab.catalogue import CIFAR_NETS
from minialex.lab.frame.settings import Settings
from minialex.models import recipe
from minialex.training import read_history


def settings_in(folder, **changed):
    return Settings(**{"out": folder, "data": "shapes", "limit": 20, "epochs": 1, "seeds": 1, **changed})


@pytest.mark.parametrize(("model", "epochs", "after"), [
    ("cifar_80sec", 10, (8,)), ("cifar_80sec", 5, (4,)), ("cifar_80sec", 1, ()),
    ("cifar_13pct", 140, (120, 130)), ("cifar_13pct", 14, (12, 13)), ("cifar_13pct", 25, (21, 23)),
    ("cifar_11pct", 25, (23, 24)), ("cifar_11pct", 3, (1, 2)), ("cifar_11pct", 2, (1,)),
])  # fmt: skip
def test_a_shorter_training_has_each_rate_for_its_share(model, epochs, after):
    assert recipe_runs.divisions(recipe(model), epochs) == after


def test_the_recipes_own_settings_are_left_alone(tmp_path):
    config = recipe_runs.new_config(settings_in(tmp_path, epochs=0), "cifar_13pct", 0)
    assert (config.epochs, config.divide_after, config.image_size, config.scale) == (140, None, 24, 32)
    assert recipe_runs.new_config(settings_in(tmp_path, epochs=25), "cifar_13pct", 0).divide_after == (21, 23)


def test_the_nets_are_those_of_the_command_line():
    assert tuple(recipes.AUTHORS) == CIFAR_NETS


def test_a_run_is_continued_and_a_finished_one_only_evaluated(tmp_path, monkeypatch, capsys):
    settings = settings_in(tmp_path, epochs=2)
    keep = recipe_runs.train_run
    epochs = []

    def killed(config, out, **options):
        """Stop as a kill would: config.json asks for two epochs, and one is there."""
        keep(config.__class__.new(**{**vars(config), "epochs": 1}), out, **options)
        config.write(out)
        raise KeyboardInterrupt

    monkeypatch.setattr(recipe_runs, "train_run", killed)
    with pytest.raises(KeyboardInterrupt):
        recipes.recipes(settings)
    folder = tmp_path / "cifar_80sec"
    assert len(read_history(folder / "metrics.csv")) == 1
    monkeypatch.setattr(recipe_runs, "train_run", lambda *args, **options: epochs.append(keep(*args, **options)))
    text = recipes.recipes(settings)
    assert [len(history) for history in epochs] == [2]
    (tmp_path / "results.json").unlink()
    assert recipes.recipes(settings._replace(epochs=0)) == text  # taken over with its own epochs
    assert "cifar_80sec: a run of 2 epochs, kept as it is, not 10" in capsys.readouterr().err
    assert len(epochs) == 1
    assert "| cifar_80sec | 2 of 10 | 0.00 M |" in text
    assert text.splitlines()[-1].split(" | ")[5:7] == ["26", "80 s"]


def test_the_errors_are_those_after_the_last_epoch(tmp_path):
    config, folder = recipe_runs.trained(settings_in(tmp_path, epochs=3), "cifar_18pct", 0)
    got = recipe_runs.errors(config, folder)
    assert got["one"] == pytest.approx(read_history(folder / "metrics.csv")[-1]["val_error"], abs=1e-6)
    assert (got["seen"], got["test images"]) == (60, 20)
    with np.load(folder / "best.npz") as best:
        zeros = {name: best[name] * 0 for name in best.files if name != "about"}
        np.savez(folder / "best.npz", **zeros)
    assert recipe_runs.errors(config, folder) == got


def test_another_checkpoint_is_evaluated_again(tmp_path):
    settings = settings_in(tmp_path)
    recipes.recipes(settings)
    kept = tmp_path / "results.json"
    before = json.loads(kept.read_text())["results"]
    with np.load(tmp_path / "cifar_80sec" / "checkpoint.npz") as checkpoint:
        arrays = {name: value * 0 if name.endswith("fc5.b") else value for name, value in checkpoint.items()}
    np.savez(tmp_path / "cifar_80sec" / "checkpoint.npz", **arrays)
    recipes.recipes(settings)
    assert len(before) == 1
    assert len(json.loads(kept.read_text())["results"]) == 2


def test_a_folder_of_another_model_is_refused(tmp_path):
    _, folder = recipe_runs.trained(settings_in(tmp_path), "cifar_80sec", 0)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "model": "cifar_18pct"}))
    with pytest.raises(ValueError, match=r"expected a run of cifar_80sec, got one of cifar_18pct"):
        recipe_runs.trained(settings_in(tmp_path), "cifar_80sec", 0)
