"""Section 5: why initial weights and input scale belong together.

Before the first step, how much does the net's signal still depend on the image? Photographs are passed through
untrained nets, and after each layer the standard deviation across the images is computed (its root mean square over
the units). A net whose output hardly changes from image to image gets hardly any gradient.

    paper, pixels        N(0, 0.01) everywhere, pixels of 0 to 255 minus their mean: what the paper says
    source, pixels       0.03 in conv3 to conv5, what the source used
    caffe, pixels        0.005 in fc6 and fc7
    paper, unit variance the paper's initial weights on inputs of standard deviation 1, as in most tutorials
    he, unit variance    a deviation of sqrt(2 / fan_in) for each layer, of 2015, which goes with such inputs
"""

from functools import partial

import numpy as np

from minialex.checks import expected
from minialex.data import Dataset, centre_crop, load, subtract_mean
from minialex.devices import host
from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown
from minialex.models import alexnet_single

SIZE, SCALE = 224, 256

# name: preset, rule of initial weights, whether inputs are divided by their standard deviation, and the standard
# deviation of the logits on six photographs of ImageNet with one seed, as another program of this project's authors
# measured it.
RUNS = {
    "source, pixels": ("source", None, False, 5.6e-2),
    "paper, pixels": ("paper", None, False, 3.9e-3),
    "caffe, pixels": ("caffe", None, False, 1.7e-3),
    "paper, unit variance": ("paper", None, True, 8.5e-5),
    "he, pixels": ("paper", "he", False, None),
    "he, unit variance": ("paper", "he", True, None),
}


def init(settings: Settings) -> str:
    """Measure every net with every seed, and return the table; settings.limit is the number of images.

    Errors: ValueError for one image, which has no deviation across images.
    """
    from minialex.plots import save, signal  # late: matplotlib takes half a second

    if settings.limit == 1:
        raise expected("--limit", "two images at least, since deviations are across images", 1, "use --limit 2")
    results = Results(settings.out, {"experiment": settings.name, "data": settings.data, "images": settings.limit})
    x = inputs(load(settings.data, image_size=SCALE, limit=settings.limit), settings.limit or 16)
    deviations = {name: over_seeds(results, name, x, settings.seeds) for name in RUNS}
    text = deviations_table(deviations, len(x), settings.seeds)
    keep_table(settings, text)
    save(signal(deviations), settings.out / "init.png")
    return text


def over_seeds(results: Results, name: str, x: np.ndarray, seeds: int) -> dict[str, float]:
    """Return the deviation after each layer, its root mean square over the seeds."""
    preset, rule, unit, _ = RUNS[name]
    images = x / x.std() if unit else x
    run = partial(measure, preset, rule, images)
    runs = [results.once(f"{name}, seed {seed}", partial(run, seed)) for seed in range(seeds)]
    return {layer: float(np.sqrt(np.mean([run[layer] ** 2 for run in runs]))) for layer in runs[0]}


def inputs(dataset: Dataset, images: int) -> np.ndarray:
    """Return centre crops of evenly spaced training images, minus the mean image."""
    indices = np.linspace(0, len(dataset.train) - 1, min(images, len(dataset.train))).astype(int)
    return centre_crop(subtract_mean(dataset.train.images[indices], dataset.mean_image()), SIZE)


def measure(preset: str, rule: str | None, x: np.ndarray, seed: int) -> dict[str, float]:
    """Return the deviation across images of the input and after each layer that has parameters."""
    net = alexnet_single(host, rng=np.random.default_rng(seed), image_size=SIZE, preset=preset, init=rule).eval()
    deviations = {"images": deviation(x)}
    for name, y in net.outputs(x):
        if net.layers[name].params:
            deviations[name] = deviation(y)
    return deviations


def deviation(y: np.ndarray) -> float:
    """Return the standard deviation across images, as its root mean square over the units."""
    return float(np.sqrt(np.mean(np.var(y, axis=0, dtype=np.float64))))


def deviations_table(deviations: dict[str, dict[str, float]], images: int, seeds: int) -> str:
    """Return a table with a column for each run; the last line is the earlier measurement."""
    names = list(deviations)
    rows = [[layer, *(f"{deviations[name][layer]:.1e}" for name in names)] for layer in deviations[names[0]]]
    earlier = [RUNS[name][-1] for name in names]
    rows.append(["fc8, six other photographs", *("" if value is None else f"{value:.1e}" for value in earlier)])
    return f"{images} images, {seeds} seeds\n\n{markdown(['deviation across images after', *names], rows)}"
