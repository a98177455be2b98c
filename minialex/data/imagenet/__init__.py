"""ImageNet: `ilsvrc.py` unpacks the archives of ILSVRC-2012, `devkit.py` reads the classes of its images."""
