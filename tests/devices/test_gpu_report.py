"""The report of a GPU: its limits, what becomes of a section that fails or hangs, and its sections on the double."""

import os
import subprocess
import sys

import pytest
from cupy_double import __file__ as double
from gpu_report import __main__ as report

SHORT = report.Section(2, "does it end")


def test_it_ends_within_nine_minutes():
    assert sum(section.seconds for section in report.SECTIONS.values()) <= 9 * 60
    assert {path.stem for path in report.HERE.glob("*.py")} - {"__init__", "__main__", "common"} == set(report.SECTIONS)


@pytest.mark.parametrize(("code", "ends"), [
    ("print('| one'); print('two')", ("ok", ["| one"])),
    ("print('one'); raise SystemExit(3)", ("failed (3)", ["| one"])),
    ("print('| one', flush=True); import time; time.sleep(60)",
     ("failed (-9)", ["| one", "| ended after 2 seconds, its limit"])),
], ids=["right", "failing", "hanging"])  # fmt: skip
def test_each_section_costs_itself_only(monkeypatch, tmp_path, code, ends):
    monkeypatch.setattr(report, "command", lambda name, is_small: [sys.executable, "-c", code])
    status, (first, *lines) = report.run("machine", SHORT, tmp_path / "machine.log", is_small=True)
    assert (status, lines) == ends
    assert first.startswith(f"machine: does it end?  {status}, ")


def test_an_unknown_section(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["gpu_report", "spelled", "--out", str(tmp_path)])
    with pytest.raises(SystemExit):
        report.main()
    assert "spelled: expected machine, tests," in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("section", sorted(report.SECTIONS.keys() - {"tests", "training", "pytorch"}))
def test_sections_on_the_double(tmp_path, section):
    """All but the tests and commands, which have their own tests on the double, and PyTorch, which has no double."""
    path = os.pathsep.join([os.path.join(os.path.dirname(double), "as_cupy"), os.environ.get("PYTHONPATH", "")])
    script = [sys.executable, str(report.HERE), section, "--small", "--out", str(tmp_path)]
    found = subprocess.run(script, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout
    page = (tmp_path / "report.txt").read_text()
    assert page == found.stdout
    assert page.startswith(f"{section}: {report.SECTIONS[section].question}?  ok")
    assert "Error" not in page
    assert page.count("\n| ") >= 1
