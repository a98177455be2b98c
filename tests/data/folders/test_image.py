"""One image file of any kind."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from minialex.data import read_image
from minialex.data.folders.image import as_rgb

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
    got = corners(read_image(tmp_path / "a.png", 16))
    np.testing.assert_allclose(got, np.rot90(COLOURS, -1), atol=5)


EXIF_ORIENTATIONS = {  # what the camera noted, and how the quarters then lie upright
    1: COLOURS, 2: COLOURS[:, ::-1], 3: COLOURS[::-1, ::-1], 4: COLOURS[::-1], 5: COLOURS.transpose(1, 0, 2),
    6: np.rot90(COLOURS, -1), 7: COLOURS[::-1, ::-1].transpose(1, 0, 2), 8: np.rot90(COLOURS), 9: COLOURS,
}  # fmt: skip


@pytest.mark.parametrize("noted", EXIF_ORIENTATIONS)
@pytest.mark.parametrize("ending", ["jpg", "png", "webp"])
def test_every_orientation(ending, noted, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = noted
    four_corners().save(tmp_path / f"a.{ending}", exif=exif)
    got = corners(read_image(tmp_path / f"a.{ending}", 16))
    np.testing.assert_allclose(got, EXIF_ORIENTATIONS[noted], atol=30)


@pytest.mark.parametrize(
    "exif",
    [
        b"garbage", b"MM\0*", b"MM\0*\0\0\0\x08\xff\xff",
        # turned, and a resolution that is a text, or a maker that is a number: Pillow's exif_transpose raises
        b"MM\0*\0\0\0\x08\0\x02" + bytes.fromhex("0112000300000001 00060000 011a000200000004 61626300 00000000"),
        b"MM\0*\0\0\0\x08\0\x02" + bytes.fromhex("0112000300000001 00060000 010f000500000001 0000000a 00000000"),
    ],
    ids=range(5),
)  # fmt: skip
def test_a_damaged_note_loses_no_image(exif, tmp_path):
    four_corners().save(tmp_path / "a.jpg", exif=b"Exif\0\0" + exif)
    got = corners(read_image(tmp_path / "a.jpg", 16))
    turned = bytes.fromhex("01120003") in exif
    np.testing.assert_allclose(got, np.rot90(COLOURS, -1) if turned else COLOURS, atol=30)


@pytest.mark.parametrize("marker", ["Adobe", "none", "Adobe YCCK"])
def test_cmyk_jpeg(marker, tmp_path):
    """Inks are stored inverted; where Adobe's marker says so, with cyan, magenta and yellow turned to YCbCr."""
    if marker == "Adobe YCCK":  # a JPEG of four channels, the first three stored as Y, Cb and Cr
        ycc = Image.new("RGB", (32, 32), (255 - 200, 255 - 30, 255 - 90)).convert("YCbCr").split()
        picture = Image.merge(
            "CMYK", [Image.eval(layer, lambda v: 255 - v) for layer in ycc] + [Image.new("L", (32, 32))]
        )
    else:
        picture = Image.new("CMYK", (32, 32), (55, 225, 165, 0))
    picture.save(tmp_path / "a.jpg", quality=95)
    content = (tmp_path / "a.jpg").read_bytes()
    start = content.index(b"\xff\xee\0\x0eAdobe")
    if marker == "none":
        content = content[:start] + content[start + 16 :]
    elif marker == "Adobe YCCK":
        content = content[: start + 15] + b"\x02" + content[start + 16 :]
    (tmp_path / "a.jpg").write_bytes(content)
    with Image.open(tmp_path / "a.jpg") as opened:
        assert opened.mode == "CMYK"
    np.testing.assert_allclose(read_image(tmp_path / "a.jpg", 8)[:, 4, 4], (200, 30, 90), atol=4)


