"""Section 5: why initialization and input scale belong together.

Before the first step, how much does the net's signal still depend on the image? Photographs go through untrained nets,
and after each layer the standard deviation across the images is taken (its root mean square over the units). A
net whose last layer hardly changes from image to image gets hardly any gradient.

    paper, pixels        N(0, 0.01) everywhere, pixels of 0 to 255 minus their mean: what the paper says
    source, pixels       0.03 in conv3 to conv5, what the source really ran
    caffe, pixels        0.005 in fc6 and fc7
    paper, unit variance the paper's initial weights on inputs of deviation 1, as most tutorials have it
"""

import json
from pathlib import Path

import numpy as np

from minialex.data import Dataset, centre_crop, load, subtract_mean
from minialex.devices import host
from minialex.files.atomic import whole_file
from minialex.models import alexnet_single

SIZE, SCALE = 224, 256

# name: preset, inputs divided by their deviation, standard deviation of the logits measured on six photographs of
# ImageNet with one seed, by the project's authors with another program.
RUNS = {
    "source, pixels": ("source", False, 5.6e-2),
    "paper, pixels": ("paper", False, 3.9e-3),
    "caffe, pixels": ("caffe", False, 1.7e-3),
    "paper, unit variance": ("paper", True, 8.5e-5),
}


def init(out: Path, *, data: str, images: int, seed: int = 0) -> str:
    """Measures every run, keeps table, figures and picture in `out`, and returns the table."""
    from minialex.plots import save, signal  # late: matplotlib takes half a second

    x = inputs(load(data, image_size=SCALE, limit=images), images)
    found = {name: measure(preset, x / x.std() if unit else x, seed) for name, (preset, unit, _) in RUNS.items()}
    text = table(found, len(x))
    out.mkdir(parents=True, exist_ok=True)
    for name, content in (("table.md", text + "\n"), ("results.json", json.dumps(found, indent=2))):
        with whole_file(out / name) as file:
            file.write(content.encode())
    save(signal(found), out / "init.png")
    return text


def inputs(dataset: Dataset, images: int) -> np.ndarray:
    """Centre crops of some training images, minus the mean image."""
    some = np.linspace(0, len(dataset.train) - 1, min(images, len(dataset.train))).astype(int)
    return centre_crop(subtract_mean(dataset.train.images[some], dataset.mean_image()), SIZE)


def measure(preset: str, x: np.ndarray, seed: int) -> dict[str, float]:
    """The deviation across images of the input and after each layer that has parameters."""
    net = alexnet_single(host, rng=np.random.default_rng(seed), image_size=SIZE, preset=preset).eval()
    found = {"images": deviation(x)}
    for name, y in net.outputs(x):
        if net.layers[name].params:
            found[name] = deviation(y)
    return found


def deviation(y) -> float:
    return float(np.sqrt(np.mean(np.var(y, axis=0, dtype=np.float64))))


def table(found: dict[str, dict[str, float]], images: int) -> str:
    """One column a run; the last line is what was measured before."""
    names = list(found)
    rows = [["deviation across images after", *names], ["---"] * (len(names) + 1)]
    rows += [[layer, *(f"{found[name][layer]:.1e}" for name in names)] for layer in found[names[0]]]
    rows.append(["fc8, six other photographs", *(f"{RUNS[name][2]:.1e}" for name in names)])
    return f"{images} images, one seed\n\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)
