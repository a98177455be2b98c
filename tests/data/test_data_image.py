"""One image file of any kind."""

import numpy as np
import pytest
from PIL import Image

from minialex.data import read_image

COLOURS = np.array([[[250, 10, 10], [10, 250, 10]], [[10, 10, 250], [250, 250, 10]]], dtype=np.uint8)


def four_corners(size=64):
    """Red, green, blue and yellow quarters."""
    return Image.fromarray(COLOURS.repeat(size // 2, axis=0).repeat(size // 2, axis=1))


def corners(image):
    """The colours well inside the quarters of a read image: (2, 2, 3)."""
    quarter = image.shape[1] // 4
    return image[:, quarter :: 2 * quarter, quarter :: 2 * quarter][:, :2, :2].transpose(1, 2, 0).astype(int)


@pytest.mark.parametrize("ending", ["jpg", "png", "bmp", "webp", "gif"])
def test_formats(ending, tmp_path):
    four_corners().save(tmp_path / f"a.{ending}")
    image = read_image(tmp_path / f"a.{ending}", 16)
    assert image.shape == (3, 16, 16)
    assert image.dtype == np.uint8
    assert np.abs(corners(image) - COLOURS).max() < 30  # JPEG and the palette of GIF change them a little


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_modes(mode, tmp_path):
    gray = Image.new("L", (20, 10), 100)
    if mode == "I;16":
        picture = Image.fromarray(np.full((10, 20), 100 * 256, dtype=np.uint16))
    elif mode == "PA":
        picture = gray.convert("P").convert("PA")
    else:
        picture = gray.convert(mode, dither=Image.Dither.NONE)
    ending = "tiff" if mode in ("CMYK", "YCbCr", "PA") else "png"
    try:
        picture.save(tmp_path / f"a.{ending}")
    except OSError:
        pytest.skip(f"this Pillow does not write {mode}")
    image = read_image(tmp_path / f"a.{ending}", 8)
    assert image.shape == (3, 8, 8)
    np.testing.assert_allclose(image, 0 if mode == "1" else 100, atol=3)


def test_palette_with_transparent_bytes_becomes_white_there(tmp_path):
    picture = Image.new("P", (8, 8), 1)
    picture.putpalette([0, 0, 0, 0, 0, 200])
    picture.paste(0, (0, 0, 8, 4))
    picture.save(tmp_path / "a.png", transparency=bytes([0, 255]))
    image = read_image(tmp_path / "a.png", 8)
    assert (image[:, 1] == 255).all()
    np.testing.assert_array_equal(image[:, 6, 3], [0, 0, 200])


def test_the_central_square_of_a_wide_image(tmp_path):
    pixels = np.zeros((10, 30, 3), dtype=np.uint8)
    pixels[:, 10:20] = 200
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert (read_image(tmp_path / "a.png", 10) == 200).all()


def test_an_image_of_the_right_size_is_unchanged(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_image(tmp_path / "a.png", 12), pixels.transpose(2, 0, 1))


def test_the_camera_s_orientation(tmp_path):
    turned = four_corners()
    exif = turned.getexif()
    exif[0x0112] = 6  # the camera lay on its side: turn right to see it upright
    turned.save(tmp_path / "a.png", exif=exif)
    found = corners(read_image(tmp_path / "a.png", 16))
    np.testing.assert_allclose(found, np.rot90(COLOURS, -1), atol=5)


@pytest.mark.parametrize("content", [b"", b"no image", b"\xff\xd8\xff\xe0broken", b"\x89PNG\r\n\x1a\n"])
def test_no_image(content, tmp_path):
    (tmp_path / "a.jpg").write_bytes(content)
    with pytest.raises(ValueError, match=r"a.jpg: expected an image, got one that cannot be read"):
        read_image(tmp_path / "a.jpg", 8)


@pytest.mark.parametrize("limit", [100, 150])  # 256 pixels are more than twice the one (error), the other (warning)
def test_too_many_pixels(limit, tmp_path, monkeypatch):
    four_corners(16).save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    with pytest.raises(ValueError, match="DecompressionBomb"):
        read_image(tmp_path / "a.png", 8)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="absent"):
        read_image(tmp_path / "a.png", 8)
