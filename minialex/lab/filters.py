"""Figure 3: do the first-layer kernels of two groups part into grey and coloured ones?

The net is small and has two groups: conv1 and conv2 are apart, conv3 reads both. `kernel_colour.py` measures how much
colour each kernel of conv1 has, before the first step and while the net learns.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from minialex.data import Dataset, Split
from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.entry import Entry, drawn
from minialex.lab.frame.net import KIT
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import diverged, markdown
from minialex.lab.kernel_colour import HEAD, cells, first_kernels, halves
from minialex.lab.trained_nets import of_seeds, rate_of, untrained
from minialex.sequential import Sequential
from minialex.training import evaluate

SEARCH_EPOCHS = 5
STAGES = 5  # of the training, after its beginning
BINS = np.linspace(0, 1, 21)


def filters(settings: Settings, *, weights: Path | None = None) -> str:
    """Measure the colour of both groups' kernels, in training or, with `weights`, in a file or a run."""
    if weights is not None:
        return of_file(settings, weights)
    results, dataset = Results(settings.out, settings.as_dict()), settings.dataset()
    lr = rate_of(results, ENTRY, dataset, settings, epochs=SEARCH_EPOCHS)
    seeds = of_seeds(settings, lr, results.arrays, partial(kernels, dataset, settings, lr))
    note = f"Errors in percent, rate {lr:g}{diverged(settings.seeds - len(seeds), settings.seeds)}"
    text = f"{note}\n\n{stages_table(seeds)}"
    keep_table(settings, text)
    stages = {f"epoch {epoch}": W for epoch, W in zip(seeds[0]["epochs"], seeds[0]["W"], strict=True)}
    draw(settings.out, stages, seeds[0]["W"][-1], f"seed {seeds[0]['seed']}")
    return text


def two_group_net(*, rng: np.random.Generator, classes: int, image_size: int, channels: int = 3) -> Sequential:
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


ENTRY = Entry(net=two_group_net)


def kernels(dataset: Dataset, settings: Settings, lr: float, seed: int) -> dict[str, np.ndarray]:
    """Train a net; return the kernels of conv1, W, and the net's error before the first step and at each stage."""
    stages = {0, *(round(settings.epochs * i / STAGES) for i in range(1, STAGES + 1))}
    epochs: list[int] = []
    W: list[np.ndarray] = []
    errors: list[float] = []

    def keep(net: Sequential, train: Split, history: list[dict]) -> None:
        if len(history) in stages:
            epochs.append(len(history))
            W.append(net.state()["conv1.W"])
            errors.append(evaluate(net, dataset.val)["top1_error"])

    train = drawn(dataset.train, settings.limit, seed)
    keep(untrained(ENTRY, dataset, train, seed), train, [])
    ENTRY.train(dataset, lr=lr, epochs=settings.epochs, seed=seed, limit=settings.limit, watch=keep)
    return {"seed": np.array(seed), "epochs": np.array(epochs), "W": np.stack(W), "errors": np.array(errors)}


def stages_table(seeds: Sequence[dict[str, np.ndarray]]) -> str:
    """Return a line for every stage of every training."""
    rows = [
        [f"{kept['seed']}", f"{epoch}", *cells(W), f"{100 * error:.2f}"]
        for kept in seeds
        for epoch, W, error in zip(kept["epochs"], kept["W"], kept["errors"], strict=True)
    ]
    return markdown(["seed", "epochs", *HEAD, "validation error"], rows)


def of_file(settings: Settings, path: Path) -> str:
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
