"""`minialex bench`: `compare.py` times `ours.py` and `theirs.py` (PyTorch) in turns; `loading.py` times images."""
