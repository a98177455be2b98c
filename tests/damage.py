"""Damaged copies of a file: bits, bytes and blocks changed, removed, added and doubled, over every region of it."""

import numpy as np


def damaged(raw, count, seed=0):
    """Yield (what was done, the damaged bytes), with `count` flipped bits spread evenly over the file."""
    rng = np.random.default_rng(seed)
    for position in np.unique(np.linspace(0, len(raw) - 1, count).astype(int)).tolist():
        bit = 1 << int(rng.integers(8))
        yield f"bit {bit} of byte {position}", raw[:position] + bytes([raw[position] ^ bit]) + raw[position + 1 :]
    for _ in range(max(3, count // 20)):
        start, length = int(rng.integers(len(raw))), int(rng.integers(1, 64))
        yield f"{length} random bytes at {start}", raw[:start] + rng.bytes(length) + raw[start + length :]
        yield f"{length} zeros at {start}", raw[:start] + bytes(min(length, len(raw) - start)) + raw[start + length :]
        yield f"{length} bytes removed at {start}", raw[:start] + raw[start + length :]
        yield f"{length} bytes added at {start}", raw[:start] + rng.bytes(length) + raw[start:]
        yield f"{length} bytes doubled at {start}", raw[: start + length] + raw[start:]
        yield f"cut at {start}", raw[:start]
    yield "bytes added at the end", raw + b"more"
    yield "doubled", raw + raw
    yield "empty", b""


def silently_other(path, raw, read, count, seed=0):
    """Return what was done to the file where `read()` returned another result than before, without a good error.

    An error has to be a ValueError or RuntimeError of one line that names a file.
    """
    whole, unnoticed = read(), []
    try:
        for text, broken in damaged(raw, count, seed):
            if broken == raw:
                continue
            path.write_bytes(broken)
            try:
                if read() != whole:
                    unnoticed.append(text)
            except (ValueError, RuntimeError, FileNotFoundError) as error:
                if "\n" in str(error) or str(path.parent) not in str(error):
                    unnoticed.append(f"{text}: {error!r}")
    finally:
        path.write_bytes(raw)
    return unnoticed
