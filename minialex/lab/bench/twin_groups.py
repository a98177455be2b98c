"""PyTorch modules for nets of two groups: between the groups the value is a tuple, as with ours."""

import torch
from torch import nn


class TwinGroups(nn.ModuleList):
    """One module a group, each reads its own array."""

    def forward(self, xs):
        return tuple(module(x) for module, x in zip(self, xs, strict=True))


class TwinBroadcast(nn.Module):
    """The same array for every group."""

    def __init__(self, groups: int):
        super().__init__()
        self.groups = groups

    def forward(self, x):
        return (x,) * self.groups


class TwinGather(nn.Module):
    """The groups' arrays concatenated along the channels."""

    def forward(self, xs):
        return torch.cat(xs, dim=1)
