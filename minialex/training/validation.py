"""Validation after an epoch of training."""

from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np

from minialex.data import Split, batches, centre_crop
from minialex.sequential import Sequential
from minialex.training.divergence import check_loss
from minialex.training.evaluate import judged, probabilities
from minialex.training.sgd import SGD


def validate(
    net: Sequential, val: Split | None, batch: int, crop: int | None, sgd: SGD, epoch: int,
    after_batch: Callable[[], object] = lambda: None,
) -> dict[str, float]:  # fmt: skip
    """Evaluate after an epoch; what the last step did to the weights shows here first."""
    if val is None:
        return dict.fromkeys(("loss", "top1_error", "top5_error"), float("nan"))
    with closing(probabilities(net, val, batch=batch, crop=crop)) as outputs:  # type: ignore[type-var]
        result, _ = judged(followed(outputs, after_batch), views=1)
    if not np.isfinite(result["loss"]):
        first = next(batches(val, batch, mean=net.input_mean, std=net.input_std, rows=net.rows))[0]
        images = net.device.put(first if crop is None else centre_crop(first, crop))
        check_loss(f"epoch {epoch}, validation", result["loss"], net, images, sgd)
    return result


def followed(items: Iterator, call: Callable[[], object]) -> Iterator:
    """Yield the items, and call a function after each."""
    for item in items:
        yield item
        call()
