"""Section: the kernels that each layer of the paper's net launches, counted on the double of CuPy, not on the GPU."""

import cupy_double

from gpu_report.common import Problem, kits, say
from minialex import Cuda

for kind, kit in kits().items():
    gpu, counts = Cuda(0), {}
    problem = Problem("alexnet_single", kit, gpu)
    problem.step()  # which makes the velocities
    with gpu:
        x = problem.on_device
        for name, layer in problem.net.layers.items():
            with cupy_double.counting() as work:
                x = layer.forward(x)
            counts[name] = [work.launches]
        for name, layer in reversed(problem.net.layers.items()):
            with cupy_double.counting() as work:
                x = layer.backward(x)
            counts[name].append(work.launches)
    with cupy_double.counting() as step:
        problem.step()
    say(f"{kind}: {step.launches} a step; forward + backward:", *(f"{name} {a}+{b}" for name, (a, b) in counts.items()))
