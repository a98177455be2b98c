"""Settings of all tests."""

import os
import signal

if "PYTEST_XDIST_WORKER" in os.environ:  # pytest -n: the workers share the cores; before NumPy is loaded
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from gpus import double, gpus  # noqa: F401  # fixtures
from hypothesis import settings

from minialex.data.locations import data_folders
from minialex.data.prepared import first_use
from minialex.interrupts import SIGNALS

# No deadline for an example: how long one takes depends on what else the machine does.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

collect_ignore = ["cupy_double/as_cupy", "gpu_report"]  # which would be CuPy for all tests; which computes on import

for number in SIGNALS:  # which nohup, or a shell's &, has set to be ignored: tests send them
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

GIVEN = os.environ.get("MINIALEX_DATA")


@pytest.fixture(scope="session", autouse=True)
def prepared_apart(tmp_path_factory):
    """Keep what tests prepare out of the real data and the user's cache, unless a test names a folder itself."""
    cache = tmp_path_factory.mktemp("cache")

    def folders():
        return [cache] if os.environ.get("MINIALEX_DATA") == GIVEN else data_folders()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(first_use, "data_folders", folders)
        yield
