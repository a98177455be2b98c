"""Softmax and its loss (section 3.5 of the paper). Check it with: minialex grade softmax_loss.py"""

import numpy as np

from minialex import Layer


class SoftmaxCrossEntropy(Layer):
    """Softmax, which makes probabilities of logits, and the cross-entropy: how improbable the right labels are.

        p[n, k] = exp(logits[n, k]) / sum over j of exp(logits[n, j])
        loss    = -mean over n of log p[n, label[n]]
        dlogits = (p - onehot) / N,      onehot[n, k] = 1 where k is label[n], else 0

    exp(1000) is too large for a float. Subtracting the same number from all logits of a row does not change p: choose
    one with which no exp can be too large. And log(0) is -inf: compute log p without dividing first.

    Shapes: logits (N, K), labels (N,), integers 0..K-1 -> a number; backward() -> (N, K).

    By hand: logits = [[0, 0], [0, log 3]] and labels = [1, 0] give p = [[1/2, 1/2], [1/4, 3/4]],
             loss = (log 2 + log 4) / 2 and dlogits = [[0.25, -0.25], [-0.375, 0.375]].
    """

    def forward(self, logits, labels):
        raise NotImplementedError

    def backward(self):
        # Everything begins with the loss, so there is no dy.
        raise NotImplementedError
