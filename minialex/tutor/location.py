"""The location of a mistake: file and line of the student's own code, not of the library that noticed it."""

import inspect
from pathlib import Path
from traceback import walk_tb
from types import FrameType

PACKAGE = Path(__file__).parents[1]
TUTOR = Path(__file__).parent


def frame_of(error: BaseException, path: Path | None = None) -> tuple[FrameType, int] | None:
    """Return the innermost frame of the student's file that an error passed, and its line.

    Args:   path, the student's file; None for a layer of this library. A module beside the file counts as the
            student's too, where the error did not pass the file itself after it.
    """
    frames = [(frame, line) for frame, line in walk_tb(error.__traceback__) if is_own(frame.f_code.co_filename, path)]
    return frames[-1] if frames else None


def is_own(filename: str, path: Path | None) -> bool:
    """Tell whether code is the student's: in the file's folder or below; or, without a file, a layer's of ours."""
    code = Path(filename)
    if not code.is_absolute():
        code = Path.cwd() / code
    folder = PACKAGE if path is None else path.resolve().parent
    inside = code.resolve().is_relative_to(folder) and "site-packages" not in code.parts[len(folder.parts) :]
    if path is None:
        return inside and not code.is_relative_to(TUTOR)
    return inside and (not code.resolve().is_relative_to(PACKAGE) or path.resolve().is_relative_to(PACKAGE))


def place_of(error: BaseException, path: Path | None = None) -> str:
    """Return where an error was raised: "my_layer.py:14, in backward", or nothing if not in the student's code."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}:{error.lineno}"
    own = frame_of(error, path)
    if own is None:
        return ""
    frame, line = own
    name = frame.f_code.co_name
    inside = "" if name.startswith("<") else f", in {name}"
    return f"{Path(frame.f_code.co_filename).name}:{line}{inside}"


def place_of_method(layer, method: str, word: str = "", path: Path | None = None) -> str:
    """Return where a layer defines a method, or the last line of it with a word: "my_layer.py:14, in backward"."""
    return place_of_function(getattr(type(layer), method, None), word, path)


def place_of_function(function, word: str = "", path: Path | None = None) -> str:
    """Return where a function is defined, or its last line with a word; nothing if not in the student's code."""
    code = getattr(inspect.unwrap(function) if callable(function) else None, "__code__", None)
    if code is None or not is_own(code.co_filename, path):
        return ""
    try:
        lines, first = inspect.getsourcelines(code)
    except OSError:  # defined without a file
        return ""
    with_word = [number for number, line in enumerate(lines) if word and word in line.split("#")[0]]
    return f"{Path(code.co_filename).name}:{first + (with_word[-1] if with_word else 0)}, in {code.co_name}"


def place_of_gradient(layer, key: str, path: Path | None = None) -> str:
    """Return the line of backward that assigns a gradient, or that returns dx (key "x")."""
    for word in ("return",) if key == "x" else (f'grads["{key}"]', f"grads['{key}']"):
        place = place_of_method(layer, "backward", word, path)
        if place and place != place_of_method(layer, "backward", "", path):
            return place
    return place_of_method(layer, "backward", "", path)
