"""The authors' four nets for CIFAR-10, by their recipes: one run a net, in a folder each (`recipe_runs.py`)."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from minialex.lab.checksum import checksum
from minialex.lab.frame.compare import keep_table
from minialex.lab.frame.results import Results
from minialex.lab.frame.settings import Settings
from minialex.lab.frame.tables import markdown
from minialex.lab.recipe_runs import errors, trained
from minialex.training.config import RunConfig
from minialex.training.history import read_history


class Published(NamedTuple):
    """What the authors report: the test error in percent, and the time on a GPU of 2011."""

    error: int
    time: str


AUTHORS = {
    "cifar_80sec": Published(26, "80 s"),
    "cifar_18pct": Published(18, "20 min"),
    "cifar_13pct": Published(13, "25 min"),
    "cifar_11pct": Published(11, "75 min"),
}


def recipes(settings: Settings, *, models: Sequence[str] = ("cifar_80sec",)) -> str:
    """Train the models, evaluate them with one view and with ten, and return the table.

    A run that is in its folder already keeps its own settings: it goes on, or is only evaluated.

    Args:   settings.epochs, 0 for the recipes' own; models, names of AUTHORS, or "all".
    """
    kept = {key: value for key, value in settings.as_dict().items() if key != "epochs"}  # each run has its own
    results = Results(settings.out, kept)
    rows = []
    for model in AUTHORS if "all" in models else models:
        for seed in range(settings.seeds):
            config, folder = trained(settings, model, seed)
            name = f"{folder.name}, checkpoint {checksum(folder / 'checkpoint.npz')}"
            rows.append((config, folder, results.once(name, partial(errors, config, folder))))
    text = recipes_table(rows)
    keep_table(settings, text)
    draw(settings, [folder for _, folder, _ in rows])
    return text


def recipes_table(rows: Sequence[tuple[RunConfig, Path, dict[str, float]]]) -> str:
    """Return a line for each run."""
    head = ["run", "epochs", "images seen", "error, one view", "ten views", "authors", "their time", "hours here"]
    lines = []
    for config, folder, got in rows:
        authors = AUTHORS[config.model]
        numbers = [f"{100 * got['one']:.2f}", f"{100 * got['ten']:.2f}", f"{authors.error}", authors.time]
        of = f"{config.epochs} of {config.recipe.epochs}"
        lines.append([folder.name, of, f"{got['seen'] / 1e6:.2f} M", *numbers, f"{got['hours']:.2f}"])
    images = " or ".join(f"{n:,}" for n in sorted({int(got["test images"]) for *_, got in rows}))
    return f"Errors in percent on {images} test images, after the last epoch\n\n{markdown(head, lines)}"


def draw(settings: Settings, folders: Sequence[Path]) -> None:
    """Draw the errors of the runs by epoch."""
    from minialex.plots import save, series  # late: matplotlib takes half a second

    histories = {folder.name: read_history(folder / "metrics.csv") for folder in folders}
    lines = {
        name: ([row["epoch"] for row in history], [100 * row["val_error"] for row in history])
        for name, history in histories.items()
    }
    save(series(lines, x="Epoch", y="Test error, one view (%)"), settings.out / "recipes.png")
