"""Drawn shapes, the data set that needs no download: `shapes.py` says what, `drawing.py` how."""
