"""The training loop."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing

import numpy as np
from tqdm import tqdm

from minialex.data import Augmentation, Split, ahead, batches, centre_crop, mean_image, subtract_mean
from minialex.devices import host
from minialex.layers import SoftmaxCrossEntropy
from minialex.sequential import Sequential
from minialex.training.evaluate import evaluate
from minialex.training.schedule import Fixed
from minialex.training.sgd import SGD


class Diverged(RuntimeError):
    """The loss became infinite or not a number."""


def fit(
    net: Sequential, train: Split, val: Split, *, sgd: SGD, epochs: int, rng: np.random.Generator,
    schedule: Callable[[Sequence[float]], float] = Fixed(), batch: int = 128, mean: np.ndarray | None = None,
    augment: Augmentation | None = None, history: Sequence[dict] = (),
    after_epoch: Callable[[list[dict]], None] | None = None, progress: bool = True,
) -> list[dict]:  # fmt: skip
    """Trains a net (section 5), and returns its history: one dict an epoch, the columns of `metrics.csv`.

    Args:   sgd, the update rule of this net; epochs, in all; rng, draws the order of the images: the epoch's number
            and the generator's seed alone decide it; schedule, from the validation errors so far to the factor of the
            rate (Fixed(): constant); batch, images a step; mean, the mean image (None: of `train`); augment, what
            happens to training images (section 4.1; None: nothing), whose crop validation takes from the centre;
            history, of the epochs already behind a resumed run; after_epoch, called with the history after each one.
    Errors: Diverged (a RuntimeError) when the loss is no longer finite: it says where that began, and which rate.
    """
    history = list(history)
    mean = mean_image(train.images) if mean is None else mean
    orders = rng.spawn(epochs)
    augment = augment or Augmentation([], seed=0)
    crop = augment.output_size(train.images.shape[2])
    for epoch in range(len(history) + 1, epochs + 1):
        start = time.perf_counter()
        sgd.factor = schedule([row["val_error"] for row in history])
        # Overflow is not warned of line by line: the loss shows it, and Diverged says where it began.
        with (
            np.errstate(over="ignore", invalid="ignore"),
            bar_of(len(train), f"epoch {epoch}/{epochs}", progress) as bar,
        ):
            prepared = batches(train, batch, mean=mean, rng=orders[epoch - 1], epoch=augment.epoch(epoch, len(train)))
            loss, error = train_epoch(net, prepared, sgd, bar, epoch)
            rate = len(train) / (time.perf_counter() - start)
            found = evaluate(net, val, mean=mean, batch=batch, crop=crop)
            if not np.isfinite(found["loss"]):  # what the last step did to the weights is seen here first
                images = net.device.put(centre_crop(subtract_mean(val.images[:batch], mean), crop))
                raise Diverged(f"epoch {epoch}, validation: the loss is {found['loss']}; {blame(net, images, sgd)}")
            bar.set_postfix_str(f"loss {loss:.4f}, error {error:.1%}, validation error {found['top1_error']:.1%}")
        history.append({
            "epoch": epoch, "lr": sgd.lr * sgd.factor, "train_loss": loss, "train_error": error,
            "val_loss": found["loss"], "val_error": found["top1_error"], "val_top5_error": found["top5_error"],
            "images_per_second": rate, "seconds": time.perf_counter() - start,
        })  # fmt: skip
        if after_epoch:
            after_epoch(history)
    return history


def bar_of(images: int, text: str, progress: bool) -> tqdm:
    return tqdm(total=images, desc=text, unit=" images", disable=not progress)


def train_epoch(net, prepared, sgd, bar, epoch) -> tuple[float, float]:
    """One pass over the batches of the training set; their mean loss and error, seen while the net learned."""
    *_, last = net.layers.values()
    head = SoftmaxCrossEntropy().to(last.device)
    net.train()
    seen = wrong = 0
    total = 0.0
    with closing(ahead(prepared)) as ready:
        for step, (images, labels) in enumerate(ready, start=1):
            images = net.device.put(images)
            logits = net.forward(images)
            loss = head.forward(logits, labels)
            if not np.isfinite(loss):
                raise Diverged(f"epoch {epoch}, step {step}: the loss is {loss}; {blame(net, images, sgd)}")
            net.backward(head.backward())
            sgd.step()
            seen, total = seen + len(labels), total + loss * len(labels)
            wrong += int(np.sum(np.argmax(host.put(logits), axis=1) != labels))
            bar.update(len(labels))
            bar.set_postfix_str(f"loss {total / seen:.4f}, error {wrong / seen:.1%}", refresh=False)
    return total / seen, wrong / seen


def blame(net: Sequential, images, sgd: SGD) -> str:
    """Where values stopped being finite, and what to do about it."""
    advice = f"the rate is {sgd.lr * sgd.factor:g} (biases {sgd.bias_lr:g}); try a tenth of it"
    if not finite(images):
        return "the images hold values that are not finite; check the data"
    for prefix, layer in net.walk():
        for key, value in layer.params.items():
            if not finite(value):
                return f"it began with {prefix}{key}, the first parameter that is not finite; {advice}"
    for name, output in net.outputs(images):
        if not finite(output):
            return f"every parameter is finite, the output of {name} is not; {advice}"
    return f"every parameter and every layer's output is finite; {advice}"


def finite(value) -> bool:
    """Whether all of an array is finite, or of each of several arrays."""
    arrays = value if isinstance(value, tuple) else (value,)
    return all(bool(np.all(np.isfinite(host.put(array)))) for array in arrays)
