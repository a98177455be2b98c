"""Section: the same step in PyTorch, whose loss is read at every step as ours is."""

import sys
import time
from importlib.util import find_spec
from statistics import median

from gpu_report.common import BATCH, MODELS, REPEAT, Problem, say
from minialex import host, layers

if find_spec("torch") is None:
    say("PyTorch is not installed")
    sys.exit()

import torch
from torch import nn

from minialex.lab.bench.twins import twin

GPU = torch.device("cuda" if torch.cuda.is_available() else "cpu")
VARIANTS = {  # TF32 in products, in convolutions, channels last, compiled
    "eager, float32": (False, False, False, False),
    "eager, as installed": (False, True, False, False),
    "eager, TF32": (True, True, False, False),
    "channels last, TF32": (True, True, True, False),
    "compiled, float32": (False, False, False, True),
    "compiled, channels last, TF32": (True, True, True, True),
}


def clock(step) -> float:
    """Return the median milliseconds of a step, with which the host has waited for its loss."""
    times = []
    for _ in range(REPEAT + 5):
        start = time.perf_counter()
        step()
        times.append(1e3 * (time.perf_counter() - start))
    return median(times[5:])


def milliseconds_of(model: str, products: bool, convolutions: bool, last: bool, compiled: bool) -> float:
    problem = Problem(model, layers, host)
    torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = products, convolutions
    torch.backends.cudnn.benchmark = True
    form = {"memory_format": torch.channels_last} if last else {}
    net = twin(problem.net).to(GPU).to(**form)
    x, y = torch.from_numpy(problem.images).to(GPU).to(**form), torch.from_numpy(problem.labels).to(GPU)
    sgd = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4)
    run = torch.compile(net) if compiled else net

    def step():
        sgd.zero_grad()
        loss = nn.functional.cross_entropy(run(x), y)
        loss.backward()
        sgd.step()
        return loss.item()

    return clock(step)


say(f"PyTorch {torch.__version__} on {torch.cuda.get_device_name(0) if GPU.type == 'cuda' else 'the host'}")
eager_first = sorted(VARIANTS, key=lambda name: "compiled" in name)  # compiling takes longest
for name in eager_first:
    for model in MODELS:
        if "compiled" in name and GPU.type == "cpu":
            continue
        try:
            step = milliseconds_of(model, *VARIANTS[name])
            say(f"{model}, batch {BATCH}, {name}: {step:.2f} ms, {1e3 * BATCH / step:,.0f} images/s")
        except Exception as error:  # of one variant: the others are wanted all the same
            say(f"{model}, {name}: {type(error).__name__} {str(error)[:100]}")
