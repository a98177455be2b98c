"""PyTorch's side of `minialex bench`: the same net with the same parameters, which must give the same gradients."""

import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from minialex.lab.bench.machine import peak_bytes
from minialex.lab.bench.ours import burst, problem, send
from minialex.lab.bench.twins import twin

# Relative to the norm. Rounding may decide which of two nearly equal values is a window's maximum, or whether a unit is
# active, so that single gradients of two float32 computations differ by more; in float64 they agree to 1e-14.
TOLERANCE = 0.02


def main(name: str, model: str, batch: str, lrn: str, inference: str, workers: str, folder: str) -> None:
    ours, images, labels = problem(model, int(batch), bool(int(lrn)), 1)
    if int(workers):
        torch.set_num_threads(int(workers))
    net = twin(ours)
    names = [name for name, *_ in ours.parameters()]
    del ours
    x, y = torch.from_numpy(images), torch.from_numpy(labels)
    check_agreement(net, names, x[:16], y[:16], Path(folder) / "problem.npz")
    tuned = name != "torch_installed"
    if tuned:
        net, x = net.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    sgd = torch.optim.SGD(net.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4, fused=True if tuned else None)
    run = torch.compile(net) if name == "torch_compiled" else net
    if name == "torch_compiled":
        nn.functional.cross_entropy(run(x), y).backward()  # compiles, or fails, now

    send({})
    for _ in sys.stdin:
        send(burst(lambda: step(run, sgd, x, y, bool(int(inference)))))


def step(net, sgd, x, y, inference: bool) -> dict:
    """Run one training step, or one forward pass, and time it."""
    start = time.perf_counter()
    if inference:
        with torch.inference_mode():
            net.eval()(x)
    else:
        sgd.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        sgd.step()
    return {"seconds": time.perf_counter() - start, "peak_bytes": peak_bytes()}


def check_agreement(net: nn.Module, names: list[str], x, y, path: Path) -> None:
    """Raise a RuntimeError unless loss and gradients agree with those of our side."""
    net.eval()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    with path.open("rb") as file, np.load(file) as answer:
        pairs = [(loss.detach().numpy(), answer["loss"], "loss")]
        pairs += [(p.grad.numpy(), answer[f"grad/{n}"], n) for n, p in zip(names, net.parameters(), strict=True)]
    for theirs, ours, name in pairs:
        difference = np.linalg.norm(theirs - ours) / np.linalg.norm(ours)
        if not difference <= TOLERANCE:
            raise RuntimeError(f"{name} differs by {difference:.1e} of its norm; nothing was timed")
    net.train()
    net.zero_grad()


if __name__ == "__main__":
    main(*sys.argv[1:])
