"""What a unit costs: CPU time of forward and backward on one array, in the textbook and in the fast kit."""

import time
from collections.abc import Callable
from types import ModuleType

import numpy as np

from minialex import fast, layers
from minialex.layer import Layer

KITS = {"textbook": layers, "fast": fast}
CLASSES = {"ReLU": "ReLU", "tanh": "Tanh", "sigmoid": "Sigmoid"}
OPERATIONS = {  # an element, as written in layers/: forward, backward
    "ReLU": ("1 maximum, 1 comparison", "1 selection"),
    "tanh": ("1 tanh", "2 multiplications, 1 subtraction"),
    "sigmoid": ("1 tanh, 2 multiplications, 1 addition", "2 multiplications, 1 subtraction"),
}
SHAPE = (128, 16, 32, 32)  # conv1 of the net of the class: 2 million elements
REPETITIONS = 9


def unit_costs(shape: tuple[int, ...] = SHAPE, repetitions: int = REPETITIONS) -> dict[str, list[float]]:
    """Return the milliseconds of CPU, forward and backward, by kit and unit: medians of interleaved repetitions."""
    x = np.random.default_rng(0).standard_normal(shape, dtype=np.float32)
    arrays = {kit: in_layout_of(made(KITS[kit], "ReLU"), x) for kit in KITS}
    units = {(kit, name): made(KITS[kit], name) for kit in KITS for name in CLASSES}
    times: dict[tuple[str, str], list[tuple[float, float]]] = {key: [] for key in units}
    for _ in range(repetitions):
        for (kit, name), unit in units.items():
            times[kit, name].append((cpu(unit.forward, arrays[kit]), cpu(unit.backward, arrays[kit])))
    return {", ".join(key): (1000 * np.median(pairs, axis=0)).round(2).tolist() for key, pairs in times.items()}


def made(kit: ModuleType, name: str) -> Layer:
    """Return a unit of a kit."""
    return getattr(kit, CLASSES[name])()


def in_layout_of(unit: Layer, x: np.ndarray) -> np.ndarray:
    """Return x in the memory layout of the unit's output: what it reads from the layer before it, in a net."""
    copy = np.empty_like(unit.forward(x))
    copy[...] = x
    return copy


def cpu(work: Callable, x: np.ndarray) -> float:
    """Return the CPU seconds of one call, those of all threads together."""
    start = time.process_time()
    work(x)
    return time.process_time() - start
