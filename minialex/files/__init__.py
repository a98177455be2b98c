"""Atomic writes (`atomic.py`), and safe readers of untrusted files (`plain_pickle.py`, `plain_tar.py`)."""
