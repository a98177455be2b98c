"""results.json: what an experiment has computed."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from minialex.checks import expected
from minialex.files.atomic import whole_file, write_text


class Results:
    """The results of an experiment by their names; whatever stops it, none is computed twice.

        results = Results(out, {"limit": 2000, "epochs": 30})
        errors = results.once("max pooling, seed 0", lambda: train(...))

    Args:   out, the folder, made when the first result is there; settings, on which all results depend.
    Errors: ValueError if the folder holds results with other settings, or a damaged file.
    """

    def __init__(self, out: Path, settings: dict[str, Any]):
        self.path, self.settings = out / "results.json", json.loads(json.dumps(settings))
        self.values: dict[str, Any] = {}
        self.cpu_seconds: dict[str, float] = {}
        self._read()

    def once(self, name: str, compute: Callable[[], Any]) -> Any:
        """Return the result of this name; compute and keep it if it is not there yet."""
        if name not in self.values:
            start, cpu = time.perf_counter(), time.process_time()
            value = compute()
            self._read()  # what another process has added meanwhile
            self.cpu_seconds[name] = round(time.process_time() - cpu, 1)
            self.values[name] = json.loads(json.dumps(value))  # the same now as when it is read again
            self._write()
            print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        return self.values[name]

    def arrays(self, name: str, compute: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
        """Return the arrays of this name, kept in an .npz file of their own beside results.json."""
        file = self.path.parent / f"{name.replace(' ', '-')}.npz"

        def computed() -> str:
            file.parent.mkdir(parents=True, exist_ok=True)
            arrays = compute()
            with whole_file(file) as out:
                np.savez(out, **arrays)  # type: ignore[arg-type]
            return file.name

        if not file.exists():
            self.values.pop(name, None)
        self.once(name, computed)
        with np.load(file) as arrays:
            return dict(arrays)

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = {"settings": self.settings, "results": self.values, "cpu_seconds": self.cpu_seconds}
        write_text(self.path, json.dumps(content, indent=1) + "\n")

    def _read(self) -> None:
        if not self.path.exists():
            return
        try:
            content = json.loads(self.path.read_text())
            earlier, values, cpu_seconds = (content[key] for key in ("settings", "results", "cpu_seconds"))
            self.values, self.cpu_seconds = values | self.values, cpu_seconds | self.cpu_seconds
        except (ValueError, KeyError, TypeError) as error:
            got = f"a damaged file ({error})"
            raise expected(self.path, "results of this experiment", got, "remove it") from None
        if earlier != self.settings:
            raise expected(self.path, f"results with {self.settings}", earlier, "choose another --out")
