"""Limits of a submission: seconds and memory, set where the platform has them."""

from typing import NamedTuple

try:
    import resource
except ImportError:  # Windows: only the seconds of the parent's clock
    resource = None  # type: ignore[assignment]

SLACK = 20  # checks that one process may serve; the parent's clock ends a check that takes too long long before


class Limits(NamedTuple):
    """What the process of a submission may use."""

    seconds: float = 20.0  # of one check
    megabytes: int = 2048  # of address space, Python and NumPy included

    def hold(self) -> None:
        """Limit this process for good: its memory, its CPU time, files that it writes, processes that it starts."""
        if resource is None:
            return
        seconds = int(self.seconds * SLACK) + 1
        for name, most in {
            "RLIMIT_AS": self.megabytes * 2**20, "RLIMIT_CPU": seconds, "RLIMIT_FSIZE": 0, "RLIMIT_NPROC": 0,
            "RLIMIT_CORE": 0,
        }.items():  # fmt: skip
            try:
                resource.setrlimit(getattr(resource, name), (most, most))
            except (AttributeError, ValueError, OSError):
                continue  # macOS has no limit of address space
