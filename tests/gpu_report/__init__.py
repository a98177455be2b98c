"""Sections of the report of a GPU: `python tests/gpu_report`."""
