"""The table of claims names tests, commands and examples that exist."""

import ast
import re
import shlex
from pathlib import Path

import pytest

from minialex.cli import Parser
from minialex.cli.arguments import add_commands

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs/claims.md").read_text()
ROWS = [line for line in TEXT.splitlines() if line.startswith("|") and not line.startswith(("|---", "| claim |"))]
COMMANDS = sorted({command for row in ROWS for command in re.findall(r"`(minialex [^`]+)`(?! TODO-LINK)", row)})


def test_every_claim_has_all_its_cells():
    assert len(ROWS) > 100
    assert not [
        row for row in ROWS if len(row.split("|")) != 7 or not all(cell.strip() for cell in row.split("|")[1:6])
    ]


def test_every_test_that_is_named_exists():
    named = set(re.findall(r"\[`(test_\w+)`\]\(([^)]+)\)", TEXT))
    assert len(named) > 40
    assert not [(test, path) for test, path in named if test not in functions(ROOT / "docs" / path)]


def functions(path):
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_is_named_exists(command):
    top = Parser(prog="minialex")
    add_commands(top)
    assert top.parse_args(shlex.split(command)[1:])


def test_every_page_of_an_experiment_stands_beside_its_command():
    pairs = re.findall(r"`minialex reproduce ([\w-]+)[^`]*`, \[page\]\(experiments/([\w-]+)\.md\)", TEXT)
    assert pairs
    assert all(name == page for name, page in pairs)


def test_every_example_that_is_named_is_there():
    named = {int(number) for number in re.findall(r"\[example (\d+)\]", TEXT)}
    assert named == {int(number) for number in re.findall(r"^\*\*(\d+)\. ", TEXT, re.MULTILINE)}
