"""PyTorch modules that compute the same as our layers, with their parameters."""

import numpy as np
import torch
from torch import nn

from minialex import layers, variants
from minialex.lab.bench.twin_groups import TwinBroadcast, TwinGather, TwinGroups
from minialex.parallel import AllGather, Broadcast, Gather, Groups
from minialex.sequential import Sequential


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
    if isinstance(layer, variants.BatchNorm):
        return filled(nn.BatchNorm2d(layer.channels, layer.eps, 1 - layer.momentum), layer)
    if isinstance(layer, Sequential):
        return nn.Sequential(*map(twin, layer.layers.values()))
    return of_groups(layer)


def of_groups(layer) -> nn.Module:
    """Return the twin of groups, or of a communication between them."""
    if isinstance(layer, Groups):
        return TwinGroups(map(twin, layer.layers.values()))
    if isinstance(layer, Broadcast):
        return TwinBroadcast(len(layer.devices))
    if isinstance(layer, AllGather):
        return nn.Sequential(TwinGather(), TwinBroadcast(len(layer.devices)))
    plain = {layers.ReLU: nn.ReLU, layers.Flatten: nn.Flatten, Gather: TwinGather}
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
