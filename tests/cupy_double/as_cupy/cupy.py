"""The double, by the name of CuPy: `PYTHONPATH=tests/cupy_double/as_cupy minialex train --devices cuda:0`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
import cupy_double

sys.modules["cupy"] = cupy_double
