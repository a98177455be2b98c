"""PyTorch's side of `minialex bench`: the same net with the same parameters, which must give the same gradients."""

import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

from minialex import layers
from minialex.lab.bench.ours import burst, peak_bytes, problem, send

# Relative to the norm. Rounding may decide which of two nearly equal values is a window's maximum, or whether a unit is
# active, so that single gradients of two float32 computations differ by more; in float64 they agree to 1e-14.
TOLERANCE = 0.02


class GroupedLRN(nn.Module):
    """Response normalization within each group of channels."""

    def __init__(self, lrn: layers.LRN):
        super().__init__()
        # PyTorch divides alpha by the size of the window.
        self.norm = nn.LocalResponseNorm(lrn.n, alpha=lrn.alpha * lrn.n, beta=lrn.beta, k=lrn.k)
        self.groups = lrn.groups

    def forward(self, x):
        return torch.cat([self.norm(part) for part in x.chunk(self.groups, dim=1)], dim=1)


class WithinMapLRN(nn.Module):
    """Response normalization over the n x n pixels around each one."""

    def __init__(self, lrn: layers.LRN):
        super().__init__()
        self.n, self.k, self.alpha, self.beta = lrn.n, lrn.k, lrn.alpha * lrn.n**2, lrn.beta

    def forward(self, x):
        means = nn.functional.avg_pool2d(x * x, self.n, 1, self.n // 2)
        return x / (self.k + self.alpha * means) ** self.beta


class PaperDropout(nn.Module):
    """Dropout as in section 4.2; PyTorch's is inverted, that is, scaled by 1 / (1 - p)."""

    def __init__(self, dropout: layers.Dropout):
        super().__init__()
        self.p, self.scale = dropout.p, 1.0 if dropout.inverted else 1 - dropout.p

    def forward(self, x):
        return nn.functional.dropout(x, self.p, self.training) * self.scale


def twin(layer) -> nn.Module:
    """Return the PyTorch module that computes the same as one of our layers, with its parameters."""
    if isinstance(layer, layers.Conv2D):
        out, per_group, K, _ = layer.params["W"].shape
        before, after = layer.pad
        conv = nn.Conv2d(
            per_group * layer.groups, out, K, layer.stride, before if before == after else 0, groups=layer.groups
        )
        return filled(conv if before == after else nn.Sequential(nn.ZeroPad2d((before, after) * 2), conv), layer)
    if isinstance(layer, layers.Dense):
        return filled(nn.Linear(layer.params["W"].shape[1], layer.params["W"].shape[0]), layer)
    if isinstance(layer, layers.LRN):
        return GroupedLRN(layer) if layer.across == "channels" else WithinMapLRN(layer)
    if isinstance(layer, layers.MaxPool):
        return nn.MaxPool2d(layer.kernel, layer.stride, ceil_mode=layer.ceil)
    if isinstance(layer, layers.AvgPool):
        return nn.AvgPool2d(layer.kernel, layer.stride, ceil_mode=layer.ceil, count_include_pad=False)
    if isinstance(layer, layers.Dropout):
        return PaperDropout(layer)
    plain = {layers.ReLU: nn.ReLU, layers.Flatten: nn.Flatten}
    for kind, module in plain.items():
        if isinstance(layer, kind):
            return module()
    raise RuntimeError(f"bench: no PyTorch twin for {layer.label}")


def filled(module: nn.Module, layer) -> nn.Module:
    weight, bias = (p for p in module.parameters())
    with torch.no_grad():
        weight.copy_(torch.from_numpy(np.array(layer.params["W"])))
        bias.copy_(torch.from_numpy(np.array(layer.params["b"])))
    return module


def main(name: str, model: str, batch: str, lrn: str, inference: str, workers: str, folder: str) -> None:
    ours, images, labels = problem(model, int(batch), bool(int(lrn)), 1)
    if int(workers):
        torch.set_num_threads(int(workers))
    net = nn.Sequential(*(twin(layer) for layer in ours.layers.values()))
    names = [f"{n}.{key}" for n, layer in ours.layers.items() for key in layer.params]
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

    def step() -> dict:
        start = time.perf_counter()
        if int(inference):
            with torch.inference_mode():
                run.eval()(x)
        else:
            sgd.zero_grad()
            nn.functional.cross_entropy(run(x), y).backward()
            sgd.step()
        return {"seconds": time.perf_counter() - start, "peak_bytes": peak_bytes()}

    send({})
    for _ in sys.stdin:
        send(burst(step))


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
