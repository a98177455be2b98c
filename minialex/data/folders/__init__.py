"""Folders of photographs: `folder.py` lists and reads them, `image.py` reads one file, `subset.py` links to a part."""
