"""The summary of a net, and the outputs of its layers."""

from minialex.summary.activations import activations
from minialex.summary.summarize import summary
from minialex.summary.table import Row, Summary, Transfer

__all__ = ["Row", "Summary", "Transfer", "activations", "summary"]
