"""The nets: functions that return a Sequential. Begin with `cifar.py`, then `alexnet_single.py`."""

from minialex.models.alexnet_single import alexnet_single
from minialex.models.cifar import cifar_80sec
from minialex.models.recipes import RECIPES, Recipe, build, recipe

__all__ = ["RECIPES", "Recipe", "alexnet_single", "build", "cifar_80sec", "recipe"]
