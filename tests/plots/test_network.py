"""The drawing of a net in two groups."""

import numpy as np
import pytest

from minialex import alexnet, summary
from minialex.models import alexnet_single, small_alexnet
from minialex.plots import network
from minialex.plots.network import megabytes
from minialex.plots.network_boxes import layout
from minialex.plots.style import ORANGE, QUIET

SMALL_IMAGE, IMAGE = (3, 32, 32), (3, 224, 224)
LAYERS = ["images", "conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"]


@pytest.fixture(scope="module")
def paper():
    return summary(alexnet(rng=np.random.default_rng(0)), IMAGE, batch=128)


@pytest.fixture(scope="module")
def small():
    return summary(small_alexnet(rng=np.random.default_rng(0)), SMALL_IMAGE, batch=128)


def test_layers_are_in_order_and_transfers_lead_to_the_layer_after_them(paper):
    boxes, targets = layout(paper.rows, paper.transfers, IMAGE)
    for group, names in (("a", LAYERS), ("b", LAYERS[1:-1])):
        row = sorted((box for box in boxes if box.group == group), key=lambda box: box.column)
        assert [box.layer for box in row] == names
        assert [LAYERS[box.column] for box in row] == names
    leads_to = {name: LAYERS[column] for name, column in targets.items()}
    assert leads_to == {"images": "conv1", "to_conv3": "conv3", "to_fc6": "fc6", "to_fc7": "fc7", "to_fc8": "fc8"}


def arrows(figure, colour):
    made = [text for text in figure.axes[0].texts if getattr(text, "arrow_patch", None)]
    return [text for text in made if text.arrowprops["color"] == colour]


def test_each_transfer_is_an_arrow_between_the_devices(paper):
    figure = network(paper.rows, paper.transfers, IMAGE, title="AlexNet")
    between = arrows(figure, ORANGE)
    assert len(between) == len(paper.transfers) == 8
    assert all(arrow.xy[1] != arrow.xyann[1] for arrow in between)
    widths = {t.forward: arrow.arrowprops["lw"] for t, arrow in zip(paper.transfers, between, strict=True)}
    assert sorted(widths) == sorted(widths, key=widths.get)  # more bytes, thicker
    within = arrows(figure, QUIET)
    assert len(within) == 8 + 6  # between the nine boxes of a, and the seven of b
    assert all(arrow.xy[1] == arrow.xyann[1] for arrow in within)


def test_bytes_names_and_shapes_are_written(paper):
    figure = network(paper.rows, paper.transfers, IMAGE)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert {"77.1 MB", "11.1 MB\neach way", "2.4 MB\neach way", "1.0 MB\neach way", "1.0 MB"} <= set(texts)
    assert texts.count("48 x 55x55") == 2
    assert texts.count("1,000") == 1
    assert set(LAYERS) <= set(texts)
    assert "to_conv3 b to a 11.1 MB" in figure.alt


@pytest.mark.parametrize(("net", "image"), [("paper", IMAGE), ("small", SMALL_IMAGE)])
def test_nothing_is_written_over_anything_else(net, image, request):
    table = request.getfixturevalue(net)
    figure = network(table.rows, table.transfers, image)
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    touching = [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]
    assert not touching
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y0 >= 0 for box in boxes)


def test_a_net_without_groups_is_refused():
    table = summary(alexnet_single(rng=np.random.default_rng(0), image_size=64), (3, 64, 64))
    with pytest.raises(ValueError, match="two groups, a and b, got a; draw alexnet"):
        network(table.rows, table.transfers, (3, 64, 64))


@pytest.mark.parametrize(("count", "text"), [
    (999, "999 bytes"), (8192, "8.2 kB"), (77_070_336, "77.1 MB"), (250_000_000, "250 MB"),
])  # fmt: skip
def test_units(count, text):
    assert megabytes(count) == text
