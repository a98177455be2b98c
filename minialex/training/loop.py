"""The training loop."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from functools import partial

import numpy as np
from tqdm import tqdm

from minialex.convenience import words_explained
from minialex.data import Augmentation, Split, ahead, batches, centre_crop, mean_image
from minialex.devices import host
from minialex.layers import SoftmaxCrossEntropy
from minialex.sequential import Sequential
from minialex.training.averaging import WeightAverage, training_with
from minialex.training.divergence import Diverged, cause
from minialex.training.evaluate import evaluate
from minialex.training.frozen import no_gradients_below_trainable
from minialex.training.progress import bar_of, epoch_line
from minialex.training.schedule import Fixed
from minialex.training.sgd import SGD
from minialex.training.step_schedules import factors_of

Callback = Callable[[list[dict]], bool | None]
overflow_without_warning = partial(np.errstate, over="ignore", invalid="ignore")  # the loss shows it


@words_explained
def fit(
    net: Sequential, train: Split, val: Split | None = None, *, sgd: SGD, epochs: int, rng: np.random.Generator,
    loss: SoftmaxCrossEntropy | None = None, schedule: Callable[[Sequence[float]], float] = Fixed(), batch: int = 128,
    mean: np.ndarray | None = None, std=None, augment: Augmentation | None = None, average: WeightAverage | None = None,
    history: Sequence[dict] = (), after_epoch: Callback | Sequence[Callback] = (), progress: bool = True,
) -> list[dict]:  # fmt: skip
    """Train a net (section 5), and return its history: one dict an epoch, the columns of `metrics.csv`.

    Args:   val, images for validation (None: the columns of validation are nan); sgd, the update rule of this net;
            epochs, in all; rng, draws the order of the images: the epoch's number and the generator's seed alone
            decide it; loss, of logits and labels (None: SoftmaxCrossEntropy()); schedule, from the validation (or
            training) errors so far to the factor of the rate, or one by step; batch, images a step; mean, subtracted
            from the images (None: the mean image of `train`), and std, which divides them (None: as the paper, by
            nothing), are kept with the net; augment, what happens to training images (section 4.1), whose crop
            validation takes from the centre; average, of the weights, a variant: validation and what follows see the
            averaged ones (None: those of the last step); history, of the epochs already behind a resumed run;
            after_epoch, functions of the history: training ends when one returns True; progress, whether to print a
            line an epoch (errors in percent; train: while learning).
    Errors: Diverged (a RuntimeError) when the loss is no longer finite: it names where that began, and the rate.
    """
    history, callbacks = list(history), [after_epoch] if callable(after_epoch) else list(after_epoch)
    net.input_mean, net.input_std = mean_image(train.images) if mean is None else mean, 1.0 if std is None else std
    augment, head = augment or Augmentation([], seed=0), SoftmaxCrossEntropy() if loss is None else loss
    orders, steps = rng.spawn(epochs), -(-len(train) // batch)
    for epoch, order in list(enumerate(orders, start=1))[len(history) :]:
        start = time.perf_counter()
        errors = [row["val_error" if val else "train_error"] for row in history]
        factors = factors_of(schedule, errors, epoch, epochs, steps)
        draws = augment.epoch(epoch, len(train))
        prepared = batches(train, batch, mean=net.input_mean, std=net.input_std, rng=order, draws=draws, rows=net.rows)
        weights = training_with(average, net, (epoch - 1) * steps, epochs * steps)
        with bar_of(epoch, epochs, len(train), progress) as bar, overflow_without_warning():
            train_loss, train_error = train_epoch(net, head, prepared, sgd, factors, bar, epoch, weights)
            rate = len(train) / (time.perf_counter() - start)
            result = validate(net, val, batch, draws.crop(train.images.shape), sgd, epoch)
        history.append({
            "epoch": epoch, "lr": sgd.lr * sgd.factor, "train_loss": train_loss, "train_error": train_error,
            "val_loss": result["loss"], "val_error": result["top1_error"], "val_top5_error": result["top5_error"],
            "images_per_second": rate, "seconds": time.perf_counter() - start,
        })  # fmt: skip
        if progress:
            print(epoch_line(history, epochs, classes=int(train.labels.max()) + 1), flush=True)
        if any([callback(history) in (True,) for callback in callbacks]):  # a list: each of them is called
            break
    return history


def train_epoch(
    net: Sequential, head: SoftmaxCrossEntropy, prepared: Iterator, sgd: SGD, factors: Iterator[float], bar: tqdm,
    epoch: int, weights: AbstractContextManager[Callable[[], None]],
) -> tuple[float, float]:  # fmt: skip
    """Take one step for each batch, and return their mean loss and error, computed while the net learned."""
    *_, last = net.layers.values()
    head.to(last.device)
    net.train()
    seen = wrong = 0
    total = 0.0
    with closing(ahead(prepared)) as ready, no_gradients_below_trainable(net), weights as after_step:
        for step, ((images, labels), sgd.factor) in enumerate(zip(ready, factors, strict=True), start=1):
            images = net.device.put(images)
            logits = net.forward(images)
            loss = head.forward(logits, labels)
            if not np.isfinite(loss):
                raise Diverged(f"epoch {epoch}, step {step}: the loss is {loss}; {cause(net, images, sgd)}")
            net.backward(head.backward())
            sgd.step()
            after_step()
            seen, total = seen + len(labels), total + loss * len(labels)
            wrong += int(np.sum(np.argmax(host.put(logits), axis=1) != labels))
            bar.update(len(labels))
            bar.set_postfix_str(f"loss {total / seen:.3f}, train {wrong / seen:.1%}", refresh=False)
    return total / seen, wrong / seen


def validate(
    net: Sequential, val: Split | None, batch: int, crop: int | None, sgd: SGD, epoch: int
) -> dict[str, float]:
    """Evaluate after an epoch; what the last step did to the weights shows here first."""
    if val is None:
        return dict.fromkeys(("loss", "top1_error", "top5_error"), float("nan"))
    result = evaluate(net, val, batch=batch, crop=crop)
    if not np.isfinite(result["loss"]):
        first = next(batches(val, batch, mean=net.input_mean, std=net.input_std))[0]
        images = net.device.put(first if crop is None else centre_crop(first, crop))
        raise Diverged(f"epoch {epoch}, validation: the loss is {result['loss']}; {cause(net, images, sgd)}")
    return result
