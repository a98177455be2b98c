"""Files that appear whole (`atomic.py`), and readers that trust no file (`plain_pickle.py`, `plain_tar.py`)."""
