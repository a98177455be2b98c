"""The notebooks for the browser: copies that install the library first, have run nothing, and whose links are good."""

import json

import lite
import pytest

FIRST = ("00_the_chain_rule", "01_a_convolution_is_a_matrix_product", "02_train_a_net", "03_what_augmentation_does")


@pytest.fixture(scope="module")
def contents(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contents")
    lite.write_contents(folder)
    return folder


def test_the_first_four_notebooks_are_offered_and_the_page_links_to_each(contents):
    assert tuple(path.stem for path in sorted(contents.rglob("*.ipynb"))) == FIRST
    page = (lite.ROOT / "docs" / "in-the-browser.md").read_text()
    assert all(f"lite/lab/index.html?path=notebooks/{name}.ipynb" in page for name in FIRST)


@pytest.mark.parametrize("name", FIRST)
def test_a_copy_installs_the_library_first_and_has_run_nothing(contents, name):
    copy, original = (
        json.loads((folder / "notebooks" / f"{name}.ipynb").read_text()) for folder in (contents, lite.ROOT)
    )
    first, *code = [cell for cell in copy["cells"] if cell["cell_type"] == "code"]
    assert first["source"].startswith("%pip install -q minialex")
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    theirs = ["".join(cell["source"]) for cell in original["cells"] if cell["cell_type"] == "code"]
    assert [cell["source"] for cell in code] == theirs
    assert copy["metadata"]["kernelspec"]["name"] == "python"  # the kernel of Pyodide; the original's is python3
    ids = [cell["id"] for cell in copy["cells"]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", FIRST)
def test_links_of_a_copy_lead_to_files_that_are_there(contents, name):
    copy = contents / "notebooks" / f"{name}.ipynb"
    text = "\n".join(
        cell["source"] for cell in json.loads(copy.read_text())["cells"] if cell["cell_type"] == "markdown"
    )
    links = [link[2] for link in lite.LINK.finditer(text)]
    assert links
    assert not [link for link in links if not (copy.parent / link).is_file()]


def test_the_wheel_is_made_of_what_the_package_needs(tmp_path):
    lite.copy_source(tmp_path)
    assert (tmp_path / "minialex" / "threads.py").is_file()
    assert not list(tmp_path.rglob("__pycache__"))
