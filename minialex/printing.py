"""How layers and nets are printed: `print(net["conv1"])`, `print(net)`."""

from collections.abc import Iterator
from inspect import signature
from math import prod


def one_line(layer) -> str:
    """Return the call that makes such a layer: "Conv2D(3, 96, 11, stride=4)", defaults and random numbers left out."""
    return f"{type(layer).__name__}({', '.join(arguments(layer))})"


def arguments(layer) -> Iterator[str]:
    """Yield those arguments of the constructor that the layer keeps under their names, and that are no defaults."""
    by_position = True
    for name, parameter in signature(type(layer)).parameters.items():
        value = getattr(layer, name, parameter.default)
        if isinstance(value, tuple) and len(set(value)) == 1:
            value = value[0]  # pad=(2, 2) was given as 2
        if not isinstance(value, bool | int | float | str | tuple) or value == parameter.default:
            by_position = False  # what follows is named, since this one is left out
            continue
        by_position = by_position and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        yield repr(value) if by_position else f"{name}={value!r}"


def as_table(net) -> str:
    """Return a container's layers, a line each: name, arguments, number of parameters and their shapes."""
    rows = [("", type(net).__name__, "parameters", ""), *rows_of(net, "")]
    total = sum(prod(layer.params[key].shape) for _, layer, key in net.parameters())
    rows.append(("total", "", f"{total:,}", ""))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = (f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}  {d}" for a, b, c, d in rows)
    return "\n".join(line.rstrip() for line in lines)


def rows_of(net, indent: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the cells of each layer, those inside a container indented below it."""
    for name, layer in net.layers.items():
        if layer.layers:
            yield f"{indent}{name}", type(layer).__name__, "", frozen(layer)
            yield from rows_of(layer, f"{indent}  ")
        else:
            count = sum(prod(value.shape) for value in layer.params.values())
            shapes = ", ".join(f"{key} {tuple(value.shape)}" for key, value in layer.params.items())
            yield f"{indent}{name}", one_line(layer), f"{count:,}" if count else "", f"{shapes} {frozen(layer)}".strip()


def frozen(layer) -> str:
    return "" if layer.trainable else "frozen"
