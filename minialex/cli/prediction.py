"""Predictions as text and as a picture: the most probable labels of image files, as in Figure 4 of the paper."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from minialex.models.weights import READERS
from minialex.training.predictor import Predictor

DRAWN = 256  # pixels: images are drawn at this size, however small those are that the net reads


def is_weights(path: Path) -> bool:
    """Tell whether a path names a file of weights, and not the folder of a run."""
    return path.is_file() or (path.suffix in READERS and not path.exists())


def answers(predictor: Predictor, paths: Sequence[Path], p: np.ndarray, top: int) -> list[dict]:
    """Return the `top` most probable labels of each image, as `minialex predict --json` prints them."""
    most_probable = np.argsort(-p, axis=1, kind="stable")[:, :top]
    return [
        {"image": str(path), "top": [{"label": predictor.labels[i], "probability": float(row[i])} for i in best]}
        for path, row, best in zip(paths, p, most_probable, strict=True)
    ]


def bars(answer: dict) -> str:
    """Return an image's most probable labels as text, each with a bar."""
    width = max(len(each["label"]) for each in answer["top"])
    lines = [
        f"  {each['label']:<{width}}  {each['probability']:6.1%}  {'#' * round(40 * each['probability'])}".rstrip()
        for each in answer["top"]
    ]
    return "\n".join([answer["image"], *lines])


def draw_answers(path: str | os.PathLike, images: np.ndarray, p: np.ndarray, labels: Sequence[str], top: int) -> None:
    """Draw the images with their most probable labels into a picture file."""
    from minialex.plots import predictions, save  # late: matplotlib takes half a second

    save(predictions(images, p, labels, top=top), path)
