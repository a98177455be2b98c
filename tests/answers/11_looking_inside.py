"""Answers to the exercises of notebook 11: ones that look right at first, and right ones."""

WRONG = (
    """def vote(labels):
    return labels[:, 0]""",
    """def saliency(net, x, label):
    return net.backward(net.forward(x))""",
    "culprit = (4, 'bottom left')",
)
RIGHT = (
    """def vote(labels):
    return np.array([np.bincount(row).argmax() for row in labels])""",
    """def saliency(net, x, label):
    dy = np.zeros_like(net.forward(x))
    dy[0, label] = 1
    return net.backward(dy)""",
    "culprit = (6, 'bottom left')",
)
