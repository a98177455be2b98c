"""Weights that others trained, converted into ours: names, order of axes, order of colours, scale of the pixels.

A net here reads RGB pixels of 0 to 255 minus their mean. Caffe's reads BGR, so the input channels of its conv1 are
reversed. torchvision's reads (p/255 - m) / s, colour by colour, which the weights of conv1 can include:

    W * (p/255 - m) / s  =  W / (255*s) * (p - 255*m)

Both are exact: the logits stay the same up to rounding.
"""

import math

import numpy as np

from minialex.checks import expected
from minialex.models.array_names import recognized
from minialex.models.merge import in_groups, merge_groups, split_groups, ungrouped
from minialex.sequential import Sequential

NORMAL_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)  # torchvision's m and s, of RGB from 0 to 1
NORMAL_STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)
CAFFE_MEAN = np.array([122.679, 116.669, 104.007], dtype=np.float32)  # ImageNet's, of RGB from 0 to 255; theirs is BGR


def convert_weights(
    arrays: dict[str, np.ndarray], net: Sequential, *, other_classes: str | None = None
) -> tuple[dict[str, np.ndarray], np.ndarray | None]:
    """Convert arrays under our names, torchvision's or Caffe's to a state of `net`, and the mean that its images need.

        state, mean = convert_weights(read_weights("alexnet.safetensors"), net)
        net.load_state(state)

    Axes may be Caffe's, kernels first, or TensorFlow's, kernels last; then fc6 reads rows, columns, channels.

    Args:   other_classes, the last layer of the net, where the arrays may be for another number of classes.
    Shapes: mean (3,), RGB of 0 to 255; under our names the array "mean" as it is, or None where there is none.
    Errors: ValueError that names the array, the shape that was expected and the one that it has.
    """
    ours = {name: np.broadcast_to(np.float32(0), layer.params[key].shape) for name, layer, key in net.parameters()}
    shapes = {name: value.shape for name, value in merge_groups(ours).items()}
    if "conv1.W" not in shapes:
        raise expected("net", "a first layer conv1", ", ".join(shapes), "rename its layers")
    family, names = recognized(arrays, list(shapes))
    theirs = ungrouped(arrays)
    last = family == "caffe" and theirs[names["conv1.W"]].shape == kernels_last(shapes["conv1.W"])
    for name, shape in shapes.items():
        got, wanted = theirs[names[name]].shape, kernels_last(shape) if last else shape
        if got != wanted and name.rpartition(".")[0] != other_classes:
            raise expected(names[name], f"{wanted} for {name}", got, "use the weights of this net")
    state = {name: theirs[names[name]] for name in shapes}
    state, mean = with_our_input(family, kernels_first(state) if last else state)
    mean = arrays.get("mean") if family == "ours" else mean
    state = {name: np.ascontiguousarray(array) for name, array in state.items()}
    return (split_groups(state) if in_groups(ours) else state), mean


def with_our_input(family: str, state: dict) -> tuple[dict[str, np.ndarray], np.ndarray | None]:
    """Return the state with a conv1 that reads RGB of 0 to 255 minus a mean, and that mean."""
    W, mean = state["conv1.W"], None
    if family == "caffe":
        W, mean = W[:, ::-1], CAFFE_MEAN
    elif family == "torchvision":
        W, mean = W / (255 * NORMAL_STD)[:, None, None], 255 * NORMAL_MEAN
    return {**state, "conv1.W": W}, mean


def kernels_last(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return TensorFlow's shape of an array (O, C, K, K), (out, in) or (O,): (K, K, C, O), (in, out), (O,)."""
    return (*shape[2:], shape[1], shape[0]) if len(shape) == 4 else shape[::-1]


def kernels_first(state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return TensorFlow's arrays in our order of axes; fc6, which reads the maps, in channels, rows, columns."""
    transposed = {name: array.transpose(3, 2, 0, 1) if array.ndim == 4 else array.T for name, array in state.items()}
    maps = [len(W) for W in transposed.values() if W.ndim == 4][-1]
    reader = next(name for name, W in transposed.items() if W.ndim == 2)
    side = math.isqrt(transposed[reader].shape[1] // maps)
    W = transposed[reader].reshape(-1, side, side, maps).transpose(0, 3, 1, 2)
    return {**transposed, reader: W.reshape(len(W), -1)}
