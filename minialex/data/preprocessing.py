"""What happens to images before the net sees them (section 2): their mean image is subtracted, no more."""

import numpy as np

from minialex.data.shards import Shards

SLICE = 2**24  # about as many values are converted to floats at a time: 64 MB of float32


def mean_image(images: np.ndarray | Shards) -> np.ndarray:
    """The mean of the training images, pixel by pixel and channel by channel.

        mean = sum(images) / N

    Shapes: uint8 (N, 3, H, W), read in slices (it may be a memory map or shards) -> float32 (3, H, W).
    Errors: ValueError if there are no images.
    """
    check_images(images)
    total = np.zeros(images.shape[1:], dtype=np.int64)  # exact: whole numbers do not round
    step = max(1, SLICE // total.size)
    for start in range(0, len(images), step):
        total += np.sum(images[start : start + step], axis=0, dtype=np.int64)
    return (total / len(images)).astype(np.float32)


def subtract_mean(images: np.ndarray, mean: np.ndarray, dtype="float32") -> np.ndarray:
    """The input of every net here: images minus the mean image, in floats.

        x = images - mean

    Pixels keep their range of 0 to 255 and are not divided by a deviation: the paper's initial weights, of standard
    deviation 0.01, go with inputs of that size. On inputs of deviation 1 its first logits are some fifty times
    smaller, and the net hardly begins to learn.

    Shapes: (N, 3, H, W) and (3, H, W) -> (N, 3, H, W), a new array.
    Errors: ValueError if the mean has another size than the images.
    """
    check_images(images)
    if np.shape(mean) != images.shape[1:]:
        raise ValueError(
            f"mean: expected {images.shape[1:]}, one image, got {np.shape(mean)}; "
            "take mean_image of training images of this size"
        )
    return np.subtract(images, mean, dtype=dtype)


def resize(images: np.ndarray, size: int) -> np.ndarray:
    """Square images of another size, interpolated by cubics.

    Shapes: uint8 (N, 3, S, S) -> (N, 3, size, size); the same array where nothing changes.
    """
    from PIL import Image

    check_images(images)
    if images.shape[2:] == (size, size):
        return images
    out = np.empty((len(images), 3, size, size), dtype=np.uint8)
    for image, place in zip(images, out, strict=True):
        small = Image.fromarray(np.ascontiguousarray(image.transpose(1, 2, 0)))
        place[:] = np.asarray(small.resize((size, size), Image.Resampling.BICUBIC)).transpose(2, 0, 1)
    return out


def check_images(images: np.ndarray | Shards) -> None:
    """Checks that this is a batch of images, of at least one."""
    if images.ndim != 4 or len(images) == 0:
        raise ValueError(f"images: expected (N, 3, H, W) with N from 1, got {images.shape}; give a batch of images")
