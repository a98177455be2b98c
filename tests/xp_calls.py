"""What the library asks of an array module, read from its sources."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "minialex"
SOURCES = [path for path in sorted(PACKAGE.rglob("*.py")) if path.parent.name not in ("data", "plots", "fast")]


def calls():
    """Every `xp.name(...)`, `self.device.xp.name(...)`, ... of the sources: where, dotted name, keywords."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            result = isinstance(node, ast.Call) and re.fullmatch(r"(?:.*\.)?xp\.([\w.]+)", ast.unparse(node.func))
            if result:
                keywords = {keyword.arg for keyword in node.keywords if keyword.arg}
                yield pytest.param(result[1], keywords, id=f"{path.stem}:{node.lineno} {result[1]}")


CALLS = list(calls())
