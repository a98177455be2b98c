"""Settings that may differ from layer to layer: one number for all, or {layer name: number}."""

from minialex.checks import check_numbers, did_you_mean, expected
from minialex.layer import Layer

PerLayer = float | dict[str, float]


def value_for(layer: str, setting: PerLayer, default):
    """Return the layer's number: under its full name ("upper.a.conv3"), its last part ("conv3"), or a container's.

    The layer's own name goes before a container's, a longer one before a shorter: {"upper": 0.1, "conv3": 1.0} is 1.0
    for upper.a.conv3.
    """
    if not isinstance(setting, dict):
        return setting
    matches = [name for name in setting if concerns(name, layer)]
    own_name_first = sorted(matches, key=lambda name: (f".{layer}".endswith(f".{name}"), len(name)))
    return setting[own_name_first[-1]] if matches else default


def concerns(name: str, layer: str) -> bool:
    """Tell whether a name is that of the layer, with or without its containers, or of a container of it."""
    return f".{layer}".endswith(f".{name}") or layer.startswith(f"{name}.")


def check_names(owner: str, argument: str, setting: PerLayer, net: Layer) -> None:
    """Check that numbers are >= 0 and names are those of layers with parameters."""
    values = setting if isinstance(setting, dict) else {"": setting}
    layers = dict.fromkeys(name.rpartition(".")[0] for name, _, _ in net.parameters())
    for name, value in values.items():
        check_numbers(owner, 0, float("inf"), **{argument: value})
        if name and not any(concerns(name, layer) for layer in layers):
            hint = did_you_mean(name, layers) or f"the net has {', '.join(layers)}"
            raise expected(owner, f"{argument} by names of layers", repr(name), hint)
