"""Experiments: one file for a figure or a table of the paper, run by `minialex reproduce NAME`.

The exceptions are `group_nets.py`, the nets of `two_groups.py`, and `bench/`: measurements of speed, run by
`minialex bench`.
"""
