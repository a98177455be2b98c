"""Experiments read few drawn shapes here: 5,000 take seconds to draw, and 1,000 seconds to evaluate."""

from functools import cache

import pytest

from minialex.data import Dataset, load
from minialex.lab.frame import settings


@cache
def few(source, image_size):
    dataset = load(source, image_size=image_size)
    return Dataset(dataset.name, dataset.classes, dataset.train.limit(400), dataset.val.limit(200))


@pytest.fixture(autouse=True)
def few_shapes(monkeypatch):
    def loaded(source, *, image_size):
        return few(source, image_size) if source == "shapes" else load(source, image_size=image_size)

    monkeypatch.setattr(settings, "load", loaded)
