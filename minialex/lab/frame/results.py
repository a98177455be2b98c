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
        self.path, self.settings = out / "results.json", settings
        self.values: dict[str, Any] = {}
        self.seconds: dict[str, float] = {}
        if self.path.exists():
            self._read()

    def once(self, name: str, compute: Callable[[], Any]) -> Any:
        """Return the result of this name; compute and keep it if it is not there yet."""
        if name not in self.values:
            start = time.perf_counter()
            value = compute()
            self.seconds[name] = round(time.perf_counter() - start, 1)
            self.values[name] = json.loads(json.dumps(value))  # the same now as when it is read again
            self._write()
            print(f"{name}: {self.seconds[name]:.0f} s", file=sys.stderr, flush=True)
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

        self.once(name, computed)
        with np.load(file) as arrays:
            return dict(arrays)

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        content = {"settings": self.settings, "results": self.values, "seconds": self.seconds}
        write_text(self.path, json.dumps(content, indent=1) + "\n")

    def _read(self) -> None:
        try:
            content = json.loads(self.path.read_text())
            earlier, self.values, self.seconds = (content[key] for key in ("settings", "results", "seconds"))
        except (ValueError, KeyError, TypeError) as error:
            got = f"a damaged file ({error})"
            raise expected(self.path, "results of this experiment", got, "remove it") from None
        if earlier != json.loads(json.dumps(self.settings)):
            raise expected(self.path, f"results with {self.settings}", earlier, "choose another --out")
