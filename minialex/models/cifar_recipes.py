"""The recipes of the authors' nets for CIFAR-10, of which there is one account: they are the same for any preset.

Source: the comments and parameter files of `example-layers/` of their code. Rates there are of weights 0.001, of biases
0.002, momentum 0.9, 128 images a step.
"""

from minialex.models.cifar import cifar_18pct, cifar_80sec
from minialex.models.cifar_local import cifar_11pct, cifar_13pct
from minialex.models.training_recipe import Recipe
from minialex.presets import AUGMENT


def cifar_80sec_recipe(preset: str) -> Recipe:
    """Return the authors' first net for CIFAR-10: 8 epochs, and 2 at a tenth of the rate."""
    decay = {"conv1": 0.004, "conv2": 0.004, "conv3": 0.004, "fc4": 0.03, "fc5": 0.03}
    return Recipe(
        cifar_80sec, groups=1, image_size=32, epochs=10, lr=0.001, bias_lr=0.002, weight_decay=decay, bias_decay=0.0,
        divide_after=(8,),
    )  # fmt: skip


def cifar_18pct_recipe(preset: str) -> Recipe:
    """Return the authors' second net for CIFAR-10: 120 epochs, 10 at a tenth of the rate and 10 at a hundredth."""
    decay = {"conv1": 0.004, "conv2": 0.004, "conv3": 0.004, "fc4": 1.0}
    return cifar_80sec_recipe(preset)._replace(
        build=cifar_18pct, weight_decay=decay, epochs=140, divide_after=(120, 130)
    )


def cifar_13pct_recipe(preset: str) -> Recipe:
    """Return the authors' third net for CIFAR-10: crops of 24 pixels, only the weights' rate divided.

    The authors trained 100 epochs on 40,000 images and 40 on all, which is 120 on all; then 10 and 10.
    """
    decay = {"conv1": 0.0, "conv2": 0.0, "local3": 0.004, "local4": 0.004, "fc5": 0.004}
    return cifar_80sec_recipe(preset)._replace(
        build=cifar_13pct, image_size=24, crops_from=32, augment=AUGMENT[:2], weight_decay=decay, divide_bias_lr=False,
        epochs=140, divide_after=(120, 130),
    )  # fmt: skip


def cifar_11pct_recipe(preset: str) -> Recipe:
    """Return the authors' fourth net for CIFAR-10: as the third, for 350 epochs on 40,000 images and 150 on all."""
    decay = {"conv1": 0.0, "conv2": 0.0, "local3": 0.004, "local4": 0.004, "fc5": 0.01}
    return cifar_13pct_recipe(preset)._replace(
        build=cifar_11pct, weight_decay=decay, epochs=450, divide_after=(430, 440)
    )
