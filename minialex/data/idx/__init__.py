"""MNIST and Fashion-MNIST: `format.py` reads their file format, `mnist.py` the data sets, `download.py` gets them."""
