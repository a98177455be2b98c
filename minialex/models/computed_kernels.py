"""Kernels that are computed and not drawn: variants of after 2012, for the beginning of a training.

whitening    the first layer's, from the patches of training images; they stay as they are
identity     a later layer's, which then passes its channels on as they are
"""

import numpy as np

from minialex.checks import check_integers, check_numbers, described, expected
from minialex.layers import Conv2D

BLOCK = 256  # images whose patches are in memory at a time


def whitening_kernels(images: np.ndarray, kernel: int = 2, eps: float = 5e-4) -> np.ndarray:
    """Return kernels whose outputs are uncorrelated over the patches of images, and the same negated.

        S = mean of p @ p.T over all patches p (columns) = U @ diag(s) @ U.T
        kernels = V and -V,   V = diag(1 / sqrt(s + eps)) @ U.T          so that V @ S @ V.T = diag(s / (s + eps))

    ReLU keeps the positive part of each, so that both signs together lose nothing.

    Shapes: images (N, C, H, W), as the net reads them -> float32 (2 * C * K * K, C, K, K), the largest s first.
    Args:   kernel, the patches' side K; eps, in squared deviations of the inputs: patches that vary less stay small.
    Errors: ValueError unless images are floats (N, C, H, W), no smaller than a patch.
    Source: T. Balsam, hlb-CIFAR10 (2023), and K. Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (2024).
    """
    check_integers("whitening_kernels", kernel=kernel)
    check_numbers("whitening_kernels", 0, float("inf"), eps=eps)
    if images.ndim != 4 or images.dtype.kind != "f" or min(images.shape[2:]) < kernel or len(images) == 0:
        what = f"floats (N, C, H, W) of at least {kernel} pixels"
        raise expected("whitening_kernels", what, described(images), "give images as the net reads them")
    s, U = np.linalg.eigh(second_moments(images, kernel))  # ascending, eigenvectors in columns
    U *= np.sign(U[np.abs(U).argmax(axis=0), np.arange(len(s))])  # the sign of an eigenvector is arbitrary
    V = (U / np.sqrt(np.maximum(s, 0) + eps)).T[::-1].reshape(-1, images.shape[1], kernel, kernel)
    return np.concatenate([V, -V]).astype(np.float32)


def second_moments(images: np.ndarray, kernel: int) -> np.ndarray:
    """Return the mean of p @ p.T over all patches, float64 (C*K*K, C*K*K), a patch in the order of W: (c, i, j)."""
    N, C, OH, OW = *images.shape[:2], *(side - kernel + 1 for side in images.shape[2:])
    total = np.zeros((C * kernel**2, C * kernel**2))
    for start in range(0, N, BLOCK):
        block = images[start : start + BLOCK].astype(np.float64)
        planes = [
            block[:, c, i : i + OH, j : j + OW].ravel() for c in range(C) for i in range(kernel) for j in range(kernel)
        ]
        patches = np.stack(planes)
        total += patches @ patches.T
    return total / (N * OH * OW)


def whiten(layer: Conv2D, images: np.ndarray, eps: float = 5e-4) -> None:
    """Set the kernels of a first layer to `whitening_kernels` and freeze the layer; biases become 0.

    Args:   layer, with 2 * C * K * K kernels; images, eps, as of `whitening_kernels`.
    Errors: ValueError for another number of kernels, or images that are none.
    """
    out_channels, C, K, _ = layer.params["W"].shape
    if out_channels != 2 * C * K * K:
        raise layer.expected(f"{2 * C * K * K} kernels, 2 * C * K * K", out_channels, "change out_channels")
    W = whitening_kernels(images, K, eps)
    layer.params["W"] = layer.device.put(W)
    layer.params["b"] = layer.device.zeros(out_channels)
    layer.trainable = False


def identity_kernels(layer: Conv2D) -> None:
    """Set the first kernels of a convolution so that each passes one channel on as it is; the others stay as drawn.

        W[o, c, i, j] = 1 where c = o and (i, j) is the centre, else 0,   for o < C

    Source: S. Zagoruyko and N. Komodakis, "DiracNets" (2017); K. Jordan (2024).
    Errors: ValueError for groups, or a kernel without a centre.
    """
    out_channels, C, K, _ = layer.params["W"].shape
    if layer.groups != 1 or K % 2 == 0:
        got = f"{layer.groups} groups, kernels of {K} pixels"
        raise layer.expected("one group and kernels of an odd side", got, "leave its weights as drawn")
    n = min(out_channels, C)
    W = np.zeros((n, C, K, K), np.float32)
    W[np.arange(n), np.arange(n), K // 2, K // 2] = 1
    layer.params["W"][:n] = layer.device.put(W)
