"""meta.mat, MATLAB's file of the classes of ILSVRC-2012. SciPy reads it, and crashes on some damaged ones."""

import io

import numpy as np


def rows_of(raw: bytes) -> list[tuple[int, str, str]]:
    """Return the ILSVRC2012_ID, the WordNet id and the words of each row of the struct array `synsets`."""
    from scipy.io import loadmat  # for this one file, so it is an extra

    rows = np.atleast_1d(loadmat(io.BytesIO(raw), squeeze_me=True, variable_names=["synsets"])["synsets"])
    return [(int(row["ILSVRC2012_ID"]), str(row["WNID"]), " ".join(str(row["words"]).split())) for row in rows]
