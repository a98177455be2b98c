"""The server: makes the submission's layers and computes with them, one answer for each request.

Each request names what to do: load, make, copy, forward, backward, output_shape, call or numbers. Parameters, inputs
and the states of random numbers come with each request, so the parent decides all of them.
"""

import copy
from pathlib import Path
from traceback import format_exception
from types import ModuleType
from typing import IO, Any

import numpy as np

from minialex.checks import did_you_mean
from minialex.grading.child import held
from minialex.grading.frames import Frame, read_frame, write_frame
from minialex.layer import Layer
from minialex.tutor.failure import told
from minialex.tutor.importing import import_file
from minialex.tutor.location import place_of
from minialex.tutor.trial import check_layer
from minialex.tutor.verdict import Mistake


class Server:
    """The submission's module, and the layers that were made from it, by number."""

    def __init__(self, path: Path):
        self.path = path
        self.layers: dict[int, Layer] = {}
        self.module: ModuleType | None = None

    def serve(self, requests: IO[bytes], answers: IO[bytes]) -> None:
        """Answer requests until they end."""
        while True:
            try:
                message, arrays = read_frame(requests)
            except EOFError:
                return
            write_frame(answers, *self.answer(message, arrays))

    def answer(self, message: dict, arrays: dict) -> Frame:
        """Return the answer to one request, an error of the submission included."""
        try:
            return getattr(self, f"_{message['do']}")(message, arrays)
        except BaseException as error:  # GeneratorExit and SystemExit too: nothing that it raises ends the process
            return self._failure(error), {}

    def _failure(self, error: BaseException) -> dict:
        if isinstance(error, Mistake):
            return {"error": str(error), "place": error.place}
        plain = isinstance(error, ValueError) and error.__cause__ is not None and self.module is None
        text = str(error) if plain else told(error, self.path)  # the import's error is a whole sentence
        return {"error": text, "place": place_of(error, self.path), "traceback": "".join(format_exception(error))}

    def _load(self, message: dict, arrays: dict) -> Frame:
        self.module = import_file(self.path)
        return {}, {}

    def _named(self, name: str) -> Any:
        names = vars(self.module)
        if not callable(names.get(name)):
            hint = did_you_mean(name, (one for one, value in names.items() if callable(value)), cutoff=0.7)
            raise Mistake(f"no {name} in {self.path.name}; {hint or 'keep the names that the file came with'}")
        return names[name]

    def _make(self, message: dict, arrays: dict) -> Frame:
        draws = {"rng": np.random.default_rng(0)} if message["draws"] else {}
        layer = self._named(message["kind"])(*message["arguments"], **message["settings"], **draws)
        check_layer(layer, self.path)
        self.layers[message["layer"]] = layer
        inside = [[prefix.removesuffix("."), type(one).__name__] for prefix, one in layer.walk()]
        made = {"kind": type(layer).__name__, "numbers": held.numbers_of(layer), "draws": layer.rng is not None,
                "inside": inside, "lines": held.lines(layer, self.path),
                "input_gradient": layer.input_gradient}  # fmt: skip
        return made, held.parameters(layer)

    def _copy(self, message: dict, arrays: dict) -> Frame:
        self.layers[message["to"]] = copy.deepcopy(self.layers[message["layer"]])
        return {}, {}

    def _forward(self, message: dict, arrays: dict) -> Frame:
        layer = self._prepared(message, arrays)
        labels = (arrays["labels"],) if "labels" in arrays else ()
        y = layer.forward(arrays["x"], *labels)
        return self._computed(layer, y, arrays, "x")

    def _backward(self, message: dict, arrays: dict) -> Frame:
        layer = self._prepared(message, arrays)
        dx = layer.backward(*([arrays["dy"]] if "dy" in arrays else []))
        answer, found = self._computed(layer, dx, arrays, "dy")
        return answer, found | held.gradients(layer)

    def _prepared(self, message: dict, arrays: dict) -> Layer:
        layer = self.layers[message["layer"]]
        held.put(layer, arrays)
        held.draw_from(layer, message["states"])
        return layer.train() if message["training"] else layer.eval()

    def _computed(self, layer: Layer, value: Any, arrays: dict, given: str) -> Frame:
        """Return a value, and what else forward or backward may have changed: its input, parameters, states."""
        kind, found = held.result(value)
        found |= {given: arrays[given]} if given in arrays else {}
        return {"type": kind, "states": held.states(layer)}, found | held.parameters(layer)

    def _output_shape(self, message: dict, arrays: dict) -> Frame:
        shape = self.layers[message["layer"]].output_shape(tuple(message["shape"]))
        return {"shape": [int(side) for side in shape]}, {}

    def _call(self, message: dict, arrays: dict) -> Frame:
        """Call a function with arrays, which it may change, and numbers."""
        value = self._named(message["function"])(*arrays.values(), **message["numbers"])
        return {"type": type(value).__name__}, held.result(value)[1] | arrays

    def _numbers(self, message: dict, arrays: dict) -> Frame:
        """Return the numbers and texts that the file gives names to."""
        names = vars(self.module)
        return {"numbers": held.plain_values({name: names[name] for name in message["names"] if name in names})}, {}
