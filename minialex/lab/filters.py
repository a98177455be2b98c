"""Figure 3: do the first-layer kernels of two groups part into grey and coloured ones?

The net is small and has two groups: conv1 and conv2 are apart, conv3 reads both. `kernel_colour.py` measures how much
colour each kernel of conv1 has, before the first step and while the net learns.
"""

from functools import partial
from pathlib import Path

import numpy as np

from minialex.data import Dataset
from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.entry import Entry
from minialex.lab.frame.net import KIT
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown
from minialex.lab.kernel_colour import colour, first_kernels, permutation_p
from minialex.sequential import Sequential

LR = 0.005  # no search: the errors are not what is compared
STAGES = 5  # of the training, after its beginning
BINS = np.linspace(0, 1, 21)


def filters(settings: Settings, *, weights: Path | None = None) -> str:
    """Measure the colour of both groups' kernels, in training or, with `weights`, in a file or a run."""
    if weights is not None:
        return measured(settings._replace(out=settings.out / weights.stem), weights)
    results, dataset = Results(settings.out, settings.as_dict()), settings.dataset()
    run = partial(kernels, dataset, settings)
    seeds = [results.arrays(f"seed {seed}", partial(run, seed)) for seed in range(settings.seeds)]
    text = stages_table(seeds)
    keep_table(settings, text)
    *_, last = seeds[0].values()
    draw(settings.out, seeds[0], last, "seed 0")
    return text


def two_groups(*, rng: np.random.Generator, classes: int, image_size: int, channels: int = 3) -> Sequential:
    """Build conv1 and conv2 in two groups and conv3 that reads both, without response normalization."""
    side = -(-image_size // 8)
    # fmt: off
    return Sequential(
        conv1=KIT.Conv2D(channels, 32, 5, pad=2, rng=rng),      relu1=KIT.ReLU(), pool1=KIT.MaxPool(3, 2, ceil=True),
        conv2=KIT.Conv2D(32, 48, 5, pad=2, groups=2, rng=rng),  relu2=KIT.ReLU(), pool2=KIT.MaxPool(3, 2, ceil=True),
        conv3=KIT.Conv2D(48, 64, 3, pad=1, rng=rng),            relu3=KIT.ReLU(), pool3=KIT.MaxPool(3, 2, ceil=True),
        flatten=KIT.Flatten(), fc4=KIT.Dense(64 * side**2, classes, rng=rng),
    )
    # fmt: on


def kernels(dataset: Dataset, settings: Settings, seed: int) -> dict[str, np.ndarray]:
    """Train a net; return the kernels of conv1 before the first step and at each stage."""
    stages = sorted({0, *(round(settings.epochs * i / STAGES) for i in range(1, STAGES + 1))})
    nets: list[Sequential] = []
    got: dict[str, np.ndarray] = {}

    def keep(epoch: int) -> None:
        if epoch in stages:
            got[f"epoch {epoch}"] = nets[0].state()["conv1.W"]

    def build(**arguments) -> Sequential:
        nets.append(two_groups(**arguments))
        keep(0)
        return nets[0]

    Entry(net=build).train(
        dataset, lr=LR, epochs=settings.epochs, seed=seed, limit=settings.limit,
        after_epoch=lambda history: keep(len(history)),
    )  # fmt: skip
    return got


def halves(W: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the colour of the kernels of group a, and of group b."""
    values = colour(W)
    return values[: len(W) // 2], values[len(W) // 2 :]


def cells(W: np.ndarray) -> list[str]:
    """Return the mean colour of each half, the difference, the deviation among all kernels, and p, as text."""
    a, b = halves(W)
    p = permutation_p(a, b, np.random.default_rng(0))
    return [f"{value:.3f}" for value in (a.mean(), b.mean(), a.mean() - b.mean(), colour(W).std())] + [f"{p:.2g}"]


HEAD = ["group a", "group b", "difference", "deviation among kernels", "p"]


def stages_table(seeds: list[dict[str, np.ndarray]]) -> str:
    """Return a line for every stage of every training."""
    rows = [[f"{seed}", stage, *cells(W)] for seed, stages in enumerate(seeds) for stage, W in stages.items()]
    return markdown(["seed", "after", *HEAD], rows)


def measured(settings: Settings, path: Path) -> str:
    """Measure the kernels of a file or a run, in its groups or, where it has none, in two halves."""
    W, groups = first_kernels(path)
    kind = f"{groups} groups" if groups > 1 else "no groups: its halves"
    text = (
        f"{path.name}: {len(W)} kernels of {W.shape[-1]}x{W.shape[-1]}\n\n{markdown(['', *HEAD], [[kind, *cells(W)]])}"
    )
    keep_table(settings, text)
    draw(settings.out, {path.name: W}, W, path.name)
    return text


def draw(out: Path, stages: dict[str, np.ndarray], last: np.ndarray, title: str) -> None:
    """Draw the histograms of the stages, and the kernels at the end of the training."""
    from minialex import plots  # late: matplotlib takes half a second

    panels = {stage: dict(zip(("group a", "group b"), halves(W), strict=True)) for stage, W in stages.items()}
    figure = plots.histograms(panels, x="Colour of a kernel (0 grey, 1 opponent colours)", y="Kernels", bins=BINS)
    plots.save(figure, out / "filters.png")
    plots.save(plots.filters(last, group_size=len(last) // 2, title=f"{title}: conv1"), out / "kernels.png")
