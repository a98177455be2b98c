"""The notebooks run from a clean kernel, are kept with what they printed, and their exercises can be solved."""

import re
import shutil
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat", reason="the notebooks extra is not installed")
nbclient = pytest.importorskip("nbclient", reason="the notebooks extra is not installed")

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
QUICK = "01_a_convolution_is_a_matrix_product"  # trains nothing: seconds; the others take half a minute

WRONG = {  # an answer to each exercise that looks right at first
    "01": (
        "multiplications = 96 * 11 * 11 * 55 * 55",
        "def padded(x, p):\n    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='edge')",
        "colour_kernel = conv.params['W'][:1].repeat(3, axis=1)",
    ),
    "02": (
        "parameters = 145_578 * 4",
        "def step(w, v, gradient):\n    v = 0.9 * v - 0.01 * gradient\n    return w + v, v",
        "def grey(images):\n    return images[:, :1].repeat(3, axis=1)",
    ),
    "03": (
        "inputs = 4 * 4 * 2",
        "def source_colour(x, a):\n    return x + (a * values**0.5 @ P.T)[:, :, None, None] / 1.1",
        "class UpsideDown(AugmentationStep):\n    def apply(self, x, rows):\n        return x[:, :, ::-1]",
    ),
}
RIGHT = {
    "01": (
        "multiplications = 96 * 11 * 11 * 3 * 55 * 55",
        "def padded(x, p):\n    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))",
        "colour_kernel = conv.params['W'][:1] * np.array([1, 0, -1]).reshape(1, 3, 1, 1)",
    ),
    "02": (
        "parameters = 145_578 + 64 * 64 * (8 * 8 - 4 * 4)",
        "def step(w, v, gradient):\n    v = 0.9 * v - 0.0005 * 0.01 * w - 0.01 * gradient\n    return w + v, v",
        "def grey(images):\n    return images.mean(axis=1, keepdims=True).repeat(3, axis=1).astype('uint8')",
    ),
    "03": (
        "inputs = 5 * 5 * 2",
        "def source_colour(x, a):\n    return (x + (a * values**0.5 @ P.T)[:, :, None, None]) / 1.1",
        "class UpsideDown(AugmentationStep):\n    def apply(self, x, rows):\n"
        "        return np.where(rows[:, 0, None, None, None] < 0.5, x[:, :, ::-1], x)",
    ),
}


def names(path):
    return path.stem


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", ())]


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.get("name") == "stdout")


def test_there_are_three_notebooks():
    assert len(NOTEBOOKS) >= 3


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_outputs_are_kept_and_none_is_an_error(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 3
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert not [cell for cell in cells if "execution" in cell.metadata]  # the times of somebody's run


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names)
def test_links_lead_somewhere(path):
    cells = nbformat.read(path, as_version=4).cells
    targets = [t for cell in cells if cell.cell_type == "markdown" for t in re.findall(r"\]\(([^)#]+)\)", cell.source)]
    assert targets
    assert not [t for t in targets if not (path.parent / t).exists()]


@pytest.mark.parametrize(
    "path", [pytest.param(p, marks=() if p.stem == QUICK else pytest.mark.slow) for p in NOTEBOOKS], ids=names
)
def test_it_runs_from_a_clean_kernel_and_its_checks_accept_right_answers_only(path, tmp_path):
    shutil.copy(path, tmp_path)
    notebook = nbformat.read(tmp_path / path.name, as_version=4)
    checks = [cell.source for cell in tagged(notebook, "check")]
    for answers in (WRONG, RIGHT):  # after the last cell, in the same kernel: the training is not done again
        for answer, check in zip(answers[path.stem[:2]], checks, strict=True):
            notebook.cells += [nbformat.v4.new_code_cell(answer), nbformat.v4.new_code_cell(check)]
    client = nbclient.NotebookClient(notebook, timeout=180, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
    assert [printed(cell).split(": ")[1].strip() for cell in tagged(notebook, "check")] == ["still open"] * len(checks)
    verdicts = [printed(cell).splitlines()[0].split(": ")[1] for cell in notebook.cells[-4 * len(checks) + 1 :: 2]]
    assert verdicts == ["not yet"] * len(checks) + ["right"] * len(checks)
