"""The page on one's own layer: its files are written, its changes made, its commands run, and what they print is so."""

import re
from pathlib import Path

from console import run

PAGE = Path(__file__).parents[2] / "docs" / "your-own-layer.md"
# Rounding differs from machine to machine, and with it which of several equal elements is the worst.
ERROR = re.compile(r"\b\d\.\de-(0[7-9]|1\d)\b|\b0\.0e\+00\b|worst at .*")


def blocks(kind):
    return re.findall(rf"^```({kind})\n(.*?)^```$", PAGE.read_text(), flags=re.S | re.M)


def changed(text, diff):
    """Return a file after the change of a block: its line with - becomes its lines with +."""
    lines = diff.splitlines()
    old = "\n".join(line[1:] for line in lines if line.startswith("-"))
    new = "\n".join(line[1:] for line in lines if line.startswith("+"))
    assert text.count(old) == 1
    return text.replace(old, new)


def test_what_the_page_shows_is_printed(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    commands, path = 0, None
    for kind, text in blocks("python|diff|console"):
        if kind == "python" and text.startswith("# "):
            path = Path(text.split()[1])
            path.write_text(text)
        elif kind == "diff":
            path.write_text(changed(path.read_text(), text))
        elif kind == "console":
            for command, shown in re.findall(r"^\$ minialex (.*?)\n(.*?)(?=^\$|\Z)", text, flags=re.S | re.M):
                _, out, err = run(capsys, *command.split())
                assert err == ""
                assert ERROR.sub("ERROR", out) == ERROR.sub("ERROR", shown)
                commands += 1
    assert commands == 9


def test_the_page_tells_the_numbers_of_the_code():
    from minialex.tutor.differences import ELEMENTS, SAMPLE

    assert f"more than {ELEMENTS:,} elements {SAMPLE} are compared" in PAGE.read_text().replace("\n", " ")


def test_the_readme_leads_here():
    assert PAGE.read_text().count("$ minialex") == 9
    assert (PAGE.parents[1] / "README.md").read_text().count("docs/your-own-layer.md") >= 2
