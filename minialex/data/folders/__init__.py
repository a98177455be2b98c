"""Folders of photographs: `folder.py` reads a folder, `image.py` reads one file, `subset.py` links to a part."""
