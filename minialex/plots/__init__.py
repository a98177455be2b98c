"""Pictures of a net and of its training; each function returns a matplotlib Figure, `save` writes one.

    save(curves(read_history("run/metrics.csv")), "run/curves.png")

No pyplot and no global state: the pictures are the same in a script, in a thread and in a notebook.
"""

from minialex.plots.activations import activations
from minialex.plots.augmented import augmented
from minialex.plots.bars import bars
from minialex.plots.comparison import comparison
from minialex.plots.computation import computation
from minialex.plots.confusion import confusion
from minialex.plots.curves import curves
from minialex.plots.examples import examples
from minialex.plots.figure import save
from minialex.plots.filters import filters
from minialex.plots.histograms import histograms
from minialex.plots.kernel_slides import kernel_slides
from minialex.plots.kernel_windows import window_columns, window_positions
from minialex.plots.matrices import matrices
from minialex.plots.neighbours import neighbours
from minialex.plots.network import network
from minialex.plots.occlusion import occlusion
from minialex.plots.predictions import predictions
from minialex.plots.regions import regions
from minialex.plots.row_windows import row_windows
from minialex.plots.runs import runs
from minialex.plots.series import series
from minialex.plots.series_panels import series_panels
from minialex.plots.shares import shares
from minialex.plots.signal import signal
from minialex.plots.timeline import timeline
from minialex.plots.units import units
from minialex.plots.valley import valley

__all__ = [
    "activations",
    "augmented",
    "bars",
    "comparison",
    "computation",
    "confusion",
    "curves",
    "examples",
    "filters",
    "histograms",
    "kernel_slides",
    "matrices",
    "neighbours",
    "network",
    "occlusion",
    "predictions",
    "regions",
    "row_windows",
    "runs",
    "save",
    "series",
    "series_panels",
    "shares",
    "signal",
    "timeline",
    "units",
    "valley",
    "window_columns",
    "window_positions",
]
