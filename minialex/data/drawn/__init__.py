"""Drawn shapes, a dataset that needs no download: `shapes.py` defines the classes, `drawing.py` draws the images."""
