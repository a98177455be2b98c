"""The pages say what is so: files that they name exist, their examples print what they show."""

import doctest
import re
import shlex
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from minialex import alexnet, summary
from minialex.cli import Parser, main
from minialex.cli.arguments import add_commands

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
    assert commands[1].endswith("python -m pytest")
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


COMMANDS = {page: re.findall(r"`(minialex [^`\n]+)`|^(minialex .+)$", (ROOT / "docs" / page).read_text(), re.MULTILINE)
            for page in ("troubleshooting.md", "pytorch-and-keras.md")}  # fmt: skip
SMALL = ["--limit", "20", "--batch", "10", "--epochs", "1", "--image-size", "16"]
REPLACED = {"FOLDER": "photographs", "PREPARED": "prepared"}
NOT_RUN = ("bench", "reproduce init", "--devices cuda:0")  # minutes; the full net; a GPU


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """A folder with what the commands of the pages name."""
    from PIL import Image

    root, rng = tmp_path_factory.mktemp("lesson"), np.random.default_rng(0)
    for split in ("train", "val"):
        for label in ("cat", "dog"):
            folder = root / "photographs" / split / label
            folder.mkdir(parents=True)
            for i in range(5):
                Image.fromarray(rng.integers(0, 256, (70, 80, 3), dtype=np.uint8)).save(folder / f"{i}.png")
    (root / "my_layer.py").write_text(
        "from minialex.layers import ReLU\ndef example(rng): return ReLU(), rng.standard_normal((2, 3))\n"
    )
    assert main(["train", *SMALL, "--out", str(root / "runs" / "mine")]) == 0
    return root


def test_the_pages_have_commands():
    assert {page: len(found) for page, found in COMMANDS.items()} == {
        "troubleshooting.md": pytest.approx(20, abs=6), "pytorch-and-keras.md": pytest.approx(3, abs=2),
    }  # fmt: skip


@pytest.mark.parametrize("command", sorted({a or b for found in COMMANDS.values() for a, b in found}))
def test_the_commands_of_the_pages_run(command, lesson, monkeypatch, capsys):
    monkeypatch.chdir(lesson)
    words = [REPLACED.get(word, word) for word in shlex.split(command)[1:]]
    if "--help" in words:
        with pytest.raises(SystemExit, match=r"^0$"):
            main(words)
        return
    top = Parser(prog="minialex")
    add_commands(top)
    args = top.parse_args(words)
    if any(part in command for part in NOT_RUN):
        return
    if args.name == "train":
        words += ["--epochs", "2"] if args.resume else SMALL
    if args.name.startswith("reproduce"):
        words += ["--limit", "3", "--epochs", "1", "--seeds", "1"]
    assert main(words) == 0, capsys.readouterr().err
