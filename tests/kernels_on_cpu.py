"""The CUDA kernels on the CPU: the same source through the C++ compiler, with a loop where the GPU has threads.

True to the GPU as long as no thread waits for another or writes what another reads: the source is refused where it
shares memory, synchronizes or adds atomically; and the loop can run backwards, which must change no bit. Undefined
behaviour (an overflow of int, a shift or division out of range) ends the process with its line.
"""

import ctypes
import os
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest

FORBIDDEN = ("__syncthreads", "__shared__", "atomic", "__shfl", "__ballot", "cooperative")
CHECKS = ("-fsanitize=undefined", "-fno-sanitize-recover=all", "-Wall", "-Wextra", "-Werror", "-ffp-contract=off")
COMPILER = next(filter(shutil.which, filter(None, (os.environ.get("CXX"), "g++", "c++", "clang++"))), None)
_FOLDER = tempfile.TemporaryDirectory(prefix="kernels-on-cpu-")

CUDA = """
#include <algorithm>
#include <cmath>
using std::max; using std::min; using std::pow; using std::tanh;
#define __global__
#define __device__ static
struct Index { unsigned x, y, z; };
static Index blockIdx, threadIdx, blockDim, gridDim;
"""
LOOP = """
extern "C" void {name}_on_cpu(const unsigned* grid_, const unsigned* block_, int backwards_, {parameters}) {{
  gridDim = {{grid_[0], grid_[1], grid_[2]}}; blockDim = {{block_[0], block_[1], block_[2]}};
  const auto order_ = [&](unsigned i, unsigned n) {{ return backwards_ ? n - 1 - i : i; }};
  for (unsigned z_ = 0; z_ < gridDim.z; ++z_)
    for (unsigned y_ = 0; y_ < gridDim.y; ++y_)
      for (unsigned x_ = 0; x_ < gridDim.x; ++x_)
        for (unsigned t_ = 0; t_ < blockDim.x; ++t_) {{
          blockIdx = {{order_(x_, gridDim.x), order_(y_, gridDim.y), order_(z_, gridDim.z)}};
          threadIdx = {{order_(t_, blockDim.x), 0, 0}};
          {name}({arguments});
        }}
}}
"""
NUMBERS = {"int": ctypes.c_int, "long long": ctypes.c_longlong, "float": ctypes.c_float, "double": ctypes.c_double}
DTYPES = {"int": "int32", "long long": "int64", "float": "float32", "double": "float64"}
DTYPES |= {"unsigned char": "uint8", "bool": "bool"}


@cache
def kernels_of(source: str) -> dict[str, list[tuple[str, str]]]:
    """Return for each kernel the type and the name of its parameters."""
    code = re.sub(r"//.*", "", source)
    found = re.findall(r'extern "C" __global__ void (\w+)\((.*?)\)', code, flags=re.S)
    declared = {name: [" ".join(one.split()) for one in parameters.split(",")] for name, parameters in found}
    return {name: [tuple(one.rsplit(" ", 1)) for one in parameters] for name, parameters in declared.items()}


@cache
def library(source: str, options: tuple[str, ...]) -> ctypes.CDLL:
    """Return the compiled kernels, each in a loop over its threads."""
    code = re.sub(r"//.*", "", source)
    assert not any(word in code for word in FORBIDDEN), "a kernel whose threads depend on each other"
    if not COMPILER:
        pytest.skip("no C++ compiler (g++, c++, clang++ or $CXX) is installed")
    loops = (
        LOOP.format(
            name=name, parameters=", ".join(map(" ".join, parameters)), arguments=", ".join(n for _, n in parameters)
        )
        for name, parameters in kernels_of(source).items()
    )
    stem = Path(_FOLDER.name) / f"kernels-{len(list(Path(_FOLDER.name).glob('*.so')))}"
    stem.with_suffix(".cpp").write_text(CUDA + source + "".join(loops))
    files = [str(stem.with_suffix(".cpp")), "-o", str(stem.with_suffix(".so"))]
    subprocess.run([COMPILER, "-O1", "-shared", "-fPIC", *CHECKS, *options, *files], check=True)
    return ctypes.CDLL(str(stem.with_suffix(".so")))


class RawKernel:
    """`cupy.RawKernel`, called alike: kernel(grid, block, arguments). What CUDA would misread is an error here."""

    backwards = False  # the order of the threads

    def __init__(self, source: str, name: str, options: tuple[str, ...]):
        self.name, self.options, self.source = name, options, source

    def __call__(self, grid: tuple, block: tuple, arguments: tuple) -> None:
        assert all(0 < n <= most for n, most in zip(grid, (2**31 - 1, 65_535, 65_535), strict=True)), grid
        assert block[1:] == (1, 1)
        assert block[0] % 32 == 0, "a block of whole warps"
        real = next(option for option in self.options if option.startswith("-DREAL=")).removeprefix("-DREAL=")
        parameters = kernels_of(self.source)[self.name]
        assert len(arguments) == len(parameters), f"{self.name}: {len(parameters)} arguments, got {len(arguments)}"
        passed = [
            converted(self.name, parameter.removeprefix("const "), real, value)
            for (parameter, _), value in zip(parameters, arguments, strict=True)
        ]
        sizes = ((ctypes.c_uint * 3)(*size) for size in (grid, block))
        function = getattr(library(self.source, self.options), f"{self.name}_on_cpu")
        function(*sizes, ctypes.c_int(self.backwards), *passed)


def converted(kernel: str, parameter: str, real: str, value):
    """Return an argument for C; its type must be the parameter's, since the kernel reads bytes."""
    kind = parameter.rstrip("*").replace("real", real)
    assert value.dtype == DTYPES[kind], f"{kernel}: {parameter} is {DTYPES[kind]}, got {value.dtype}"
    if parameter.endswith("*"):
        return ctypes.c_void_p(value.ctypes.data)
    assert isinstance(value, np.generic), f"{kernel}: {parameter} is a number, got {type(value)}"
    return NUMBERS[kind](value.item())
