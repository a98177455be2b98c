"""The nets: functions that return a Sequential. The paper's is `minialex/alexnet.py`; begin here with `cifar.py`."""

from minialex.models.alexnet_single import alexnet_single
from minialex.models.cifar import cifar_18pct, cifar_80sec
from minialex.models.cifar_airbench import cifar_airbench
from minialex.models.cifar_fast import cifar_fast
from minialex.models.cifar_local import cifar_11pct, cifar_13pct
from minialex.models.computed_kernels import identity_kernels, whiten, whitening_kernels
from minialex.models.conversion import convert_weights
from minialex.models.merge import merge_groups, split_groups
from minialex.models.pretrained import Pretrained, load_weights_file
from minialex.models.recipes import RECIPES, Recipe, build, recipe
from minialex.models.small_alexnet import small_alexnet
from minialex.models.torchvision_alexnet import torchvision_alexnet
from minialex.models.weights import read_weights, write_weights

__all__ = [
    "RECIPES",
    "Pretrained",
    "Recipe",
    "alexnet_single",
    "build",
    "cifar_11pct",
    "cifar_13pct",
    "cifar_18pct",
    "cifar_80sec",
    "cifar_airbench",
    "cifar_fast",
    "convert_weights",
    "identity_kernels",
    "load_weights_file",
    "merge_groups",
    "read_weights",
    "recipe",
    "small_alexnet",
    "split_groups",
    "torchvision_alexnet",
    "whiten",
    "whitening_kernels",
    "write_weights",
]
