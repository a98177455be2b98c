"""Settings that may differ from layer to layer: one number for all, or {layer name: number}."""

from collections.abc import Iterable, Sequence

from minialex.checks import check_kinds, check_numbers, did_you_mean, expected
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


def factors(texts: Sequence[str]) -> dict[str, float]:
    """Read {"fc8": 10.0} from ("fc8=10",)."""
    numbers = {}
    for text in texts:
        layer, _, number = text.partition("=")
        try:
            numbers[layer] = float(number)
        except ValueError:
            raise expected("lr_factor", "LAYER=FACTOR, such as fc8=10", repr(text), "correct it") from None
    return numbers


def check_names(owner: str, argument: str, setting: PerLayer, net: Layer) -> None:
    """Check that numbers are >= 0 and names are those of layers with parameters."""
    check_kinds(owner, Layer, "pass the net", net=net)
    values = setting if isinstance(setting, dict) else {"": setting}
    for value in values.values():
        check_numbers(owner, 0, float("inf"), **{argument: value})
    check_layer_names(owner, f"{argument} by names of layers", [name for name in values if name], net)


def check_layer_names(owner: str, what: str, names: Iterable[str], net: Layer) -> None:
    """Check that each name is that of a layer with parameters, or of a container of one."""
    layers = dict.fromkeys(name.rpartition(".")[0] for name, _, _ in net.parameters())
    for name in names:
        if not any(concerns(name, layer) for layer in layers):
            short = dict.fromkeys(part for layer in layers for part in (layer.rpartition(".")[2], layer.split(".")[0]))
            hint = did_you_mean(name, short) or f"the net has {', '.join(short)}"
            raise expected(owner, what, repr(name), hint)


def no_gradient(rule: str, name: str) -> RuntimeError:
    """Return the error of an update rule for a parameter whose gradient was never computed."""
    return RuntimeError(f"{rule}: {name} has no gradient yet; call net.backward(head.backward()) before step()")
