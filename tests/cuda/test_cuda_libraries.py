"""The kernels through NVIDIA's own compiler, for the GPUs of three generations; and CuPy's binding of cuBLAS.

No GPU and no driver is needed. NVRTC comes with `pip install cupy-cuda13x nvidia-cuda-nvrtc`. Its language is not quite
that of the C++ compiler that the other tests take: no header is included, and INFINITY, say, is not defined.
"""

import inspect
import re
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from cublas_double import Cublas

from minialex.cuda.launch import options, parameters, source

GPUS = {"sm_75": "Turing", "sm_80": "Ampere", "sm_90": "Hopper"}
OF_CUPY = ("-ftz=true", "--device-as-default-execution-space")  # which cupy/cuda/compiler.py adds to ours


@pytest.fixture(scope="module")
def nvrtc():
    reason = "NVRTC is not installed: pip install cupy-cuda13x nvidia-cuda-nvrtc"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of CuPy, that there is no GPU
        try:
            from cupy.cuda import nvrtc

            nvrtc.getVersion()
        except Exception as error:  # of CuPy, of the package that looks for NVIDIA's libraries, or of NVRTC itself
            pytest.skip(f"{reason} ({type(error).__name__})")
    return nvrtc


def compiled(nvrtc, text: str, *settings: str) -> bytes:
    """Return the machine code; where CuPy would compile through its RawKernel it asks for the GPU first."""
    program = nvrtc.createProgram(text, "kernels.cu", (), ())
    try:
        nvrtc.compileProgram(program, settings)
        return nvrtc.getCUBIN(program)
    except nvrtc.NVRTCError:
        raise ValueError(nvrtc.getProgramLog(program)) from None
    finally:
        nvrtc.destroyProgram(program)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("gpu", GPUS)
def test_every_kernel_compiles(nvrtc, gpu, dtype):
    code = compiled(nvrtc, source(), f"-arch={gpu}", "-Werror=all-warnings", *OF_CUPY, *options(np.dtype(dtype)))
    assert code.startswith(b"\x7fELF")
    for name in parameters():
        assert f".text.{name}\0".encode() in code


def test_a_wrong_kernel_does_not(nvrtc):
    with pytest.raises(ValueError, match=r'kernels.cu\(1\): error: identifier "z" is undefined'):
        compiled(nvrtc, "__global__ void wrong(float* x) { x[0] = z; }", "-arch=sm_90")


@pytest.mark.skipif(find_spec("cupy") is None, reason="CuPy is not installed: pip install cupy-cuda13x")
@pytest.mark.filterwarnings("ignore")  # of CuPy, that there is no GPU
def test_cupy_s_product_takes_the_arguments_of_the_double():
    """Read in the compiled module: to import it, cuBLAS itself would have to be installed."""
    module = Path(find_spec("cupy_backends.cuda.libs.cublas").origin).read_bytes()
    declared = re.search(rb"gemmStridedBatchedEx\(([^)]*)\)", module)[1].decode()
    names = [one.split()[-1] for one in declared.split(",")]
    assert names == list(inspect.signature(Cublas().gemmStridedBatchedEx).parameters)
