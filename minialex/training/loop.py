"""The training loop."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from tqdm import tqdm

from minialex.convenience import words_explained
from minialex.cuda.inputs import inputs_on
from minialex.data import Augmentation, Split, ahead, batches, mean_image
from minialex.devices import host
from minialex.layers import SoftmaxCrossEntropy
from minialex.sequential import Sequential
from minialex.training.averaging import WeightAverage, training_with
from minialex.training.divergence import check_loss, check_update, no_warnings
from minialex.training.finite_layers import finite_layers
from minialex.training.fit_arguments import check_arguments, check_keeping
from minialex.training.frozen import no_gradients_below_trainable
from minialex.training.history import row_of
from minialex.training.position import Position
from minialex.training.progress import bar_of, epoch_line
from minialex.training.schedule import Fixed
from minialex.training.sgd import SGD
from minialex.training.step_schedules import factors_of
from minialex.training.validation import validate

Callback = Callable[[list[dict]], bool | None]


@words_explained
def fit(
    net: Sequential, train: Split, val: Split | None = None, *, sgd: SGD, epochs: int, rng: np.random.Generator,
    loss: SoftmaxCrossEntropy | None = None, schedule: Callable[[Sequence[float]], float] = Fixed(), batch: int = 128,
    mean: np.ndarray | None = None, std=None, augment: Augmentation | None = None, average: WeightAverage | None = None,
    history: Sequence[dict] = (), position: Position = Position(), after_epoch: Callback | Sequence[Callback] = (),
    after_step: Callable[[Position], object] = lambda position: None, check_finite: bool = False, progress: bool = True,
) -> list[dict]:  # fmt: skip
    """Train a net (section 5), and return its history: one dict an epoch, the columns of `metrics.csv`.

    Args:   val, images for validation (None: the columns of validation are nan); sgd, the update rule of this net;
            epochs, in all; rng, draws the order of the images: the epoch's number and the generator's seed alone
            decide it; loss, of logits and labels (None: SoftmaxCrossEntropy()); schedule, from the validation (or
            training) errors so far to the factor of the rate, or one by step; batch, images a step; mean, subtracted
            from the images (None: the mean image of `train`), and std, which divides them (None: as the paper, by
            nothing), are kept with the net; augment, what happens to training images (section 4.1), whose crop
            validation takes from the centre; average, of the weights, a variant: validation and what follows see the
            averaged ones (None: those of the last step); history, of the epochs already behind a resumed run, and
            position, in the epoch that it was stopped in; after_epoch, functions of the history: training ends when one
            returns True; after_step, a function of the position, called after each step and each batch of validation;
            check_finite, whether to look at what every layer computes; progress, whether to print a line an epoch.
    Errors: Diverged (a RuntimeError) if loss or weights are no longer finite: it names where that began, and the rate.
    """
    callbacks: Any = after_epoch if isinstance(after_epoch, list | tuple) else [after_epoch]
    check_arguments(net, train, val, sgd, epochs, rng, batch, augment, loss, schedule)
    check_keeping(history, position, callbacks, after_step, average, check_finite)
    net.input_mean, net.input_std = mean_image(train.images) if mean is None else mean, 1.0 if std is None else std
    augment, head = augment or Augmentation([], seed=0), SoftmaxCrossEntropy() if loss is None else loss
    history, orders, steps = list(history), rng.spawn(epochs), -(-len(train) // batch)
    for epoch in range(len(history) + 1, epochs + 1):
        start, done = time.perf_counter() - position.seconds, (epoch - 1) * steps + position.step
        errors = [row["val_error" if val else "train_error"] for row in history]
        factors, draws = factors_of(schedule, errors, epoch, epochs, steps), augment.epoch(epoch, len(train))
        inputs = {"mean": net.input_mean, "std": net.input_std, "rng": orders[epoch - 1], "draws": draws}
        on_gpu = inputs_on(net.device, train, net.input_mean, net.input_std, draws)
        prepared = batches(train, batch, **inputs, rows=net.rows, start=position.step, compute=on_gpu)
        weights = training_with(average, net, done, epochs * steps, begun=position.step > 0)
        with bar_of(epoch, epochs, len(train), progress, position.images) as bar, no_warnings():
            with finite_layers(net, check_finite, sgd, epoch, position.step):
                end = train_epoch(net, head, prepared, sgd, factors, bar, epoch, position, start, weights, after_step)
            result = validate(net, val, batch, draws.crop(train.images.shape), sgd, epoch, partial(after_step, end))
        history.append(row_of(epoch, sgd, end, result, time.perf_counter() - start))
        if progress:
            print(epoch_line(history, epochs, classes=int(train.labels.max()) + 1), flush=True)
        position = Position()
        if any([callback(history) in (True,) for callback in callbacks]):  # a list: each of them is called
            break
    return history


def train_epoch(
    net: Sequential, head: SoftmaxCrossEntropy, prepared: Iterator, sgd: SGD, factors: Iterator[float], bar: tqdm,
    epoch: int, position: Position, start: float, weights: AbstractContextManager[Callable[[], None]],
    after_step: Callable[[Position], object],
) -> Position:  # fmt: skip
    """Take one step for each batch, and return the sums of their losses and errors, computed while the net learned."""
    *_, last = net.layers.values()
    head.to(last.device)
    net.train()
    for sgd.factor in islice(factors, position.step):  # the rates of the steps that were taken before
        pass
    placed = ((net.device.put(images), labels) for images, labels in prepared)
    with closing(ahead(placed)) as ready, no_gradients_below_trainable(net), weights as averaged:
        for (images, labels), sgd.factor in zip(ready, factors, strict=True):
            where = f"epoch {epoch}, step {position.step + 1}"
            logits = net.forward(images)
            loss = head.forward(logits, labels)
            check_loss(where, loss, net, images, sgd)
            wrong = int(np.sum(np.argmax(host.put(logits), axis=1) != labels))  # now, while a GPU has nothing to do
            net.backward(head.backward())
            sgd.step()
            check_update(where, net, sgd)
            averaged()
            position = position.after(loss, len(labels), wrong, time.perf_counter() - start)
            bar.update(len(labels))
            bar.set_postfix_str(position.text(), refresh=False)
            after_step(position)
    return position
