"""The teacher's guide names every notebook and assignment, its plans add up, its commands and numbers are right."""

import re
from pathlib import Path

import pytest

from minialex.cli import Parser
from minialex.cli.arguments import add_commands

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "teaching.md").read_text()
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def section(name):
    return PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]


def rows(text):
    """Return the cells of the tables of a text, without their heads."""
    lines = [line.strip().strip("|").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip(" |") for cell in line] for line in lines[1:]]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_answers_a_question_and_has_a_time(path):
    assert f"[{int(path.stem[:2])}](../notebooks/{path.name})" in section("Which notebook answers what")
    assert f"| [{int(path.stem[:2])}](../notebooks/{path.name}) |" in section("Times")


def test_every_assignment_is_in_the_plan_of_four_weeks():
    plan = section("Four weeks")
    files = sorted(path.name for path in (ROOT / "notebooks" / "assignments").glob("*.py"))
    assert len(files) == 11
    assert not [name for name in files if f"`{name}`" not in plan]


def test_two_hours_are_two_hours():
    assert sum(int(row[0]) for row in rows(section("Two hours"))) == 120


def test_a_week_has_about_seven_hours_alone_as_the_page_on_assignments_says():
    hours = {row[0].strip("`"): float(row[3]) for row in rows((ROOT / "docs" / "assignments.md").read_text())
             if re.fullmatch(r"`\w+`", row[0])}  # fmt: skip
    for row in rows(section("Four weeks")):
        named = dict(re.findall(r"`(\w+)\.py` ([\d.]+)", row[3]))
        assert all(hours[name] == float(given) for name, given in named.items())
        alone = re.sub(r"\[[^]]*\]\([^)]*\)|`[^`]*`|notebook \d+", "", row[3])
        assert 6 <= sum(map(float, re.findall(r"[\d.]+", alone))) <= 8


def test_the_commands_are_ones_that_there_are():
    top = Parser(prog="minialex")
    add_commands(top)
    commands = set(re.findall(r"`(minialex [^`]+)`", PAGE)) | set(re.findall(r"^(minialex .+)$", PAGE, flags=re.M))
    ours = {command for command in commands if len(command.split()) > 2 or command == "minialex train"}
    assert len(ours) >= 6
    for command in ours:
        assert top.parse_args(command.split()[1:]).name


def test_the_numbers_of_the_ablation_are_those_of_its_checks():
    from minialex.grading.checks.test_ablation import POWER, QUESTIONS, d

    answers = {question.name: question.right for question in QUESTIONS}
    text = " ".join(PAGE.split())
    for part in (
        f"{d[2]:.1f} points worse", f"{-d[0]:.1f} points better", f"{answers['standard_error']:.2f} in place of "
        f"{answers['unpaired_standard_error']:.2f} points", f"{answers['mean_difference']:.1f} points are "
        f"{answers['standard_errors']:.1f} standard errors", f"the {100 * answers['false_alarm']:.0f} % computed",
        f"n = {POWER**2:.1f} s² / d²",
    ):  # fmt: skip
        assert part in text


def test_the_days_of_the_papers_training_follow_from_the_step_that_was_measured():
    step = float(re.search(r"^\| ours \| \| ([\d.]+) \|", (ROOT / "docs" / "performance.md").read_text(), re.M)[1])
    steps = 1_200_000 // 128
    assert f"{steps:,} steps in an epoch: {90 * steps * step / 86400:.0f} days" in " ".join(PAGE.split())
