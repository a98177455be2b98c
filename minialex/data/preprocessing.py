"""Preprocessing: the mean image of the training set is subtracted (section 2), or each channel is standardized."""

import numpy as np

from minialex.checks import check_between, expected
from minialex.data.inputs import check_images, check_mean
from minialex.data.pixel_statistics import mean_of_sums, pixel_sums
from minialex.data.shards import Shards

SLICE = 2**24  # about as many values are summed at a time: 16 MB of pixels


def mean_image(images: np.ndarray | Shards) -> np.ndarray:
    """Return the mean of the training images, pixel by pixel and channel by channel.

        mean = sum(images) / N

    Shapes: (N, C, H, W), read in slices (it may be a memory map or shards) -> float32 (C, H, W). Pixels of uint8 are
            summed exactly, floats in float64.
    Errors: ValueError if there are no images.
    """
    check_images(images)
    total = np.zeros(images.shape[1:], dtype=np.float64 if images.dtype.kind == "f" else np.int64)
    step = max(1, SLICE // total.size)
    for start in range(0, len(images), step):
        total += pixel_sums(images[start : start + step])
    return mean_of_sums(total, len(images))


def subtract_mean(images: np.ndarray, mean: np.ndarray, dtype="float32") -> np.ndarray:
    """Return the input of every net here: images minus the mean image, in floats.

        x = images - mean

    Pixels keep their range of 0 to 255 and are not divided by a deviation: the paper's initial weights, of standard
    deviation 0.01, go with inputs of that size. On inputs of deviation 1 its first logits are some fifty times
    smaller, and the net hardly begins to learn.

    Shapes: (N, C, H, W) and (C, H, W) or (C, 1, 1) -> (N, C, H, W), a new array.
    Errors: ValueError if the mean has another size than the images.
    """
    check_mean(images, mean)
    return np.subtract(images, mean, dtype=dtype)


def channel_statistics(images: np.ndarray | Shards) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean and the standard deviation of each channel of the training images, for standardized inputs.

        x = (images - mean) / std

    Not the paper's, but what initial weights of fan-in size (He, Xavier) go with: `fit(..., mean=mean, std=std)`.

    Shapes: (N, C, H, W), read in slices -> twice float32 (C, 1, 1).
    Errors: ValueError if there are no images.
    """
    check_images(images)
    step = max(1, SLICE // images[0].size)
    total, squares = np.zeros((2, images.shape[1]))
    for start in range(0, len(images), step):
        pixels = images[start : start + step].astype(np.float64)
        total += pixels.sum(axis=(0, 2, 3))
        squares += np.square(pixels).sum(axis=(0, 2, 3))
    count = len(images) * images.shape[2] * images.shape[3]
    mean = total / count
    std = np.sqrt(np.maximum(squares / count - mean**2, 0))
    std[std == 0] = 1  # a channel of one value stays finite
    return mean.astype(np.float32)[:, None, None], std.astype(np.float32)[:, None, None]


def resize(images: np.ndarray, size: int) -> np.ndarray:
    """Resize square images by bicubic interpolation.

    Shapes: uint8 or floats (N, C, S, S), squares only -> (N, C, size, size); the same array if the size stays.
    """
    check_images(images)
    check_between("resize", 1, 2**14, size=size)
    N, C, H, W = images.shape
    if size == H == W:
        return images
    if H != W:
        raise expected("resize", "square images", f"{H} x {W} pixels", "cut squares out of them first")
    resized = np.empty((N, C, size, size), dtype=images.dtype)
    for image, out in zip(images, resized, strict=True):
        resize_image(image, out)
    return resized


def resize_image(image: np.ndarray, out: np.ndarray) -> None:
    """Write an image (C, S, S) at the size of `out`: uint8 of three channels at once, all others channel by channel."""
    from PIL import Image

    if image.dtype == np.uint8 and len(image) == 3:
        rgb = Image.fromarray(np.ascontiguousarray(image.transpose(1, 2, 0)))
        out[:] = np.asarray(rgb.resize(out.shape[:0:-1], Image.Resampling.BICUBIC)).transpose(2, 0, 1)
        return
    for channel, resized in zip(image, out, strict=True):
        pixels = np.ascontiguousarray(channel, dtype=np.uint8 if image.dtype == np.uint8 else np.float32)
        resized[:] = np.asarray(Image.fromarray(pixels).resize(out.shape[:0:-1], Image.Resampling.BICUBIC))
