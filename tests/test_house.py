"""The size of the house: reports the largest files and functions, and fails where a reader would give up."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "minialex"
LINES_A_FILE, LINES_A_FUNCTION = 220, 40  # the aim is 120 and 25; see docs/contributing.md


def functions(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            yield node.end_lineno - first.lineno + 1, f"{path.relative_to(PACKAGE)}: {node.name}"


def test_files_and_functions_stay_readable(capsys):
    paths = [path for path in PACKAGE.rglob("*.py") if "fast" not in path.parts]
    files = sorted(
        ((len(path.read_text().splitlines()), str(path.relative_to(PACKAGE))) for path in paths), reverse=True
    )
    largest = sorted((function for path in paths for function in functions(path)), reverse=True)
    with capsys.disabled():
        print("\nlargest files:", *(f"{lines:5} {name}" for lines, name in files[:5]), sep="\n  ")
        print("largest functions:", *(f"{lines:5} {name}" for lines, name in largest[:5]), sep="\n  ")
    assert files[0][0] <= LINES_A_FILE, files[0]
    too_long = [f for f in largest if f[0] > LINES_A_FUNCTION]
    assert not too_long, too_long
