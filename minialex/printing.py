"""Text for people: a layer, a net, tables of numbers, and progress bars."""

from collections.abc import Iterator
from inspect import signature
from math import prod


def layer_text(layer) -> str:
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


def net_text(net) -> str:
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
            yield (
                f"{indent}{name}",
                layer_text(layer),
                f"{count:,}" if count else "",
                f"{shapes} {frozen(layer)}".strip(),
            )


def frozen(layer) -> str:
    return "" if layer.trainable else "frozen"


def shape_text(shape: tuple) -> str:
    return " + ".join("x".join(map(str, group)) for group in groups_of(shape))


def groups_of(shape: tuple) -> tuple:
    """Return the shapes of all groups; one array counts as one group."""
    return shape if shape and isinstance(shape[0], tuple) else (shape,)


def thousands(n: int) -> str:
    """Return a number with its thousands separated, and nothing for 0."""
    return f"{n:,}" if n else ""


def table(heads: tuple, body: list[tuple], total: tuple, left: int) -> str:
    """Return aligned columns, the first `left` of them names (to the left), the others numbers (to the right)."""
    widths = [max(map(len, column)) for column in zip(heads, *body, total, strict=True)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))

    def line(cells: tuple) -> str:
        pairs = list(zip(cells, widths, strict=True))
        names, numbers = pairs[:left], pairs[left:]
        return "  ".join([*(c.ljust(w) for c, w in names), *(c.rjust(w) for c, w in numbers)]).rstrip()

    return "\n".join([line(heads), rule, *map(line, body), rule, line(total)])


def progress_bar(**settings):
    """Return a bar of tqdm that is drawn when it is updated: tqdm's own monitor, a thread, is not needed for that."""
    from tqdm import tqdm  # late, so that `import minialex.data` stays light

    bar = type("ProgressBar", (tqdm,), {"monitor_interval": 0})
    return bar(miniters=1, **settings)
