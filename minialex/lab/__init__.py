"""Experiments: one file for a figure or a table of the paper, run by `minialex reproduce NAME`.

The exception is `bench/`: measurements of speed, run by `minialex bench`.
"""
