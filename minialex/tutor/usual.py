"""Usual mistakes in the textbook's layers: a wrong array is compared with what each mistake would give.

A table has for each layer and array ("y", "x", "W", ...) rows of a question and a function of the situation that
returns the wrong array, or None where the mistake could not be seen.
"""

from collections.abc import Sequence

import numpy as np

from minialex.tutor.ratios import close
from minialex.tutor.situation import Situation
from minialex.tutor.trial import Trial
from minialex.tutor.usual_maps import CONVOLUTION, NORMALIZATION, POOLING


def softmax(logits: np.ndarray, axis: int = 1) -> np.ndarray:
    e = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def of_labels(s: Situation, p: np.ndarray) -> np.ndarray:
    """Return the probabilities of the labels."""
    return np.array([row[label] for row, label in zip(p, s.labels, strict=True)])


def square(W) -> bool:
    return W.shape[0] == W.shape[1]


# fmt: off
VECTORS: dict[tuple[str, str], Sequence[tuple]] = {
    ("ReLU", "y"): [
        ("the smaller of x and 0: max and min mixed up?",        lambda s: np.minimum(s.x, 0)),
        ("the absolute value: what becomes of x < 0?",           lambda s: np.abs(s.x)),
        ("1 where x > 0: the mask, and not x?",                  lambda s: (s.x > 0) * 1.0),
    ],
    ("ReLU", "x"): [
        ("masked by dy: where dy > 0 in place of where x > 0?",  lambda s: np.where(s.dy > 0, s.dy, 0)),
        ("masked where x < 0 in place of where x > 0?",          lambda s: np.where(s.x < 0, s.dy, 0)),
        ("not masked: dx is 0 where x < 0",                      lambda s: s.dy),
        ("1 where x > 0: was dy forgotten (the chain rule)?",    lambda s: (s.x > 0) * 1.0),
        ("x where x > 0: forward again in place of the chain rule?", lambda s: np.maximum(s.x, 0)),
    ],
    ("Dense", "y"): [
        ("x @ W in place of x @ W.T?",                           lambda s: s.x @ s.W + s.b if square(s.W) else None),
        ("was b forgotten?",                                     lambda s: s.x @ s.W.T),
    ],
    ("Dense", "x"): [
        ("dy @ W.T in place of dy @ W?",                         lambda s: s.dy @ s.W.T if square(s.W) else None),
    ],
    ("Dense", "b"): [
        ("summed over the features: the batch is axis 0",        lambda s: s.dy.sum(axis=1)),
    ],
    ("SoftmaxCrossEntropy", "y"): [
        ("softmax over the batch: the classes are axis 1",       lambda s: loss(s, np.log(softmax(s.x, 0)))),
        ("the mean probability: was the log forgotten?",         lambda s: loss(s, softmax(s.x))),
        ("the mean probability: was the log forgotten?",         lambda s: -loss(s, softmax(s.x))),
        ("log10 or log2 in place of log?",                       lambda s: loss(s, np.log10(softmax(s.x)))),
        ("log10 or log2 in place of log?",                       lambda s: loss(s, np.log2(softmax(s.x)))),
        *(("log of p + a small number, or of a p that is cut off below: compute log p without p",
           lambda s, small=small: loss(s, np.log(softmax(s.x) + small))) for small in (10.0**-n for n in range(5, 17))),
        ("the logits themselves: was softmax forgotten?",        lambda s: loss(s, s.x)),
        ("the log of all classes: only the label's counts",      lambda s: np.array([-np.log(softmax(s.x)).mean()])),
        ("the log of all classes: only the label's counts",
         lambda s: np.array([-np.log(softmax(s.x)).sum() / len(s.x)])),
    ],
    ("SoftmaxCrossEntropy", "x"): [
        ("p / N: was 1 not subtracted at the label?",            lambda s: softmax(s.x) / len(s.x)),
        ("p: was 1 not subtracted at the label, nor divided by N?", lambda s: softmax(s.x)),
        ("1 subtracted from every class: only the label's",      lambda s: (softmax(s.x) - 1) / len(s.x)),
    ],
    ("Dropout", "y"): [
        ("multiplied by p: p is the probability of dropping, 1 - p that of keeping", lambda s: s.x * s.layer.p),
        ("as x: in evaluation multiply by 1 - p",                lambda s: s.x),
        ("divided by 1 - p: in evaluation multiply by it",       lambda s: s.x / (1 - s.layer.p)),
    ],
    ("Dropout", "x"): [
        ("as dy: in evaluation y = (1 - p) * x, so dx = (1 - p) * dy", lambda s: s.dy),
    ],
}
# fmt: on
USUAL = VECTORS | CONVOLUTION | POOLING | NORMALIZATION


def loss(s: Situation, log_p: np.ndarray) -> np.ndarray:
    return np.array([-np.mean(of_labels(s, log_p))])


def usual_mistake(key: str, got: np.ndarray, right: np.ndarray, theirs: Trial, dy) -> str:
    """Return the question about the usual mistake that gives this wrong array, or nothing.

    Args:   key, "y", "x" or a parameter's name; theirs, our layer with the same input and parameters.
    """
    rows = USUAL.get((type(theirs.layer).__name__, key), ())
    situation = Situation.of(theirs, dy) if rows else None
    for question, wrong in rows:
        with np.errstate(all="ignore"):
            value = wrong(situation)
        if value is not None and close(got, value) and not close(value, right):
            return question
    return ""
