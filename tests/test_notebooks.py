"""The notebooks run from a clean kernel, are kept with what they printed, and their exercises can be solved."""

import re
import runpy
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from slow import all_but

nbformat = pytest.importorskip("nbformat", reason="the notebooks extra is not installed")
nbclient = pytest.importorskip("nbclient", reason="the notebooks extra is not installed")

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
ANSWERS = Path(__file__).parent / "answers"  # for each notebook a wrong answer to each exercise, and a right one
LINES_A_CELL = 15


def names(path):
    return path.stem


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", ())]


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout")


def code(path):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_the_walkthrough_is_numbered_and_has_answers_for_each():
    assert [path.stem[:2] for path in NOTEBOOKS] == [f"{number:02}" for number in range(17)]
    assert [path.stem for path in NOTEBOOKS] == sorted(path.stem for path in ANSWERS.glob("[0-9]*.py"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_outputs_are_kept_and_none_is_an_error(path):
    cells = code(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 3
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert not [cell for cell in cells if "execution" in cell.metadata]  # the times of somebody's run


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_outputs_name_no_folder_of_the_machine_that_ran_it(path):
    outputs = [output for cell in code(path) for output in cell.outputs]
    text = " ".join(output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in outputs)
    assert not re.search(r"/(home|root|tmp|usr|work|Users)/|[A-Z]:\\\\", text)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_cells_are_short_or_folded(path):
    folded = [cell for cell in code(path) if "hide-input" in cell.metadata.get("tags", ())]
    assert all(cell.metadata["jupyter"]["source_hidden"] for cell in folded)  # MyST-NB reads the tag, JupyterLab this
    long = [cell.source for cell in code(path) if cell not in folded and len(cell.source.splitlines()) > LINES_A_CELL]
    assert not long


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_it_begins_with_what_it_needs_and_ends_with_what_can_be_explained(path):
    first, *_, last = nbformat.read(path, as_version=4).cells
    for words in ("**You need**", "**Time:**"):
        assert words in first.source
    assert last.source.startswith("## What you can now explain")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_pictures_have_a_text_for_who_cannot_see_them(path):
    for cell in code(path):
        text = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                assert text or output.metadata.get("image/png", {}).get("alt"), cell.source


def test_each_notebook_leads_to_the_next():
    for path, following in pairwise(NOTEBOOKS):
        assert f"Next: [{int(following.stem[:2])}. " in nbformat.read(path, as_version=4).cells[-1].source.replace(
            "\n", " "
        )
        assert f"({following.name})" in nbformat.read(path, as_version=4).cells[-1].source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_links_lead_somewhere(path):
    cells = nbformat.read(path, as_version=4).cells
    targets = [t for cell in cells if cell.cell_type == "markdown" for t in re.findall(r"\]\(([^)#]+)\)", cell.source)]
    assert targets
    assert not [t for t in targets if not (path.parent / t).exists()]


@pytest.mark.parametrize("path", all_but(NOTEBOOKS[:1], NOTEBOOKS), ids=names)
def test_it_runs_from_a_clean_kernel_and_its_checks_accept_right_answers_only(path, tmp_path):
    shutil.copy(path, tmp_path)
    notebook = nbformat.read(tmp_path / path.name, as_version=4)
    checks = [cell.source for cell in tagged(notebook, "check")]
    answers = runpy.run_path(str(ANSWERS / f"{path.stem}.py"))
    for kind in ("WRONG", "RIGHT"):  # after the last cell, in the same kernel: the training is not done again
        for answer, check in zip(answers[kind], checks, strict=True):
            notebook.cells += [nbformat.v4.new_code_cell(answer), nbformat.v4.new_code_cell(check)]
    client = nbclient.NotebookClient(notebook, timeout=180, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
    assert [printed(cell).split(": ")[1].strip() for cell in tagged(notebook, "check")] == ["still open"] * len(checks)
    verdicts = [printed(cell).splitlines()[0].split(": ")[1] for cell in notebook.cells[-4 * len(checks) + 1 :: 2]]
    assert verdicts == ["not yet"] * len(checks) + ["right"] * len(checks)
