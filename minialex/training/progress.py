"""What a training prints: a bar while an epoch runs, and a line after it.

Lines go to standard output. The bar goes to standard error, only where that is a terminal, and is removed at the end
of its epoch; a log in a file has one line an epoch. Everything fits into 80 columns.
"""

import math
import shutil
from threading import RLock

from tqdm import tqdm

from minialex.devices.forks import in_child
from minialex.printing import progress_bar

WIDTH = 79  # columns
BAR = "{desc}{postfix} {percentage:3.0f}% |{bar}| {remaining} left"

in_child(lambda: tqdm.set_lock(RLock()))  # its lock may be held by a thread that a forked child does not have


def bar_of(epoch: int, epochs: int, images: int, shown: bool, done: int = 0):
    """Return the bar of an epoch; it counts images, of which `done` are behind a resumed run."""
    width = min(WIDTH, shutil.get_terminal_size().columns - 1)
    hidden = None if shown else True  # None: where stderr is no terminal
    text = f"epoch {epoch}/{epochs}"
    return progress_bar(total=images, initial=done, desc=text, bar_format=BAR, ncols=width, leave=False, disable=hidden)


def epoch_line(history: list[dict], epochs: int, classes: int) -> str:
    """Return the last epoch of a history as text: training loss, errors, seconds, and the rate where it changed.

    The top-5 error is left out where five classes or fewer make it 0, and validation where there was none.
    """
    row = history[-1]
    cells = [
        f"epoch {row['epoch']:>{len(str(epochs))}}/{epochs}",
        f"loss {row['train_loss']:.3f}",
        f"train {row['train_error']:5.1%}",
    ]
    if not math.isnan(row["val_error"]):
        cells.append(f"val {row['val_error']:5.1%}")
        if classes > 5:
            cells.append(f"top-5 {row['val_top5_error']:5.1%}")
    cells.append(f"{row['seconds']:.{row['seconds'] < 100:d}f} s")
    if len(history) > 1 and row["lr"] != history[-2]["lr"]:
        cells.append(f"lr {row['lr']:g}")
    return "  ".join(cells)
