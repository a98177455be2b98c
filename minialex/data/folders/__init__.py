"""Folders of photographs: `folder.py` reads those that `listing.py` lists; `subset.py` links to a part of one."""
