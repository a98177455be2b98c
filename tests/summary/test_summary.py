"""Summaries: what each layer makes, costs and holds, and the numbers of the paper that they give."""

import re
from pathlib import Path

import numpy as np
import pytest

from minialex import Sequential, alexnet, summary
from minialex.layers import Conv2D, Dense, Dropout, Flatten, MaxPool, ReLU
from minialex.models import alexnet_single, cifar_11pct
from minialex.variants import BatchNorm

PAGE = (Path(__file__).parents[2] / "docs" / "paper.md").read_text()


def net(seed=0):
    rng = np.random.default_rng(seed)
    return Sequential(
        maps=Sequential(conv=Conv2D(3, 4, 3, rng=rng), pool=MaxPool(2, 2)), flatten=Flatten(),
        fc=Dense(16, 5, rng=rng), drop=Dropout(rng=rng),
    )  # fmt: skip


def test_a_summary_counts_what_each_layer_makes():
    result = summary(net(), (3, 6, 6), batch=10)
    assert [row.layer for row in result.rows] == ["maps.conv", "maps.pool", "flatten", "fc", "drop"]
    assert [row.output_shape for row in result.rows] == [(4, 4, 4), (4, 2, 2), (16,), (5,), (5,)]
    assert [row.parameters for row in result.rows] == [3 * 4 * 9 + 4, 0, 0, 16 * 5 + 5, 0]
    assert [row.multiply_adds for row in result.rows] == [3 * 4 * 9 * 16, 0, 0, 80, 0]
    assert [row.bytes for row in result.rows] == [4 * 10 * n for n in (64, 16, 16, 5, 5)]
    assert result.parameters == sum(value.size for value in net().state().values())
    assert result.multiply_adds == net().multiply_adds((3, 6, 6))
    assert result.transfers == []
    assert result.as_dict()["layers"][0]["kind"] == "Conv2D"


def test_a_summary_as_text_has_a_line_a_layer_and_totals():
    lines = str(summary(net(), (3, 6, 6))).splitlines()
    layers, categories = lines[: lines.index("")], lines[lines.index("") + 1 :]
    assert len(layers) == 2 + 5 + 2 + 1
    assert layers[-2].split() == ["total", "197", "1,808", "424"]
    assert [line.split() for line in categories[2:-3]] == [
        ["convolutional", "112", "56.85%", "1,728", "95.58%", "64", "1,792"],
        ["dense", "85", "43.15%", "80", "4.42%", "5", "85"],
    ]
    assert categories[-2].split() == ["total", "197", "100.00%", "1,808", "100.00%", "69", "1,877"]
    assert categories[-1].startswith("neurons: outputs of layers with weights, beside 108 inputs")
    assert summary(ReLU(), (3, 2, 2)).rows[0].layer == "ReLU"


def test_a_summary_of_images_that_do_not_fit_names_the_layer():
    with pytest.raises(ValueError, match=r"maps\.conv"):
        summary(net(), (4, 6, 6))


# -- neurons and connections --------------------------------------------------------------------------------------


def test_lenet5s_first_layer_has_the_counts_of_its_paper():
    c1 = summary(Conv2D(1, 6, 5, rng=np.random.default_rng(0)), (1, 32, 32))
    assert c1.counts == (156, 117_600, 4_704, 122_304)
    assert c1.inputs == 1024


def test_layers_without_weights_add_no_neurons():
    rng = np.random.default_rng(0)
    table = summary(Sequential(conv=Conv2D(3, 4, 3, rng=rng), norm=BatchNorm(4), relu=ReLU()), (3, 6, 6))
    assert [row.neurons for row in table.rows] == [64, 0, 0]
    assert [row.category for row in table.rows] == ["convolutional", "other", "other"]
    assert table.by_category["other"].parameters == 8
    assert list(summary(ReLU(), (3,)).by_category) == ["convolutional", "dense"]
    assert "nan" not in str(summary(ReLU(), (3,)))


def test_layers_of_any_category_add_up():
    table = summary(cifar_11pct(rng=np.random.default_rng(0)), (3, 24, 24))
    assert tuple(map(sum, zip(*table.by_category.values(), strict=True))) == table.counts
    assert table.by_category["other"].parameters > table.parameters / 2  # local layers share no weights
    categories = table.as_dict()["categories"].values()
    for name in ("share_of_parameters", "share_of_multiply_adds"):
        assert sum(counts[name] for counts in categories) == pytest.approx(1)


# -- the numbers of the paper -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def paper():
    return summary(alexnet_single(rng=np.random.default_rng(0)), (3, 224, 224))


def on_the_page(*numbers):
    """Check that the page of the paper has these numbers."""
    lost = [text for text in numbers if not re.search(rf"(?<![\d,.]){re.escape(text)}(?![.,]?\d)", PAGE)]
    assert not lost


def test_the_neurons_of_the_paper(paper):
    neurons = [row.neurons for row in paper.rows if row.neurons]
    assert neurons == [290_400, 186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]
    by_paper = paper.neurons - neurons[0] + 253_440
    convolutions = paper.by_category["convolutional"].neurons
    on_the_page(f"{paper.neurons:,}", f"{by_paper:,}", f"{convolutions:,}", f"{paper.inputs:,}")
    assert "-".join(f"{n:,}" if n > 9999 else str(n) for n in [253_440, *neurons[1:]]) in PAGE


def test_the_connections_of_the_paper(paper):
    on_the_page(f"{paper.multiply_adds:,}", f"{paper.connections:,}")
    without_padding = paper.by_category["dense"].multiply_adds
    n = alexnet_single(rng=np.random.default_rng(0))
    for prefix, layer, shape in n.flow((3, 224, 224)):
        if prefix.startswith("conv"):  # with all weights and inputs 1, an output is the number of its inputs
            layer.params = {"W": layer.params["W"] * 0 + 1, "b": layer.params["b"] * 0}
            without_padding += int(np.sum(layer.forward(np.ones((1, *shape), "float32")), dtype="float64"))
    on_the_page(f"{without_padding:,}")


def test_the_one_per_cent_of_section_7(paper):
    held = {row.layer: row.parameters for row in paper.rows if row.category == "convolutional"}
    shares = {name: parameters / paper.parameters for name, parameters in held.items()}
    assert [name for name, each in shares.items() if each > 0.01] == ["conv3", "conv4"]
    convolutions = paper.as_dict()["categories"]["convolutional"]
    percentages = [shares["conv3"], shares["conv4"], *(v for k, v in convolutions.items() if k.startswith("share"))]
    on_the_page(f"{held['conv3']:,}", f"{held['conv4']:,}", *(f"{100 * each:.2f}" for each in percentages))


def test_two_groups_have_the_same_counts(paper):
    assert summary(alexnet(rng=np.random.default_rng(0)), (3, 224, 224)).by_category == paper.by_category
