"""Parameters of a test of which a few are enough for a plain `pytest`."""

import pytest


def all_but(quick, values):
    """Return the values for `parametrize`, tuples for several parameters; those that are not quick are slow."""
    groups = [(value, value if isinstance(value, tuple) else (value,)) for value in values]
    return [pytest.param(*group, marks=() if value in quick else pytest.mark.slow) for value, group in groups]
