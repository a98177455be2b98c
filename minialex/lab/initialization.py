"""Section 5: why initial weights and input scale belong together.

Before the first step, how much does the net's signal still depend on the image? Photographs are passed through
untrained nets, and after each layer the standard deviation across the images is computed (its root mean square over
the units). A net whose output hardly changes from image to image gets hardly any gradient.

    paper, pixels        N(0, 0.01) everywhere, pixels of 0 to 255 minus their mean: what the paper says
    source, pixels       0.03 in conv3 to conv5, what the source used
    caffe, pixels        0.005 in fc6 and fc7
    paper, unit variance the paper's initial weights on inputs of standard deviation 1, as in most tutorials
"""

import json
from pathlib import Path

import numpy as np

from minialex.data import Dataset, centre_crop, load, subtract_mean
from minialex.devices import host
from minialex.files.atomic import write_text
from minialex.models import alexnet_single

SIZE, SCALE = 224, 256

# name: preset, whether inputs are divided by their standard deviation, and the standard deviation of the logits on six
# photographs of ImageNet with one seed, as another program of this project's authors measured it.
RUNS = {
    "source, pixels": ("source", False, 5.6e-2),
    "paper, pixels": ("paper", False, 3.9e-3),
    "caffe, pixels": ("caffe", False, 1.7e-3),
    "paper, unit variance": ("paper", True, 8.5e-5),
}


def init(out: Path, *, data: str, images: int, seed: int = 0) -> str:
    """Measure every run, write table, values and picture to `out`, and return the table."""
    from minialex.plots import save, signal  # late: matplotlib takes half a second

    x = inputs(load(data, image_size=SCALE, limit=images), images)
    deviations = {name: measure(preset, x / x.std() if unit else x, seed) for name, (preset, unit, _) in RUNS.items()}
    text = deviations_table(deviations, len(x))
    out.mkdir(parents=True, exist_ok=True)
    write_text(out / "table.md", text + "\n")
    write_text(out / "results.json", json.dumps(deviations, indent=2))
    save(signal(deviations), out / "init.png")
    return text


def inputs(dataset: Dataset, images: int) -> np.ndarray:
    """Return centre crops of evenly spaced training images, minus the mean image."""
    indices = np.linspace(0, len(dataset.train) - 1, min(images, len(dataset.train))).astype(int)
    return centre_crop(subtract_mean(dataset.train.images[indices], dataset.mean_image()), SIZE)


def measure(preset: str, x: np.ndarray, seed: int) -> dict[str, float]:
    """Return the deviation across images of the input and after each layer that has parameters."""
    net = alexnet_single(host, rng=np.random.default_rng(seed), image_size=SIZE, preset=preset).eval()
    deviations = {"images": deviation(x)}
    for name, y in net.outputs(x):
        if net.layers[name].params:
            deviations[name] = deviation(y)
    return deviations


def deviation(y: np.ndarray) -> float:
    """Return the standard deviation across images, as its root mean square over the units."""
    return float(np.sqrt(np.mean(np.var(y, axis=0, dtype=np.float64))))


def deviations_table(deviations: dict[str, dict[str, float]], images: int) -> str:
    """Return a table with a column for each run; the last line is the earlier measurement."""
    names = list(deviations)
    rows = [["deviation across images after", *names], ["---"] * (len(names) + 1)]
    rows += [[layer, *(f"{deviations[name][layer]:.1e}" for name in names)] for layer in deviations[names[0]]]
    rows.append(["fc8, six other photographs", *(f"{RUNS[name][2]:.1e}" for name in names)])
    return f"{images} images, one seed\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)
