"""Arrays of images and labels from anywhere, checked, and converted where only one meaning is possible.

Images become (N, C, H, W), uint8 or floats; labels int64 (N,). All else is an error that names the remedy.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from minialex.checks import TRANSPOSE, channels_last, described, did_you_mean, expected
from minialex.data.shards import Shards

SLICE = 2**22  # values that are checked at a time


def image_array(images: Any) -> np.ndarray | Shards:
    """Return images as (N, C, H, W), uint8 or floats: grey ones get an axis of one channel, 0 to 255 becomes uint8.

    Args:   images, (N, C, H, W) or (N, H, W): an array, a list of arrays, or Shards.
    Errors: ValueError for no images, images of different shapes, and what `check_image_array` refuses.
    """
    if not isinstance(images, np.ndarray | Shards):
        try:
            images = np.asarray(images)
        except ValueError:
            got = "images of different shapes"
            raise expected("images", "an array (N, C, H, W)", got, "resize or cut them to one size") from None
    if isinstance(images, np.ndarray):
        images = images[:, None] if images.ndim == 3 else images
        if images.dtype.kind in "iub" and images.size and images.min() >= 0 and images.max() <= 255:
            images = images.astype(np.uint8, copy=False)
    check_image_array(images)
    if len(images) == 0:
        raise expected("images", "at least one", "none", "check how the array was selected")
    return images


def check_image_array(images: Any) -> None:
    """Check that images are (N, C, H, W), and uint8 or finite floats."""
    if not hasattr(images, "dtype"):
        raise expected("images", "an array (N, C, H, W)", described(images), "call Split.from_arrays, which converts")
    if images.ndim != 4:
        advice = "images without channels: images[:, None]" if images.ndim == 3 else "reshape them"
        raise expected("images", "(N, C, H, W)", described(images), advice)
    if channels_last(images.shape[1:]):
        raise expected("images", "(N, C, H, W)", described(images), TRANSPOSE)
    if 0 in images.shape[1:]:
        raise expected("images", "at least one pixel", described(images), "check the axes")
    if images.dtype != np.uint8 and images.dtype.kind != "f":
        what = "uint8 of 0 to 255, or floats"
        raise expected("images", what, described(images), 'convert with images.astype("float32")')
    if images.dtype.kind == "f":
        check_finite(images)


def check_finite(images: np.ndarray | Shards) -> None:
    """Check that floats are finite, some images at a time; least and greatest show nan and infinity."""
    step = max(1, SLICE // int(np.prod(images.shape[1:])))
    for start in range(0, len(images), step):
        part = images[start : start + step]
        if not np.isfinite([part.min(), part.max()]).all():
            wrong = start + int(np.argmin(np.isfinite(part).all(axis=(1, 2, 3))))
            raise expected("images", "finite values", f"nan or infinity in image {wrong}", "correct or leave it out")


def label_array(labels: Any, count: int) -> np.ndarray:
    """Return integer labels as int64 (N,).

    Errors: ValueError for labels of another number than the images, one-hot rows, texts and floats.
    """
    labels = one_axis(labels, count)
    if labels.dtype.kind not in "iu":
        texts = labels.dtype.kind in "UTO"
        advice = "call Dataset.from_arrays, which numbers them" if texts else "convert with labels.astype(int)"
        raise expected("labels", f"integers ({count},)", described(labels), advice)
    return labels.astype(np.int64, copy=False)


def one_axis(labels: Any, count: int) -> np.ndarray:
    """Return labels as an array (N,), one for each image; of any dtype."""
    labels, what = np.asarray(labels), f"({count},), one for each image"
    if labels.ndim == 2 and len(labels) == count:
        one_hot = labels.shape[1] > 1
        advice = "one-hot? use labels.argmax(axis=1)" if one_hot else "use labels.ravel()"
        raise expected("labels", what, described(labels), advice)
    if labels.shape != (count,):
        raise expected("labels", what, described(labels), "give one label for each image, in their order")
    return labels


def numbered(
    train: np.ndarray, val: np.ndarray, classes: Sequence | None
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """Return the names of the classes, and labels as indices of them.

    Without `classes`, they are the values that occur in either array, sorted. With `classes`, texts are looked up
    there, and integers are indices already.
    """
    if len({labels.dtype.kind in "iu" for labels in (train, val)}) > 1:
        got = f"{described(train)} and {described(val)}"
        raise expected("labels", "integers in both, or texts in both", got, "convert one of them")
    if train.dtype.kind not in "iu":
        train, val = (texts(labels) for labels in (train, val))
    elif classes is not None:
        return tuple(map(str, classes)), train, val
    values = np.unique(np.concatenate([train, val])).tolist() if classes is None else list(map(str, classes))
    number = {value: index for index, value in enumerate(values)}
    if missing := [label for label in (*train.tolist(), *val.tolist()) if label not in number]:
        advice = did_you_mean(missing[0], values) or "add it to classes"
        raise expected("labels", f"some of the {len(values)} classes", repr(missing[0]), advice)
    train, val = (np.array([number[label] for label in labels.tolist()], np.int64) for labels in (train, val))
    return tuple(map(str, values)), train, val


def texts(labels: np.ndarray) -> np.ndarray:
    """Return labels that are texts as an array of texts."""
    if not all(isinstance(label, str) for label in labels.tolist()):
        raise expected("labels", "integers or texts", described(labels), "convert with labels.astype(int)")
    return np.array(labels.tolist(), dtype=np.str_)
