"""`minialex bench`: `compare.py` alternates `ours.py` and `theirs.py` (PyTorch); `loading.py` times the loader."""
