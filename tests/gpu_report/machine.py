"""Section: the machine, and how fast its memory, its products, a transfer and a launch are."""

import cupy
import numpy as np

from gpu_report.common import IS_SMALL, milliseconds, say

gpu = cupy.cuda.runtime.getDeviceProperties(0)
say(gpu["name"].decode(), f"{gpu['multiProcessorCount']} multiprocessors, L2 {gpu['l2CacheSize'] / 2**20:.0f} MiB;")
say(f"NumPy {np.__version__}, CuPy {cupy.__version__}")
n = 256 if IS_SMALL else 8192
a, b = cupy.zeros(4 * n * n, dtype="float32"), cupy.empty(4 * n * n, dtype="float32")
copy, _ = milliseconds(lambda: cupy.copyto(b, a))
square = cupy.asarray(np.random.default_rng(0).standard_normal((n, n), dtype="float32"))
product, _ = milliseconds(lambda: square @ square, 5)
say(f"copy {2 * a.nbytes / copy / 1e9:.2f} TB/s; float32 product {2 * n**3 / product / 1e9:.1f} TFLOP/s")
images = np.ones((2 if IS_SMALL else 128, 3, 224, 224), "float32")
put, host = milliseconds(lambda: cupy.asarray(images), 10)
say(f"put of {images.nbytes / 1e6:.0f} MB: {put:.2f} ms, of which the host is busy {host:.2f}")
few = cupy.zeros(4)
_, host = milliseconds(lambda: [cupy.add(few, few) for _ in range(1000)], 3)
say(f"launch of an elementwise function: {host:.1f} microseconds of the host")
