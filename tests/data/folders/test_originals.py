"""The sizes of the image files, beside the size at which they are loaded."""

import numpy as np
from PIL import Image

from minialex.data import describe, load, originals
from minialex.data.folders import originals as module
from minialex.data.folders.originals import original_sizes


def test_the_smallest_and_the_largest(image_folder):
    (image_folder / "train" / "cat" / "broken.png").write_bytes(b"nothing")
    assert original_sizes(image_folder) == "40 x 48 to 56 x 48 pixels"
    assert originals(str(image_folder)) == "40 x 48 to 56 x 48 pixels"
    text = describe(load(image_folder), originals(image_folder)).splitlines()
    assert "originals    40 x 48 to 56 x 48 pixels" in text
    assert "image size   40 x 40 pixels; minialex train takes its model's size, or --image-size" in text


def test_of_a_sample_and_of_one_size(image_folder, monkeypatch):
    for path in image_folder.rglob("*.png"):
        Image.fromarray(np.zeros((9, 8, 3), np.uint8)).save(path)
    assert original_sizes(image_folder) == "8 x 9 pixels"
    monkeypatch.setattr(module, "SAMPLE", 3)
    assert original_sizes(image_folder) == "8 x 9 pixels (3 of 10 files)"


def test_other_sources_have_no_image_files(idx_folder):
    assert originals("shapes") is None
    assert originals(idx_folder("mnist")) is None


def test_none_that_can_be_read(image_folder):
    for path in image_folder.rglob("*.png"):
        path.write_bytes(b"nothing")
    assert original_sizes(image_folder) == "none can be read"
