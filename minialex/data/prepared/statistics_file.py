"""statistics.npz: the mean image and the colours of all training images of a prepared folder."""

from pathlib import Path

import numpy as np

from minialex.data.pixel_statistics import Sums, statistics
from minialex.data.prepared.reading import one_line_errors, require
from minialex.files.atomic import whole_file
from minialex.files.plain_npz import read_npz


def write_statistics(path: Path, sums: Sums) -> None:
    """Write the statistics that follow from sums over all training images."""
    with whole_file(path) as file:
        np.savez(file, **statistics(sums))  # type: ignore[arg-type]


def read_statistics(path: Path, size: int) -> dict[str, np.ndarray]:
    """Read the statistics, by their names in `Prepared`."""
    shapes = {"mean": (3, size, size), "mean_rgb": (3,), "eigenvalues": (3,)}
    shapes |= {"covariance": (3, 3), "eigenvectors": (3, 3)}
    with one_line_errors(path):
        file = dict(read_npz(path, shapes))
        arrays = {name: file[name] for name in shapes}
        for name, values in arrays.items():
            require(values.dtype == (np.float32 if name == "mean" else np.float64), f"{name} of {values.dtype}")
            require(values.shape == shapes[name] and bool(np.isfinite(values).all()), f"{name} {values.shape}")
        return arrays
