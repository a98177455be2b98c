"""Our side of `minialex bench`: a process that runs steps for each line of its input."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from minialex.devices import Host, host
from minialex.lab.bench.machine import about, peak_bytes
from minialex.layers import SoftmaxCrossEntropy
from minialex.models import build, recipe
from minialex.sequential import Sequential
from minialex.training import SGD

BURST = 0.5  # seconds


def main(name: str, model: str, batch: str, lrn: str, inference: str, workers: str, folder: str) -> None:
    net, images, labels = problem(model, int(batch), bool(int(lrn)), int(workers))
    write_problem(net, images, labels, Path(folder))
    sgd = SGD(net, 1e-4)
    send({"layers": list(net.layers), **about(net)})
    for _ in sys.stdin:
        send(burst(lambda: step(net, images, labels, sgd) if not int(inference) else forward_only(net, images)))


def burst(take: Callable[[], dict]) -> list[dict]:
    """Run steps in sequence for half a second, as in training; the first of several warms up."""
    steps, end = [take()], time.perf_counter() + BURST
    while time.perf_counter() < end:
        steps.append(take())
    return steps[1:] or steps


def problem(model: str, batch: int, lrn: bool, workers: int):
    """Return the net in training mode, images and labels."""
    rng = np.random.default_rng(0)
    size = recipe(model).bench_size or recipe(model).image_size
    net = build(model, [Host(workers=workers) if workers else host], rng=rng, image_size=size)
    if not lrn:
        net = Sequential(**{name: layer for name, layer in net.layers.items() if not name.startswith("norm")})
    classes = net.output_shape((3, size, size))[0]
    images = 50 * rng.standard_normal((batch, 3, size, size), dtype="float32")
    return net, images, rng.integers(0, classes, batch)


def write_problem(net, images, labels, folder: Path) -> None:
    """Write loss and gradients, with which the other sides must agree; dropout is off, since its draws would differ."""
    head = SoftmaxCrossEntropy()
    net.eval()
    part = slice(0, 16)
    loss = head.forward(net.forward(images[part]), labels[part])
    net.backward(head.backward())
    grads = {f"grad/{name}": layer.grads[key] for name, layer, key in net.parameters()}
    state = {f"net/{name}": value for name, value in net.state().items()}
    np.savez(folder / "problem.npz", loss=loss, images=images, labels=labels, **grads, **state)
    net.train()


def step(net, images, labels, sgd) -> dict:
    """Run one training step, and time each layer."""
    head = SoftmaxCrossEntropy()
    layers = {name: [0.0, 0.0] for name in net.layers}
    start = time.perf_counter()
    x = images
    for name, layer in net.layers.items():
        t = time.perf_counter()
        x = layer.forward(x)
        layers[name][0] = time.perf_counter() - t
    forward = time.perf_counter()
    head.forward(x, labels)
    dy = head.backward()
    for name, layer in reversed(net.layers.items()):
        t = time.perf_counter()
        dy = layer.backward(dy)
        layers[name][1] = time.perf_counter() - t
    backward = time.perf_counter()
    sgd.step()
    end = time.perf_counter()
    parts = {"forward": forward - start, "backward": backward - forward, "update": end - backward}
    return {"seconds": end - start, **parts, "layers": list(layers.values()), "peak_bytes": peak_bytes()}


def forward_only(net, images) -> dict:
    net.eval()
    start = time.perf_counter()
    times, then = [], start
    for _ in net.outputs(images):
        now = time.perf_counter()
        times.append([now - then, 0.0])
        then = now
    seconds = then - start
    zero = {"backward": 0.0, "update": 0.0}
    return {"seconds": seconds, "forward": seconds, **zero, "layers": times, "peak_bytes": peak_bytes()}


def send(answer: dict | list[dict]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
