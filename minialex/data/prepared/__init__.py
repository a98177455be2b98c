"""Prepared images: photographs decoded and rescaled once (`prepare.py`), then read from shards (`prepared.py`)."""
