"""Section: CuPy against NumPy, layer by layer on the same inputs; and the precision of products."""

import os
import subprocess
import sys

import numpy as np

from gpu_report.common import IS_SMALL, MODELS, Problem, apart, kits, say
from minialex import Cuda, host, layers

TF32 = """
import cupy, numpy as np
a, b = np.random.default_rng(0).standard_normal((2, 512, 512))
x, y = (cupy.asarray(v.astype("float32")) for v in (a, b))
print(*(f"{np.linalg.norm(z.get() - a @ b) / np.linalg.norm(a @ b):.1e}" for z in (x @ y, (x[None] @ y[None])[0])))
"""


def layer_by_layer(model: str, kit) -> dict[str, float]:
    """Return for each layer how far apart outputs and gradients are, dropout and rounding before it left out."""
    gpu, batch = Cuda(0), 2 if IS_SMALL else 8
    ours, theirs = Problem(model, kit, gpu, batch).net.eval(), Problem(model, layers, host, batch)
    x, net, inputs = theirs.images, theirs.net.eval(), {}
    for name, layer in net.layers.items():
        inputs[name], x = x, layer.forward(x)
    dy, far = np.random.default_rng(1).standard_normal(x.shape, dtype="float32") / x.size, {}
    for name, layer in reversed(net.layers.items()):
        twin, y = ours.layers[name], layer.forward(inputs[name])
        with gpu:
            their_y, dx = twin.forward(gpu.put(inputs[name])), twin.backward(gpu.put(dy))
        on_gpu = {"y": host.put(their_y)} | {key: host.put(value) for key, value in twin.grads.items()}
        dx_host = layer.backward(dy)
        on_host = {"y": y, **layer.grads}
        if dx is not None:
            on_gpu["dx"], on_host["dx"] = host.put(dx), dx_host
        far[name], dy = apart(on_gpu, on_host), dx_host
    return far


for kind, kit in kits().items():
    for model in MODELS:
        far = layer_by_layer(model, kit)
        worst = sorted(far, key=far.get, reverse=True)[:3]
        say(f"{model}, {kind}: furthest apart", ", ".join(f"{name} {far[name]:.0e}" for name in worst))
for setting in ("0", "1"):
    found = subprocess.run(
        [sys.executable, "-c", TF32], env={**os.environ, "CUPY_TF32": setting}, capture_output=True, text=True
    )
    print(found.stderr)
    say(f"CUPY_TF32={setting}: errors of a product of 2 axes, and of 3: {found.stdout.strip() or found.stderr[-100:]}")
