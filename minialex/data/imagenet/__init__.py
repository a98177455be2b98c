"""ImageNet: `ilsvrc.py` unpacks the archives of ILSVRC-2012, `devkit.py` reads its table of classes."""
