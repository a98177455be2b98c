"""Image files: any format and mode that Pillow reads becomes a square of RGB pixels (section 2)."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from minialex.checks import check_between, expected
from minialex.data.locations import absent_path
from minialex.files.paths import as_path


def read_image(path: str | os.PathLike, size: int, *, channels: int = 3) -> np.ndarray:
    """Read an image, its shorter side rescaled to `size` and the central square cut out.

    The EXIF orientation is applied; transparent pixels become white.

    Shapes: -> uint8 (channels, size, size): 3, red, green and blue, or 1, grey.
    Errors: FileNotFoundError if there is no such file, ValueError if it is not an image that can be read, or channels
            are others.
    """
    as_path("read_image", path)
    check_between("read_image", 1, 2**14, size=size)
    if channels not in (1, 3):
        raise expected("read_image", "1 or 3 channels", channels, "give arrays, not files")
    if os.path.isdir(path):
        raise expected(path, "an image file", "a folder", "give the images in it", FileNotFoundError)
    if not os.path.isfile(path):
        raise absent_path(path, "an image file")
    try:
        with quiet_pillow():
            return decode(path, size, channels)
    except Exception as error:  # decoders raise all kinds: OSError, SyntaxError, struct.error, ...
        got = f"one that cannot be read ({type(error).__name__}: {error})"
        raise expected(path, "an image", got, "save it again or remove it") from error


def decode(path: str | os.PathLike, size: int, channels: int = 3) -> np.ndarray:
    """Read an image as `read_image` does, with the errors and warnings of Pillow."""
    from PIL import Image, ImageOps  # here, so that `import minialex.data` stays light

    with Image.open(path) as image:
        rgb = as_rgb(image)
        if turn := TURNS.get(orientation(image)):
            rgb = rgb.transpose(Image.Transpose[turn])
    square = ImageOps.fit(rgb, (size, size), method=Image.Resampling.BICUBIC)
    return np.asarray(square).transpose(2, 0, 1) if channels == 3 else np.asarray(square.convert("L"))[None]


ORIENTATION = 0x0112  # the EXIF tag of how the camera was held; below, what turns its pictures upright
TURNS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE", 6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90",
}  # fmt: skip


def orientation(image):
    """Return the EXIF orientation of a loaded image, None without one.

    Pillow's exif_transpose fails if any other entry of the EXIF data is damaged.
    """
    try:
        return image.getexif().get(ORIENTATION)
    except Exception:  # EXIF data that cannot be read at all; the pixels can be good
        return None


STRIP = 2**22  # pixels that are converted at a time: conversions keep several copies of them


def as_rgb(image):
    """Convert an image of any mode to RGB. (Pillow already inverts the inks of Adobe's JPEGs in CMYK.)"""
    from PIL import Image

    image.load()
    if image.mode == "RGB" and not image.has_transparency_data:
        return image
    rgb, rows = Image.new("RGB", image.size), max(1, STRIP // image.width)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        rgb.paste(converted(strip), (0, top))
    return rgb


def converted(image):
    """Convert an image, or a part of one, to RGB."""
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits a pixel, or 32 that hold 16; Pillow's own conversion would clip at 255
        levels = np.asarray(image)
        gray = (np.clip(levels, 0, 65535) // 256).astype(np.uint8)
        gray[levels == image.info.get("transparency")] = 255
        return Image.fromarray(gray).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")


def shorter_side(path: str | os.PathLike) -> tuple[int, bool]:
    """Return the image's shorter side, and whether it is square, from the file's first bytes."""
    from PIL import Image

    with Image.open(path) as image:
        return min(image.size), image.width == image.height


@contextmanager
def quiet_pillow() -> Iterator[None]:
    """Silence Pillow's warnings on odd files, but make an image of too many pixels an error."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield
