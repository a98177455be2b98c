"""Section: a training step of each model and kit, its images on the GPU already, and brought there."""

from inspect import signature

from gpu_report.common import BATCH, MODELS, REPEAT, Problem, kits, milliseconds, say
from minialex import Cuda

precisions = [{}, {"tf32": True}] if "tf32" in signature(Cuda).parameters else [{}]
for model in MODELS:
    for kind, kit in kits().items():
        for options in precisions if kind == "kit" else [{}]:
            gpu = Cuda(0, **options)
            problem = Problem(model, kit, gpu)
            step, host = milliseconds(problem.step)
            with_put, _ = milliseconds(lambda p=problem, gpu=gpu: p.step(gpu.put(p.images)), max(2, REPEAT // 3))
            label = f"{model}, batch {BATCH}, {kind}{', TF32' * bool(options)}"
            say(f"{label}: {step:.2f} ms, {1e3 * BATCH / step:,.0f} images/s; with put {with_put:.2f}; host {host:.2f}")
