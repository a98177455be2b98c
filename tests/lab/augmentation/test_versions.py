"""The picture of the docs: augmented versions of one image."""

import numpy as np
from PIL import Image

from minialex.lab.augmentation import versions as lab


def test_the_landscape_has_colours_and_a_left_and_a_right():
    image = lab.landscape()
    assert image.shape == (3, 256, 256)
    assert image.dtype == np.uint8
    assert abs(image - image[:, :, ::-1].astype(float)).mean() > 10
    assert image.std(axis=(1, 2)).min() > 30


def test_versions_differ_from_each_other_and_colours_change_little():
    image = lab.landscape()
    rows = [lab.four_versions(image, steps, 7) for steps in lab.ROWS.values()]
    cropped, paper, source, alone, upside_down, _ = rows
    for versions in rows:
        assert versions.shape == (4, 3, 224, 224)
        assert len({version.tobytes() for version in versions}) == 4
    by_paper, by_source = (abs(versions - cropped.astype(float)).mean() for versions in (paper, source))
    assert 0.5 < by_paper < by_source < 20  # the same windows: only colours differ
    assert 0.5 < abs(alone - cropped.astype(float)).mean() < 20
    turned = [not np.array_equal(*pair) for pair in zip(upside_down, cropped, strict=True)]
    assert 0 < sum(turned) < 4
    np.testing.assert_array_equal(upside_down[turned], cropped[turned][:, :, ::-1])


def test_the_picture_is_written(tmp_path):
    lab.draw_augmentation(tmp_path / "drawn.png")
    Image.fromarray(lab.landscape(300).transpose(1, 2, 0)).save(tmp_path / "photograph.png")
    lab.draw_augmentation(tmp_path / "own.png", photograph=tmp_path / "photograph.png", seed=3)
    with Image.open(tmp_path / "drawn.png") as one, Image.open(tmp_path / "own.png") as other:
        assert one.size == other.size
        assert min(one.size) > 900
