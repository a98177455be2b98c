"""The cost model of AlexNet over ranks: by hand, at its limits, and beside what was published."""

import json

import numpy as np
import pytest

from minialex.lab import scale as lab
from minialex.lab.frame.settings import Settings
from minialex.models import alexnet_single


@pytest.fixture(scope="module")
def net():
    return alexnet_single(rng=np.random.default_rng(0))


def test_a_step_by_hand(net):
    one = lab.step(net, 2, 100, rate=50, bandwidth=1.0)
    messages = 2 * lab.LATENCY
    assert one.compute == 2
    sums, logits = 4 * 60_965_224 / 1e9 + messages, 4 * 100 * 1000 / 1e9 + messages
    assert one.data == pytest.approx(2 + sums + logits)
    assert one.hidden == pytest.approx(2 + logits)  # the sums take less than 0.6 of two seconds
    features = 4 * 100 * (2 * 9216 + 2 * 4096 + 4096) / 1e9 + 3 * messages  # p - 1 = 1; half of 200 images
    assert one.hybrid == pytest.approx(2 + features + 4 * 2_334_080 / 1e9 + messages)


def test_one_rank_sends_nothing_and_a_fast_network_costs_nothing(net):
    assert lab.step(net, 1, 128, 22, 1.15) == (128 / 22,) * 4
    one = lab.step(net, 8, 128, 22, 1e9)
    assert max(one) == pytest.approx(one.compute, rel=1e-3)


def test_hybrid_is_cheaper_below_3945_images_and_dearer_above(net):
    below, above = (lab.step(net, 8, n // 8, 500, 1.0) for n in (3936, 3952))
    assert below.hybrid - below.data < 4 * lab.LATENCY * 7  # it sends two messages more
    assert above.hybrid > above.data


def test_table_and_picture(tmp_path):
    settings = Settings(tmp_path, "shapes", None, 90, 1, "scale")
    text = lab.scale(settings, 22.0, 1.15, [1, 64, 256], 128)
    assert (tmp_path / "table.md").read_text() == text + "\n"
    assert (tmp_path / "scale.png").stat().st_size > 5000
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    assert [row[0] for row in rows[2:]] == ["1", "64", "256"]
    assert [row[-1] for row in rows[2:]] == ["yes", "with LARS", "no"]
    assert float(rows[2][5]) == pytest.approx(lab.IMAGES * 90 / 22 / 86400, rel=0.01)
    assert "8 GPUs 7.49 for 6.25 (+20%)" in text
    assert json.loads((tmp_path / "results.json").read_text())["settings"]["rate"] == 22
