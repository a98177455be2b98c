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


class TwinScale(nn.Module):
    """Multiplication by a constant."""

    def __init__(self, scale: variants.Scale):
        super().__init__()
        self.factor = scale.factor

    def forward(self, x):
        return self.factor * x


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
        return filled(batch_norm(layer), layer)
    if isinstance(layer, Sequential):
        return nn.Sequential(*map(twin, layer.layers.values()))
    return of_groups(layer)


def of_groups(layer) -> nn.Module:
    """Return the twin of groups, of a communication between them, or of a layer without parameters."""
    if isinstance(layer, Groups):
        return TwinGroups(map(twin, layer.layers.values()))
    if isinstance(layer, Broadcast):
        return TwinBroadcast(len(layer.devices))
    if isinstance(layer, AllGather):
        return nn.Sequential(TwinGather(), TwinBroadcast(len(layer.devices)))
    if isinstance(layer, variants.Scale):
        return TwinScale(layer)
    plain = {layers.ReLU: nn.ReLU, layers.Flatten: nn.Flatten, Gather: TwinGather}
    for kind, module in plain.items():
        if isinstance(layer, kind):
            return module()
    raise RuntimeError(f"bench: no PyTorch twin for {layer.label}")


def filled(module: nn.Module, layer) -> nn.Module:
    with torch.no_grad():
        for parameter, value in zip(module.parameters(), layer.params.values(), strict=True):
            parameter.copy_(torch.from_numpy(np.array(value)))
    return module


def batch_norm(layer: variants.BatchNorm) -> nn.Module:
    norm = nn.BatchNorm2d(layer.channels, layer.eps, 1 - layer.momentum)
    if not layer.scale:
        norm.register_parameter("weight", None)
    return norm
