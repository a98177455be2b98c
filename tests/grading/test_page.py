"""The page on assignments: its files are written, its commands run, its numbers are so."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from console import run
from grading.local import Local
from grading.solutions import SOLUTIONS

from minialex.cli import Parser
from minialex.cli.arguments import add_commands
from minialex.grading import grade, student

PAGE = Path(__file__).parents[2] / "docs" / "assignments.md"


def blocks(kind):
    return re.findall(rf"^```({kind})\n(.*?)^```$", PAGE.read_text(), flags=re.S | re.M)


def test_what_the_page_shows_is_printed(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(student, "Process", Local)
    commands, path = 0, None
    for kind, text in blocks("python|diff|console"):
        if kind == "python" and text.startswith("# "):
            path = Path(text.split()[1])
            path.write_text(text)
        elif kind == "diff":
            (old, new) = (line[1:] for line in text.splitlines())
            assert path.read_text().count(old) == 1
            path.write_text(path.read_text().replace(old, new))
        elif kind == "console":
            for command, shown in re.findall(r"^\$ minialex (.*?)\n(.*?)(?=^\$|\Z)", text, flags=re.S | re.M):
                _, out, err = run(capsys, *command.split())
                assert (out, err) == (shown, "")
                commands += 1
    assert commands == 3


def test_the_other_python_runs(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(student, "Process", Local)
    (tmp_path / "relu.py").write_text(SOLUTIONS["relu"])
    cells = [text for _, text in blocks("python") if "from minialex.grading import grade\n\nmarks" in text]
    assert len(cells) == 1
    exec(cells[0], {})
    alone = next(text for _, text in blocks("python") if "pytest.main(" in text)
    environment = {**os.environ, "PYTHONPATH": str(PAGE.parents[1]), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    ended = subprocess.run([sys.executable, "-c", alone], env=environment, capture_output=True, text=True)
    assert "2 passed" in ended.stdout
    assert ended.returncode == 0, ended.stderr
    otter = next(text for _, text in blocks("python") if "otter" in text)
    names: dict = {"test_case": lambda **settings: lambda function: function}
    exec(otter.replace("from otter.test_files import test_case", ""), names)
    names["test_relu"]({})


def test_the_commands_are_ones_that_there_are():
    top = Parser(prog="minialex")
    add_commands(top)
    commands = [line.split("#")[0].split(">")[0] for _, text in blocks("sh|yaml") for line in text.splitlines()]
    ours = [line.split("minialex ", 1)[1].split() for line in commands if re.search(r"(^|command: )minialex ", line)]
    assert len(ours) == 3
    assert all(top.parse_args(words).files for words in ours)


def test_every_option_is_explained():
    top = Parser(prog="minialex")
    add_commands(top)
    text = top._subparsers._group_actions[0].choices["grade"].format_help()
    options = set(re.findall(r"--[a-z]+", text)) - {"--help"}
    assert len(options) == 8
    assert all(f"`{option}" in PAGE.read_text() for option in options)


@pytest.mark.parametrize("name", SOLUTIONS)
def test_the_points_are_those_of_the_checks(name, monkeypatch, tmp_path):
    monkeypatch.setattr(student, "Process", Local)
    (tmp_path / f"{name}.py").write_text("")
    marks = grade(tmp_path / f"{name}.py", hidden=True)
    visible = sum(result.points for result in marks.results if not result.hidden)
    assert f"| `{name}` | {visible} | {marks.possible} |" in PAGE.read_text()


def test_every_link_to_a_test_or_file_leads_somewhere():
    for page in [PAGE, *sorted((PAGE.parents[1] / "notebooks" / "assignments").glob("*.md"))]:
        targets = re.findall(r"\]\(([^)#]+)\)", page.read_text())
        assert targets
        local = [target for target in targets if not target.startswith("https://")]
        assert not [target for target in local if not (page.parent / target).exists()]
