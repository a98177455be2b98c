"""Experiments: one file for a figure, a table or a claim, run by `minialex reproduce NAME` (`catalogue.py` lists them).

`frame/` is what they have in common; begin there, then `pooling.py`, a typical one. Files that the catalogue does not
name are parts of experiments; `bench/` is measurements of speed, run by `minialex bench`.
"""
