"""Text for people: the summary of a net as two tables."""

LAYER_COLUMNS = ("layer", "kind", "device", "output shape", "parameters", "multiply-adds", "bytes")
TRANSFER_COLUMNS = ("communication", "kind", "forward", "bytes", "backward", "bytes")


def summary_text(summary) -> str:
    """Return the table of layers, and below it that of what the groups send to each other."""
    rows = [(*row[:3], shape_text(row.output_shape), *map(thousands, row[4:])) for row in summary.rows]
    totals = map(thousands, (summary.parameters, summary.multiply_adds, summary.bytes))
    images = "one image" if summary.batch == 1 else f"{summary.batch} images"
    lines = [
        table(LAYER_COLUMNS, rows, ("total", "", "", "", *totals), 4),
        f"multiply-adds: of one image; bytes: of the layer's output for {images}, float32",
    ]
    if summary.transfers:
        there, back = (sum(getattr(t, way) for t in summary.transfers) for way in ("forward", "backward"))
        total = ("total", "", "", thousands(there), "", thousands(back))
        kept = f"{summary.share_within_groups:.1%} of the activations (bytes that layers write) never leave their group"
        lines += ["", table(TRANSFER_COLUMNS, list(map(transfer_cells, summary.transfers)), total, 3), kept]
    return "\n".join(lines)


def transfer_cells(t) -> tuple[str, ...]:
    there, back = f"{t.sender} -> {t.receiver}", f"{t.receiver} -> {t.sender}" if t.backward else ""
    return (t.communication, t.kind, there, thousands(t.forward), back, thousands(t.backward))


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
