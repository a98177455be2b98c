"""A student's layer beside the library's own: forward and backward, over the settings of `gradcases.py`."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from minialex.checks import expected
from minialex.gradcases import CASES, Loss, Maker, separated
from minialex.layers import Dropout
from minialex.tutor.beside import sides
from minialex.tutor.failure import failure
from minialex.tutor.file import layers_in
from minialex.tutor.importing import import_file
from minialex.tutor.trial import Trial
from minialex.tutor.verdict import Mistake, Verdict


def check_like(path: Path, kind: str, *, seed: int = 0) -> Iterator[Verdict]:
    """Compare the layer in a student's file with the library's layer of that name, in each of its settings."""
    student = class_like(path, layers_in(import_file(path)), kind)
    for _, setting, shape, make in (row for row in CASES if row[0] == kind):
        name, rng = f"{student.__name__} like {kind}, {setting}", np.random.default_rng(seed)
        try:
            yield from beside(name, student, make, separated(shape, rng), path, seed)
        except (Exception, SystemExit) as error:  # a student's layer may raise anything
            yield failure(name, error, path)


def class_like(path: Path, classes: list[type], kind: str) -> type:
    """Return the class that is compared: that of the same name, else the one whose name has it, else the only one."""
    same = [one for one in classes if one.__name__ == kind]
    near = [one for one in classes if kind.lower() in one.__name__.lower()]
    for some in (same, near, classes):
        if len(some) == 1:
            return some[0]
    got = ", ".join(one.__name__ for one in classes) or "none"
    raise expected(path, f"one Layer to compare with {kind}", got, f"name it {kind}")


def beside(name: str, student: type, make, x: np.ndarray, path: Path, seed: int) -> Iterator[Verdict]:
    """Yield the verdicts on y, dx and each gradient of a student's layer beside ours, with the same parameters."""
    ours = make(np.random.default_rng(seed))
    if isinstance(ours, Dropout) and ours.training:
        yield Verdict("note", name, "", "not compared: which units are dropped is random", "gradcheck checks it alone")
        return
    labels, arguments, settings = (ours.labels, (), {}) if isinstance(ours, Loss) else (None, *given(make))
    lacking = unknown_settings(student, settings)
    if lacking:
        yield Verdict("note", name, "", f"not compared: {student.__name__} takes no {lacking[0]}")
        return
    if "rng" in inspect.signature(student).parameters:
        settings = {**settings, "rng": np.random.default_rng(seed)}
    layer = student(*arguments, **settings)
    layer = layer.train() if ours.training else layer.eval()
    theirs = Trial(ours.head if isinstance(ours, Loss) else ours, x, labels)
    mine = Trial(layer, x, labels, path=path)
    draw = np.random.default_rng(seed).standard_normal  # a bias of 0 would hide mistakes
    copy_parameters(mine, theirs, {name: draw(value.shape) for name, value in theirs.parameters().items()})
    yield from sides(name, mine, theirs, np.random.default_rng(seed))


def given(make: Maker) -> tuple[tuple, dict]:
    return make.args, make.settings


def unknown_settings(student: type, settings: dict) -> list[str]:
    """Return the settings that the student's constructor has no argument for."""
    parameters = inspect.signature(student).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return []
    return [name for name in settings if name not in parameters]


def copy_parameters(mine: Trial, theirs: Trial, state: dict[str, np.ndarray]) -> None:
    """Give both layers the same parameters, those of a state of ours, once their names and shapes are found to fit."""
    shapes = {name: value.shape for name, value in mine.parameters().items()}
    for name, value in state.items():
        if shapes.get(name) != value.shape:
            others = ", ".join(list(shapes)[:4]) + (", ..." if len(shapes) > 4 else "")
            got = f"with shape {shapes[name]}" if name in shapes else f"only {others or 'no parameter'}"
            hint = ": transposed?" if shapes.get(name) == value.shape[::-1] else ""
            text = f'expected params["{name}"] of shape {value.shape}, got {got}{hint}'
            raise Mistake(text, mine.place("__init__", f'["{name}"]'))
    if extra := shapes.keys() - state.keys():
        raise Mistake(f'params["{min(extra)}"] is one that {theirs.kind} has not', mine.place("__init__", "params"))
    theirs.layer.load_state(state)
    mine.layer.load_state(state)
