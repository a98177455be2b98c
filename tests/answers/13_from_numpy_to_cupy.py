"""Answers to the exercises of notebook 13: ones that look right at first, and right ones."""

WRONG = (
    """def fade(x, device):
    return x * np.linspace(1, 0, x.shape[-1], dtype=x.dtype)""",
    "in_pieces_and_whole = (6 * (60_965_224 // 65_536), 6 * 16)",
    """count, _, _, multiply_adds = steps["AlexNet, 224 pixels"]
images = int(np.ceil(count * LAUNCH * ARITHMETIC / multiply_adds))""",
)
RIGHT = (
    """def fade(x, device):
    return x * device.put(np.linspace(1, 0, x.shape[-1], dtype=x.dtype))""",
    """sizes = [layer.params[key].size for _, layer, key in net.parameters()]
pieces = sum(int(np.ceil(size / 65_536)) for size in sizes)
in_pieces_and_whole = (6 * pieces, 6 * len(sizes))""",
    """count, _, _, multiply_adds = steps["AlexNet, 224 pixels"]
images = int(np.ceil(count * LAUNCH * ARITHMETIC / (6 * multiply_adds)))""",
)
