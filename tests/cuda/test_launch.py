"""Launching kernels: what is refused, and that file and layers agree on what there is."""

import re
from pathlib import Path

import numpy as np
import pytest
from cuda_on_cpu import OnCpu, kit_on, poisoned
from kernels_on_cpu import FORBIDDEN, kernels_of

from minialex import Cuda, Host, cuda, host, layers
from minialex.cuda.launch import launch, options, parameters, source

DEVICE = OnCpu()
FLAT = (1, 1, 4)


def array(n=4, dtype="float32"):
    return poisoned((n,), dtype)


def test_every_kernel_is_launched_by_a_layer():
    text = "".join(path.read_text() for path in Path(cuda.__file__).parent.glob("*.py"))
    assert len(parameters()) > 15
    for name in parameters():
        assert f'"{name}"' in text, f"{name}: no layer launches it"


def test_types_of_parameters_are_read_from_the_source():
    assert parameters()["dropout"] == ["real*", "bool*", "real*", "real", "long long"]
    assert parameters()["fold"][:3] == ["real*", "real*", "int"]
    kinds = {kind for kinds in parameters().values() for kind in kinds}
    assert kinds == {"real*", "unsigned char*", "bool*", "real", "int", "long long"}
    assert parameters().keys() == kernels_of(source()).keys()


def test_no_thread_waits_for_another():
    code = re.sub(r"//.*", "", source())
    assert not [word for word in FORBIDDEN if word in code]


def test_lines_of_the_kernels_fit_the_page():
    assert max(map(len, source().splitlines())) <= 120


@pytest.mark.parametrize(
    ("name", "args", "x"),
    [("Conv2D", (3, 4, 3), (2, 3, 5, 5)), ("Dense", (7, 4), (2, 7)), ("LRN", (), (2, 3, 4, 4)), ("ReLU", (), (2, 3))],
)
def test_on_the_host_an_error_says_what_to_do(name, args, x):
    draws = {"rng": np.random.default_rng(0)} if args else {}
    layer = getattr(cuda, name)(*args, **draws).to(Host(workers=1))
    what = r"minialex.cuda: expected a layer on a Cuda device, got one on Host\(workers=1\); .*net.to\(Cuda\(\)\)"
    with pytest.raises(RuntimeError, match=what):
        layer.forward(np.ones(x, "float32"))


def test_another_dtype_is_refused():
    with pytest.raises(TypeError, match="relu_forward: expected an array of float32, got float64; convert"):
        launch(DEVICE, "relu_forward", FLAT, array(), array(dtype="float64"), 4)
    with pytest.raises(TypeError, match="dropout: expected an array of bool, got uint8; convert"):
        launch(DEVICE, "dropout", FLAT, array(), array(dtype="uint8"), array(), 0.5, 4)


def test_a_grid_beyond_that_of_a_gpu_is_refused():
    x = array()
    with pytest.raises(ValueError, match="add_bias: expected maps of at most 65535 rows and channels"):
        launch(DEVICE, "add_bias", (1, 70_000, 1), x, x, 1)


def test_an_argument_too_few_is_refused():
    with pytest.raises(ValueError, match="zip"):
        launch(DEVICE, "relu_forward", FLAT, array(), array())


def test_options_name_the_type():
    assert options(np.dtype("float64")) == ("-std=c++17", "-DREAL=double")


@pytest.mark.parametrize(("row", "block", "blocks"), [(1, 32, 1), (33, 64, 1), (128, 128, 1), (7040, 128, 55)])
def test_blocks_are_whole_warps(row, block, blocks):
    """Short rows, of a single image, take small blocks."""
    called = []

    class RawKernel:
        def __init__(self, *_):
            pass

        def __call__(self, grid, threads, arguments):
            called.append((grid, threads))

    device = OnCpu()
    device.xp.RawKernel = RawKernel
    x = array()
    launch(device, "add_bias", (5, 6, row), x, x, row)
    assert called == [((blocks, 6, 5), (block, 1, 1))]


# -- the kit of a device ----------------------------------------------------------------------------------------------


def test_a_gpu_takes_this_kit():
    assert Cuda.kit is cuda
    assert host.kit is not cuda
    assert kit_on(DEVICE).ReLU is not layers.ReLU


def test_tf32_is_off_unless_a_device_is_made_with_it(double):
    assert not Cuda(0).tf32
    assert Cuda(0, tf32=True).tf32
    with pytest.raises(ValueError, match="Cuda: expected tf32 to be True or False, got 1"):
        Cuda(0, tf32=1)
