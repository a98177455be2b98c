"""The pages say what is so: files that they name exist, their examples print what they show."""

import doctest
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from minialex import alexnet, summary

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text())
    missing = [t for t in targets if not t.startswith("http") and not (page.parent / t).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_print_what_they_show(page):
    failed, _ = doctest.testfile(str(page), module_relative=False)
    assert failed == 0


def test_the_examples_are_there():
    assert sum(page.read_text().count(">>> ") for page in PAGES) >= 20


def test_totals_of_the_paper():
    table = summary(alexnet(rng=np.random.default_rng(0)), (3, 224, 224), batch=128)
    text = (ROOT / "docs/paper.md").read_text()
    assert f"{table.parameters:,} parameters and {table.multiply_adds:,} multiply-adds" in text
    page = (ROOT / "docs/devices.md").read_text()
    for transfer in table.transfers:
        assert f"{transfer.forward:,}" in page
    assert f"{table.share_within_groups:.1%}".replace("%", " %") in page


def test_the_readme_has_both_commands_and_ci_runs_the_second():
    lines = (ROOT / "README.md").read_text().splitlines()
    commands = [line for line in lines if line.startswith("python3 -m venv")]
    assert len(commands) == 2
    assert commands[0].endswith("minialex train")
    assert commands[1].endswith("python -m pytest -n auto")
    assert "grep -m 1 'python -m pytest' README.md" in (ROOT / ".ci/run").read_text()


def test_the_changelog_names_what_exists():
    """The right column of its tables: modules, or names in modules."""
    rows = [line for line in (ROOT / "CHANGELOG.md").read_text().splitlines() if line.startswith("| `minialex")]
    names = [name for row in rows for name in re.findall(r"`(minialex[\w.]*)`", row.split("|")[2])]
    assert len(names) > 20
    lost = [name for name in names if not (is_module(name) or is_in_module(*name.rsplit(".", 1)))]
    assert not lost


def is_module(name):
    path = ROOT / name.replace(".", "/")
    return path.is_dir() or path.with_suffix(".py").is_file()


def is_in_module(module, name):
    return is_module(module) and hasattr(import_module(module), name)


def test_the_names_for_users_of_other_libraries_exist():
    """The third column of the table: calls of public classes and functions."""
    text = (ROOT / "docs/pytorch-and-keras.md").read_text()
    cells = [row.split("|")[3] for row in text.splitlines() if row.startswith("| ") and row.count("|") == 5]
    names = {name for cell in cells for name in re.findall(r"[`( =]([A-Za-z_]\w+)\(", cell)}
    packages = [
        import_module(f"minialex{part}") for part in ("", ".layers", ".variants", ".models", ".data", ".training")
    ]
    assert len(names) > 30
    assert not [name for name in names - {"net", "print"} if not any(hasattr(package, name) for package in packages)]
