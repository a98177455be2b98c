"""config.json: what is written is read again, what is wrong is named, and a new setting is one line."""

import json
import re
from dataclasses import dataclass, fields, replace

import pytest
from console import refused, run

from minialex.cli.arguments import add_train
from minialex.training.config import RunConfig, later

KEPT = """{
  "model": "cifar_80sec",
  "preset": "paper",
  "data": "shapes",
  "devices": "cpu",
  "seed": 0,
  "workers": null,
  "image_size": 28,
  "scale": 32,
  "augment": [
    "crop",
    "reflection"
  ],
  "epochs": 1,
  "batch": 25,
  "lr": 0.001,
  "divide_after": [
    1,
    2
  ],
  "limit": 50,
  "classes": [
    "red disc, level",
    "caf\\udce9"
  ]
}
"""
LATER = {  # settings of later versions, with their defaults as JSON has them
    setting.name: list(setting.default) if isinstance(setting.default, tuple) else setting.default
    for setting in fields(RunConfig)
    if "later" in setting.metadata
}


@pytest.fixture
def kept(tmp_path):
    """The folder of a run that was made before settings were typed."""
    (tmp_path / "config.json").write_text(KEPT)
    return tmp_path


def edited(folder, **changes):
    """Change entries of config.json, as people do."""
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    return folder


def test_a_file_is_written_as_it_was_read(kept):
    config = RunConfig.read(kept)
    assert (config.augment, config.divide_after, config.limit) == (("crop", "reflection"), (1, 2), 50)
    config.write(kept)
    written = (kept / "config.json").read_text()
    later = "".join(f',\n  "{name}": {json.dumps(value)}' for name, value in LATER.items())
    assert written == KEPT.replace("\n  ]\n}", f"\n  ]{later}\n}}")


def test_a_new_run_has_the_settings_of_its_recipe():
    config = RunConfig.new(model="alexnet", preset="source", data="shapes", epochs=2)
    assert (config.image_size, config.scale, config.epochs, config.batch) == (224, 256, 2, 128)
    assert config.augment == config.recipe.augment == ("crop", "reflection", "colour")
    assert (config.recipe.groups, config.recipe.colour) == (2, "source")
    assert (config.seed, config.limit, config.classes) == (0, None, ())
    assert RunConfig.new() == RunConfig.new(model="small_alexnet", preset="paper", devices="cpu")
    with pytest.raises(ValueError, match="did you mean 'alexnet'"):
        RunConfig.new(model="alexnett")


@pytest.mark.parametrize(("content", "message"), [
    ("{", "expected JSON, got something else or a part"),
    ("[1]", "expected the settings of a run, got list"),
    ('{"model": "alexnet"}', "expected the settings of a run, got none for preset"),
])  # fmt: skip
def test_a_damaged_config_is_named(tmp_path, content, message):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(ValueError, match=message) as caught:
        RunConfig.read(tmp_path)
    assert "config.json" in str(caught.value)


@pytest.mark.parametrize(("key", "value"), [
    ("model", 5), ("model", None), ("model", ["alexnet"]),
    ("seed", -1), ("seed", True), ("seed", 1.0), ("seed", "1"), ("seed", None),
    ("workers", 1.5), ("workers", False), ("workers", -1), ("limit", [3]),
    ("lr", "fast"), ("lr", True), ("lr", -0.1), ("lr", float("nan")), ("lr", None),
    ("augment", "crop"), ("augment", [5]), ("augment", None), ("classes", {"cat": 1}),
    ("divide_after", 3), ("divide_after", [1, "x"]), ("divide_after", [True]), ("divide_after", [-1]),
])  # fmt: skip
def test_a_setting_of_another_type_is_named(kept, key, value):
    with pytest.raises(ValueError, match=rf"config\.json: expected {key} to be .*, got .*; correct it there") as caught:
        RunConfig.read(edited(kept, **{key: value}))
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize(("key", "value"), [
    ("seed", 0), ("workers", 4), ("workers", None), ("lr", 1), ("lr", 0.5), ("augment", []), ("divide_after", None),
])  # fmt: skip
def test_a_setting_of_the_right_type_is_read(kept, key, value):
    assert getattr(RunConfig.read(edited(kept, **{key: value})), key) == (() if value == [] else value)


@pytest.mark.parametrize("key", list(json.loads(KEPT)))
def test_a_setting_that_is_absent_is_named(kept, key):
    values = json.loads(KEPT)
    del values[key]
    (kept / "config.json").write_text(json.dumps(values))
    with pytest.raises(ValueError, match=f"expected the settings of a run, got none for {key}; start a new run"):
        RunConfig.read(kept)


@dataclass(frozen=True, kw_only=True)
class Extended(RunConfig):
    """The settings with a new one: this line, and one for the option."""

    mixup: bool = later(False)


def test_a_new_setting_is_one_line_for_reading_and_writing(kept):
    assert Extended.read(kept).mixup is False  # a run from before
    replace(Extended.read(kept), mixup=True).write(kept)
    now = json.loads((kept / "config.json").read_text())
    assert now == {**json.loads(KEPT), **LATER, "mixup": True}
    assert Extended.read(kept).mixup is True
    assert Extended.new(mixup=True).mixup is True
    with pytest.raises(ValueError, match="expected mixup to be true or false, got 1"):
        Extended.read(edited(kept, mixup=1))


def test_a_new_setting_is_one_line_for_its_option_and_for_resuming(capsys, kept, monkeypatch):
    def add_train_with_mixup(verbs):
        add_train(verbs)
        verbs.choices["train"].add_argument("--mixup", action="store_true", default=None)

    def train_run(config, out, **options):
        trained.append(config)
        replace(config, classes=("cat", "dog")).write(out)
        return [{"epoch": 1, "val_error": 0.5}]

    trained = []
    monkeypatch.setattr("minialex.cli.arguments.add_train", add_train_with_mixup)
    for module in ("settings", "run_commands"):
        monkeypatch.setattr(f"minialex.cli.{module}.RunConfig", Extended)
    monkeypatch.setattr("minialex.cli.run_commands.train_run", train_run)
    (kept / "new").mkdir()
    assert run(capsys, "train", "--mixup", "--out", kept / "new")[0] == 0
    assert trained[0].mixup is True
    refused(capsys, 2, "--mixup True differs from the run's False", "train", "--resume", "--out", kept, "--mixup")


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("batch", 1.5, "an integer >= 0"),
        ("lr", float("inf"), "a number >= 0"),
        ("workers", "2", "an integer >= 0 or null"),
        ("divide_after", [1.5], "a list, each an integer >= 0 or null"),
        ("model", 5, "text"),
    ],
)
def test_the_message_says_what_is_expected(kept, key, value, kind):
    with pytest.raises(ValueError, match=re.escape(f"expected {key} to be {kind}, got {value!r}")):
        RunConfig.read(edited(kept, **{key: value}))