def raw_png(colour_type, depth, pixel, transparent=b""):
    """A PNG of 4 x 4 equal pixels, of kinds that Pillow does not write."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 4, 4, depth, colour_type, 0, 0, 0)
    extra = chunk(b"tRNS", transparent) if transparent else b""
    pixels = zlib.compress((b"\0" + pixel * 4) * 4)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (raw_png(0, 16, struct.pack(">H", 51400)), (200, 200, 200)),
        (raw_png(0, 16, struct.pack(">H", 300)), (1, 1, 1)),
        (raw_png(0, 16, struct.pack(">H", 51400), struct.pack(">H", 51400)), (255, 255, 255)),
        (raw_png(2, 16, struct.pack(">3H", 51400, 2570, 25700)), (200, 10, 100)),
        (raw_png(2, 16, struct.pack(">3H", 51400, 2570, 25700), struct.pack(">3H", 51400, 2570, 25700)), (255,) * 3),
        (raw_png(4, 8, bytes([100, 51])), (224, 224, 224)),   # a fifth of the gray, the rest white
        (raw_png(4, 16, struct.pack(">2H", 25700, 13107)), (224, 224, 224)),
        (raw_png(6, 8, bytes([200, 10, 100, 51])), (244, 206, 224)),
        (raw_png(6, 16, struct.pack(">4H", 51400, 2570, 25700, 13107)), (244, 206, 224)),
        (raw_png(0, 8, bytes([100]), struct.pack(">H", 100)), (255, 255, 255)),
        (raw_png(0, 8, bytes([100]), struct.pack(">H", 99)), (100, 100, 100)),
    ],
    ids=["gray 16", "dark gray 16", "transparent gray 16", "RGB 16", "transparent RGB 16", "LA", "LA 16", "RGBA",
         "RGBA 16", "transparent gray", "another gray transparent"],
)  # fmt: skip
def test_pixels_of_png(content, expected, tmp_path):
    (tmp_path / "a.png").write_bytes(content)
    image = read_image(tmp_path / "a.png", 4)
    np.testing.assert_allclose(image, np.broadcast_to(np.reshape(expected, (3, 1, 1)), (3, 4, 4)), atol=1)


@pytest.mark.parametrize(("level", "expected"), [(-5, 0), (0, 0), (25700, 100), (65535, 255), (10**6, 255)])
def test_32_bits_hold_16(level, expected, tmp_path):
    Image.fromarray(np.full((4, 4), level, dtype=np.int32)).save(tmp_path / "a.tiff")
    assert (read_image(tmp_path / "a.tiff", 4) == expected).all()


def test_one_bit(tmp_path):
    Image.fromarray(np.arange(64).reshape(8, 8) < 32).save(tmp_path / "a.png")
    image = read_image(tmp_path / "a.png", 8)
    assert (image[:, :4] == 255).all()
    assert (image[:, 4:] == 0).all()


def test_palette(tmp_path):
    picture = Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8) // 32).convert("P")
    picture.putpalette([200, 10, 100, 5, 6, 7])
    picture.save(tmp_path / "a.png")
    image = read_image(tmp_path / "a.png", 8)
    np.testing.assert_array_equal(image[:, 0, 0], [200, 10, 100])
    np.testing.assert_array_equal(image[:, 7, 7], [5, 6, 7])


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
    with pytest.raises(FileNotFoundError, match=r"a\.png: expected an image file, got a path that is absent"):
        read_image(tmp_path / "a.png", 8)
    with pytest.raises(FileNotFoundError, match="got a folder; give the images in it"):
        read_image(tmp_path, 8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "I", "I;16", "YCbCr"])
def test_a_large_image_is_converted_in_strips_to_the_same_pixels(mode, monkeypatch):
    pixels = np.random.default_rng(0).integers(0, 256, (13, 7, 4), dtype=np.uint8)
    picture = Image.fromarray(pixels, "RGBA") if mode != "I" else Image.fromarray(pixels[..., 0].astype(np.int32) * 200)
    if mode == "I;16":
        picture = Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    elif mode not in ("RGBA", "I"):
        picture = picture.convert("RGB").convert("P") if mode == "PA" else picture.convert("RGB").convert(mode)
    if mode in ("L", "P", "RGB", "I;16"):
        picture.info["transparency"] = (1, 2, 3) if mode == "RGB" else 5
    whole = np.asarray(as_rgb(picture))
    monkeypatch.setattr("minialex.data.folders.image.STRIP", 15)  # two rows at a time, and one at the end
    np.testing.assert_array_equal(np.asarray(as_rgb(picture)), whole)
    assert whole.shape == (13, 7, 3)
