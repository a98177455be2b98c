"""One image file: any format and mode that Pillow reads, to a square of RGB pixels (section 2)."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


def read_image(path: str | os.PathLike, size: int) -> np.ndarray:
    """The image's shorter side is rescaled to `size`, and the central square cut out.

    The camera's note on which side is up is obeyed; what is transparent becomes white.

    Shapes: -> uint8 (3, size, size).
    Errors: FileNotFoundError if there is no such file, ValueError if it is not an image that can be read.
    """
    if not os.path.isfile(path):
        came = "a folder; give the images in it" if os.path.isdir(path) else "a path where there is none; check it"
        raise FileNotFoundError(f"{path}: expected an image file, got {came}")
    try:
        with quiet_pillow():
            return decode(path, size)
    except Exception as error:  # decoders raise all kinds: OSError, SyntaxError, struct.error, ...
        reason = f"got one that cannot be read ({type(error).__name__}: {error})"
        raise ValueError(f"{path}: expected an image, {reason}; save it again or remove it") from error


def decode(path: str | os.PathLike, size: int) -> np.ndarray:
    """As read_image, with the errors and warnings of Pillow."""
    from PIL import Image, ImageOps  # here, so that `import minialex.data` comes without Pillow

    with Image.open(path) as image:
        rgb = as_rgb(image)
        if turn := TURNS.get(orientation(image)):
            rgb = rgb.transpose(Image.Transpose[turn])
    square = ImageOps.fit(rgb, (size, size), method=Image.Resampling.BICUBIC)
    return np.asarray(square).transpose(2, 0, 1)


ORIENTATION = 0x0112  # where EXIF notes how the camera was held, and what sets its pictures upright
TURNS = {
    2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE", 6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90",
}  # fmt: skip


def orientation(image):
    """The camera's note, once the image is loaded. Pillow's exif_transpose fails on notes damaged elsewhere."""
    try:
        return image.getexif().get(ORIENTATION)
    except Exception:  # a note that cannot be read at all; the pixels are none the worse
        return None


def as_rgb(image):
    """Any mode to RGB. (Of JPEGs in CMYK, Pillow already turns the inverted inks that Adobe writes.)"""
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits a pixel, or 32 that hold 16; Pillow's own conversion would clip at 255
        levels = np.asarray(image)
        gray = (np.clip(levels, 0, 65535) // 256).astype(np.uint8)
        gray[levels == image.info.get("transparency")] = 255
        return Image.fromarray(gray).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    image.load()
    return image if image.mode == "RGB" else image.convert("RGB")


def shorter_side(path: str | os.PathLike) -> tuple[int, bool]:
    """The image's shorter side, and whether it is square, from the file's first bytes."""
    from PIL import Image

    with Image.open(path) as image:
        return min(image.size), image.width == image.height


@contextmanager
def quiet_pillow() -> Iterator[None]:
    """Pillow's remarks on odd files are silenced, but an image of too many pixels is an error."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield
