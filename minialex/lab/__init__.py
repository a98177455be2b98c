"""Experiments: one file for a figure, a table or a claim, run by `minialex reproduce NAME` (`catalogue.py` lists them).

`frame/` is what they have in common; begin there, then `pooling.py`, a typical one. The exceptions are `group_nets.py`
and `few_images.py`, parts of experiments, and `bench/`: measurements of speed, run by `minialex bench`.
"""
