"""Advice on an error that a student's code raised: one sentence that fits the error, or nothing."""

import linecache
import re
from types import FrameType
from typing import Any

from minialex.checks import did_you_mean
from minialex.layer import Layer

SUPER = "call super().__init__() at the start of __init__"
LOSS = "a loss? then example returns (loss, logits, labels)"
SHAPE_WORDS = ("matmul", "broadcast", "aligned", "shape", "concatenat", "dimension")


def advice_on(error: BaseException, frame: FrameType | None, line: int = 0) -> str:
    """Return what to do about an error that was raised in this frame (the student's), or nothing."""
    names = frame.f_locals if frame else {}
    code = linecache.getline(frame.f_code.co_filename, line).strip() if frame else ""
    for kind, function in ADVICE:
        if isinstance(error, kind):
            return function(error, names, code)
    return ""


def on_attribute(error: AttributeError, names: dict, code: str) -> str:
    thing, name = error.obj, error.name or ""
    if thing is None and name:
        return "it is None: what should have set it, or returned it?"
    if not isinstance(thing, Layer):
        return did_you_mean(name, dir(thing)) if name else ""
    if name in thing.__dict__.get("params", {}):
        return f'did you mean self.params["{name}"]?'
    if name in vars(Layer()):
        return SUPER
    own = [attribute for attribute in vars(thing) if attribute not in vars(Layer())]
    near = did_you_mean(name, own, cutoff=0.5) or did_you_mean(name, dir(thing), cutoff=0.7)
    return near or (f"set self.{name} in forward or __init__" if name else "")


def on_name(error: NameError, names: dict, code: str) -> str:
    name = error.name or ""
    owner: Any = names.get("self")
    if name and hasattr(owner, name):
        return f"did you mean self.{name}?"
    if name in getattr(owner, "params", {}):
        return f'did you mean self.params["{name}"]?'
    if name == "np":
        return "write import numpy as np at the top"
    return did_you_mean(name, [local for local in names if local != name])


def on_key(error: KeyError, names: dict, code: str) -> str:
    owner, key = names.get("self"), error.args[0] if error.args else ""
    if "grads" in code and "=" in code and code.split("=")[0].rstrip().endswith(("+", "-")):
        return f'assign, do not add: self.grads["{key}"] = ...'
    params = getattr(owner, "params", {})
    known = f"params has {', '.join(map(str, params)) or 'nothing'}" if "params" in code or "grads" in code else ""
    return did_you_mean(key, params) or known


def on_type(error: TypeError, names: dict, code: str) -> str:
    text = str(error)
    if "example() takes 0" in text or "expected() takes 0" in text:
        return f"write def {text.split('(')[0]}(rng)"
    if "'labels'" in text or ".forward() missing" in text:
        return LOSS
    if ".backward() missing" in text:
        return "the backward of a loss takes no dy: def backward(self)"
    if "takes 1 positional argument but 2" in text and ".backward()" in text:
        return "write def backward(self, dy)"
    if "positional argument" in text and "but" in text and "given" in text:
        return "self forgotten? def forward(self, x)" if "() takes" in text and ".forward" in text else ""
    if "'NoneType'" in text:
        return "something is None: what should have set it, or returned it?"
    return "expected array elements, got a dict? write self.params['W'], not self.params" if "'dict'" in text else ""


def on_value(error: ValueError, names: dict, code: str) -> str:
    if not any(word in str(error) for word in SHAPE_WORDS):
        return ""
    arrays = {name: value for name, value in names.items() if getattr(value, "shape", None) is not None}
    arrays |= {f'params["{key}"]': value for key, value in getattr(names.get("self"), "params", {}).items()}
    lost = "keepdims=True in max or sum? " if re.search(r"\((\d+),\d+\) \(\1,\)", str(error)) else ""
    shapes = [f"{name} {tuple(value.shape)}" for name, value in arrays.items() if hasattr(value, "shape")]
    return f"{lost}the shapes there: {', '.join(shapes)}" if shapes and "expected" not in str(error) else ""


def on_not_implemented(error: NotImplementedError, names: dict, code: str) -> str:
    if code.startswith("raise NotImplementedError") and "does not define" not in str(error):
        return "this part is yours to write"
    owner = names.get("self")
    for method in ("forward", "backward"):
        if f"does not define {method}" in str(error):
            near = did_you_mean(method, vars(type(owner)), cutoff=0.7) if owner is not None else ""
            return near and f"the class has {near.split()[-1].rstrip('?')}: write def {method}"
    return ""


def on_exit(error: SystemExit, names: dict, code: str) -> str:
    return "nothing was checked: remove the call that ends Python"


ADVICE: list[tuple[type, Any]] = [
    (AttributeError, on_attribute),
    (NameError, on_name),
    (KeyError, on_key),
    (TypeError, on_type),
    (NotImplementedError, on_not_implemented),
    (ValueError, on_value),
    (SystemExit, on_exit),
    (ModuleNotFoundError, lambda error, names, code: "install it, or put its file beside this one"),
]
