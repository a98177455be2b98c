"""Experiments: one file for a figure, a table or a claim, run by `minialex reproduce NAME` (`catalogue.py` lists them).

`frame/` is what they have in common; begin there, then `pooling.py`, a typical one. The exceptions are parts of
experiments, `group_nets.py`, `few_images.py`, `variant_nets.py`, `variant_table.py` and `measured.py`, and `bench/`:
measurements of speed, run by `minialex bench`.
"""
