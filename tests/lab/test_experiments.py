"""The experiments and the bench: their reports, and small runs of each."""

import json

import numpy as np
import pytest

from minialex import summary
from minialex.lab import two_groups as lab
from minialex.lab.bench.compare import bench
from minialex.lab.bench.report import as_table


def test_the_three_nets_of_section_3_2():
    made = {name: make(rng=np.random.default_rng(0), classes=10, image_size=32) for name, make in lab.NETS.items()}
    parameters = {name: summary(net, (3, 32, 32)).parameters for name, net in made.items()}
    assert parameters["silent groups"] < parameters["two groups"]
    assert abs(parameters["half a net"] / parameters["two groups"] - 1) < 0.15  # about the same, as in the footnote
    transfers = {name: len(summary(net, (3, 32, 32)).transfers) for name, net in made.items()}
    assert transfers == {"two groups": 8, "silent groups": 2, "half a net": 0}


def test_the_table_shows_means_and_standard_errors():
    results = {
        f"{name}, seed {s}": [0.4 + 0.01 * s + 0.02 * i, 0.1] for i, name in enumerate(lab.NETS) for s in range(3)
    }
    lines = lab.errors_table(results, 3).splitlines()
    assert len(lines) == 5
    assert "41.00 ± 0.58" in lines[2]
    assert "| +2.00 |" in lines[3]
    assert "41.83 / 19.33" in lines[3]
    assert "+1.7 / +1.2" in lines[4]


def test_results_of_other_settings_and_damaged_ones_are_refused(tmp_path):
    path = tmp_path / "results.json"
    assert lab.read_results(path, {"epochs": 1}) == {}
    path.write_text(json.dumps({"settings": {"epochs": 2}, "errors": {}}))
    with pytest.raises(ValueError, match="choose another --out"):
        lab.read_results(path, {"epochs": 1})
    path.write_text("{")
    with pytest.raises(ValueError, match="a damaged file"):
        lab.read_results(path, {"epochs": 1})


@pytest.mark.slow
def test_an_interrupted_experiment_continues(tmp_path, monkeypatch):
    settings = {"data": "shapes", "epochs": 1, "limit": 40}
    calls = []
    run = lab.one_run

    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return run(*arguments)

    monkeypatch.setattr(lab, "one_run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        lab.two_groups(tmp_path, seeds=1, **settings)
    text = lab.two_groups(tmp_path, seeds=1, **settings)
    assert len(calls) == 4  # one finished, one interrupted, two more
    assert (tmp_path / "table.md").read_text() == text + "\n"


def test_the_bench_times_ours_alone():
    result = bench("cifar_80sec", batch=2, repetitions=2, against="none", workers=1)
    assert result.keys() >= {"ratios", "seconds", "peak_bytes", "blas", "per_layer"}
    assert result["ratios"] == {"torch_installed": None, "torch_tuned": None, "torch_compiled": None}
    assert [row["layer"] for row in result["per_layer"]][:3] == ["conv1", "relu1", "pool1"]
    parts = sum(result["seconds"][f"ours_{part}"] for part in ("forward", "backward", "update"))
    assert parts == pytest.approx(result["seconds"]["ours"], rel=0.5)
    assert "medians of 2 interleaved repetitions" in as_table(result)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["cifar_80sec", "cifar_18pct"])
def test_the_bench_compares_with_pytorch(model):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    result = bench(model, batch=4, repetitions=2)
    assert result["ratios"]["torch_installed"] > 0
    assert result["ratios"]["torch_tuned"] > 0
    json.dumps(result)
