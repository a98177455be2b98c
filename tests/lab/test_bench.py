"""The bench: its report, and small runs."""

import json

import numpy as np
import pytest

from minialex.lab.bench.compare import bench
from minialex.lab.bench.ours import problem
from minialex.lab.bench.report import as_table


def test_the_bench_times_ours_alone():
    result = bench("cifar_80sec", batch=2, repetitions=2, against="none", workers=1)
    assert result.keys() >= {"ratios", "seconds", "peak_bytes", "blas", "per_layer"}
    assert result["ratios"] == {"torch_installed": None, "torch_tuned": None, "torch_compiled": None}
    assert [row["layer"] for row in result["per_layer"]][:3] == ["conv1", "pool1", "relu1"]
    parts = sum(result["seconds"][f"ours_{part}"] for part in ("forward", "backward", "update"))
    assert parts == pytest.approx(result["seconds"]["ours"], rel=0.5)
    assert "medians of 2 interleaved repetitions" in as_table(result)


def test_the_bench_names_a_setting_of_blas_that_the_user_has_made(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    assert "OPENBLAS_CORETYPE=Haswell" in bench("cifar_80sec", batch=2, repetitions=1, against="none")["blas"]


@pytest.mark.parametrize("model", ["small_alexnet", "cifar_18pct", "cifar_fast", "cifar_airbench"])
def test_pytorchs_twin_computes_the_same(model):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    twins = pytest.importorskip("minialex.lab.bench.twins")
    net, images, _ = problem(model, 4, True, 1)
    net.eval()
    theirs = twins.twin(net).eval()(torch.from_numpy(images)).detach().numpy()
    np.testing.assert_allclose(theirs, net.forward(images), rtol=1e-4, atol=1e-4 * abs(theirs).max())
    assert len(list(twins.twin(net).parameters())) == len(list(net.parameters()))


@pytest.mark.slow
@pytest.mark.parametrize("model", ["cifar_80sec", "cifar_fast"])
def test_the_bench_compares_with_pytorch(model):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    result = bench(model, batch=4, repetitions=2)
    assert result["ratios"]["torch_installed"] > 0
    assert result["ratios"]["torch_tuned"] > 0
    json.dumps(result)
