"""Every experiment in small, by the command line."""

import json

import numpy as np
import pytest
from console import run

from minialex import summary
from minialex.lab.catalogue import CATALOGUE
from minialex.lab.two_groups import ENTRIES

SMALL = ("--data", "shapes", "--limit", "20", "--epochs", "1", "--seeds", "1")
OWN = {"transfer": ("--image-size", "16", "--images", "1", "--steps", "1"), "variants": ("--group", "training")}


@pytest.mark.slow
@pytest.mark.parametrize("name", CATALOGUE)
def test_an_experiment_in_small(capsys, tmp_path, monkeypatch, name):
    monkeypatch.setattr("minialex.lab.frame.rates.GRID", (0.003, 0.01, 0.03, 0.1))
    out = tmp_path / name
    status, text, _ = run(capsys, "reproduce", name, *SMALL, *OWN.get(name, ()), "--out", str(out))
    assert status == 0
    assert (out / "table.md").read_text() + f"kept in {out}\n" == text
    assert json.loads((out / "results.json").read_text())["settings"]["data"] == "shapes"
    pictures = list(out.glob("*.png"))
    assert all(picture.stat().st_size > 5000 for picture in pictures)
    assert pictures or name == "transfer"
    assert (out / "versions.png").exists() == (name == "augmentation")


def test_the_three_nets_of_section_3_2():
    made = {name: entry.net(rng=np.random.default_rng(0), classes=10, image_size=32) for name, entry in ENTRIES.items()}
    parameters = {name: summary(net, (3, 32, 32)).parameters for name, net in made.items()}
    assert parameters["silent groups"] < parameters["two groups"]
    assert abs(parameters["half a net"] / parameters["two groups"] - 1) < 0.15  # about the same, as in the footnote
    transfers = {name: len(summary(net, (3, 32, 32)).transfers) for name, net in made.items()}
    assert transfers == {"two groups": 8, "silent groups": 2, "half a net": 0}


@pytest.mark.parametrize("name", ENTRIES)
def test_the_nets_of_section_3_2_take_grey_images(name):
    net = ENTRIES[name].net(rng=np.random.default_rng(0), classes=3, image_size=16, channels=1)
    assert net.forward(np.zeros((2, 1, 16, 16), "float32")).shape == (2, 3)
