"""The kinds of augmentation that are compared."""

import numpy as np

from minialex.data import load
from minialex.lab.augmentation.kinds import ENTRIES


def test_each_net_has_its_steps():
    dataset = load("shapes", image_size=32, limit=20)
    steps = {name: [type(step).__name__ for step in entry.augment(dataset)] for name, entry in ENTRIES.items()}
    assert steps == {
        "none": [],
        "reflection": ["RandomReflection"],
        "shift, as a crop": ["RandomShift"],
        "shift and reflection": ["RandomShift", "RandomReflection"],
        "colour, paper": ["PCAColour"],
        "colour, source": ["PCAColour"],
        "all of the paper": ["RandomShift", "RandomReflection", "PCAColour"],
        "upside down, a variant": ["RandomUpsideDown"],
        "rotation, a variant": ["RandomRotation"],
        "scaling, a variant": ["RandomScale"],
    }


def test_colours_follow_the_training_images_and_both_formulas():
    dataset = load("shapes", image_size=32, limit=20)
    (paper,), (source,) = (ENTRIES[f"colour, {name}"].augment(dataset) for name in ("paper", "source"))
    assert (paper.preset, source.preset) == ("paper", "source")
    values, vectors = dataset.colour_components()
    np.testing.assert_allclose(paper.axes, vectors * values / 255, rtol=1e-4)
