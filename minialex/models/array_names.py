"""The names of an AlexNet's arrays: ours, torchvision's and those of Caffe's family, recognized and mapped to ours."""

from collections.abc import Iterator
from difflib import get_close_matches

import numpy as np

from minialex.models.merge import ungrouped

TORCHVISION = {
    "conv1": "features.0", "conv2": "features.3", "conv3": "features.6", "conv4": "features.8", "conv5": "features.10",
    "fc6": "classifier.1", "fc7": "classifier.4", "fc8": "classifier.6",
}  # fmt: skip
# Suffixes of a layer's name in Caffe's family: ports to PyTorch, Caffe2, a layer's blobs, dictionaries for TensorFlow.
CAFFE = ((".weight", ".bias"), ("_w", "_b"), ("/0", "/1"), ("/weights", "/biases"))


def recognized(arrays: dict[str, np.ndarray], wanted: list[str]) -> tuple[str, dict[str, str]]:
    """Return whose names these are, "ours", "torchvision" or "caffe", and the name of each of our parameters there."""
    got = [name for name in ungrouped(arrays) if name != "mean"]
    family, names = max(namings(wanted), key=lambda naming: len(set(got) & set(naming[1].values())))
    missing = [name for name in names.values() if name not in got]
    unknown = [name for name in got if name not in names.values()]
    if missing:
        others = f"{', '.join(unknown[:3])}{', ...' if len(unknown) > 3 else ''}" if unknown else "none"
        near = get_close_matches(missing[0], unknown, n=1)
        hint = f"rename {near[0]}" if near else "see docs/weights.md for the names that are known"
        raise ValueError(f"expected an array {missing[0]}, got {others} instead; {hint}")
    if unknown:
        raise ValueError(f"expected the {len(names)} arrays of the net, got {unknown[0]} beside them; leave it out")
    return family, names


def namings(wanted: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each family, and its names of the parameters conv1.W, conv1.b, ..."""
    layers = [name.rpartition(".")[::2] for name in wanted]
    yield "ours", {name: name for name in wanted}
    for W, b in CAFFE:
        yield "caffe", {f"{layer}.{key}": layer + (W if key == "W" else b) for layer, key in layers}
    if all(layer in TORCHVISION for layer, _ in layers):
        suffix = {"W": "weight", "b": "bias"}
        yield "torchvision", {f"{layer}.{key}": f"{TORCHVISION[layer]}.{suffix[key]}" for layer, key in layers}
