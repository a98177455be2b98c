"""The fixture and the marks of the checks, for pytest alone; `minialex grade` loads no conftest.py at all."""

from minialex.grading.fixtures import pytest_configure, pytest_pyfunc_call, student

__all__ = ["pytest_configure", "pytest_pyfunc_call", "student"]
