"""Settings of the tests of training."""

import pytest

from minialex.training import run, run_folder


@pytest.fixture
def without_pictures(monkeypatch):
    """Draw no pictures: they take most of the time of a small run, and follow from its other files."""
    monkeypatch.setattr(run_folder, "draw_curves", lambda *arguments: None)
    monkeypatch.setattr(run, "draw_net", lambda *arguments: None)
