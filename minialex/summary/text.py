"""A summary as text: its three tables."""

from minialex.printing import shape_text, table, thousands
from minialex.summary.counts import with_shares

LAYER_COLUMNS = ("layer", "kind", "device", "output shape", "parameters", "multiply-adds", "bytes")
CATEGORY_COLUMNS = ("layers", "parameters", "share", "multiply-adds", "share", "neurons", "connections")
TRANSFER_COLUMNS = ("communication", "kind", "forward", "bytes", "backward", "bytes")


def summary_text(summary) -> str:
    """Return the table of layers, that of their categories, and that of what the groups send to each other."""
    rows = [(*row[:3], shape_text(row.output_shape), *map(thousands, row[4:7])) for row in summary.rows]
    totals = map(thousands, (summary.parameters, summary.multiply_adds, summary.bytes))
    images = "one image" if summary.batch == 1 else f"{summary.batch} images"
    lines = [
        table(LAYER_COLUMNS, rows, ("total", "", "", "", *totals), 4),
        f"multiply-adds: of one image; bytes: of the layer's output for {images}, float32",
    ]
    lines += ["", categories_text(summary)]
    if summary.transfers:
        there, back = (sum(getattr(t, way) for t in summary.transfers) for way in ("forward", "backward"))
        total = ("total", "", "", thousands(there), "", thousands(back))
        kept = f"{summary.share_within_groups:.1%} of the activations (bytes that layers write) never leave their group"
        lines += ["", table(TRANSFER_COLUMNS, list(map(transfer_cells, summary.transfers)), total, 3), kept]
    return "\n".join(lines)


def transfer_cells(t) -> tuple[str, ...]:
    there, back = f"{t.sender} -> {t.receiver}", f"{t.receiver} -> {t.sender}" if t.backward else ""
    return (t.communication, t.kind, there, thousands(t.forward), back, thousands(t.backward))


def categories_text(summary) -> str:
    """Return the table of what convolutional, dense and other layers have, and what is counted."""
    rows = [category_cells(name, counts, summary.counts) for name, counts in summary.by_category.items()]
    total = category_cells("total", summary.counts, summary.counts)
    note = f"neurons: outputs of layers with weights, beside {summary.inputs:,} inputs; connections: with biases"
    return "\n".join([table(CATEGORY_COLUMNS, rows, total, 1), note])


def category_cells(name: str, counts, whole) -> tuple[str, ...]:
    parameters, multiply_adds, neurons, connections = map(thousands, counts)
    shares = (f"{value:.2%}" for key, value in with_shares(counts, whole).items() if key.startswith("share"))
    return (name, parameters, next(shares), multiply_adds, next(shares), neurons, connections)
