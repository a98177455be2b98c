"""The first notebooks in JupyterLite, beside a site that Sphinx has made: `python docs/lite.py build/site`.

JupyterLite is Jupyter in a browser, without a server: Python itself (Pyodide) runs in the page. This writes the folder
`lite/` of the site: JupyterLite, notebooks 0 to 3, the files of the library that they link to, and the library's wheel.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("0[0-3]_*.ipynb"))
WHEELS = ("minialex", "pooch", "comm")  # what Pyodide does not have, of us, our dependencies and the kernel's
INSTALL = "%pip install -q minialex  # in the browser: the library's wheel, which lies beside this page"
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
LINK = re.compile(r"\[([^\]]+)\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def main() -> None:
    site = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "site").resolve()
    with TemporaryDirectory() as work:
        source, wheels, contents = (Path(work, name) for name in ("source", "wheels", "contents"))
        copy_source(source)
        run(work, "pip", "wheel", "--quiet", "--no-deps", f"--wheel-dir={wheels}", source, *WHEELS[1:])
        write_contents(contents)
        options = [f"--piplite-wheels={wheel}" for wheel in sorted(wheels.glob("*.whl"))]
        apps = ["--apps=lab", "--no-unused-shared-packages", "--no-sourcemaps"]
        places = [f"--lite-dir={work}", f"--contents={contents}", f"--output-dir={site / 'lite'}"]
        run(work, "jupyterlite_core", "build", *places, *apps, *options)
    check(site / "lite")
    print(f"{len(NOTEBOOKS)} notebooks: {site / 'lite' / 'lab' / 'index.html'}")


def run(folder: str, module: str, *arguments: str | Path) -> None:
    """Run a module of this Python in a folder; what it prints is shown if it fails."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=folder, text=True, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}{done.stderr}{module}: exit status {done.returncode}")


def copy_source(folder: Path) -> None:
    """Copy what the wheel is made of: setuptools would leave its files in the checkout, and use old ones again."""
    shutil.copytree(ROOT / "minialex", folder / "minialex", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)


def write_contents(folder: Path) -> None:
    """Write the notebooks, and the files of the library that they link to, with the repository's names."""
    for path in NOTEBOOKS:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        write(folder, path, json.dumps(for_the_browser(notebook, path), indent=1))
        for file in sorted(linked(notebook, path)):
            write(folder, file, file.read_text(encoding="utf-8"))


def write(folder: Path, path: Path, text: str) -> None:
    copy = folder / path.relative_to(ROOT)
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(text, encoding="utf-8")


def for_the_browser(notebook: dict, path: Path) -> dict:
    """Return a notebook that installs the library first, has run nothing, and links to files that are there."""
    cells = [without_outputs(cell, path) for cell in notebook["cells"]]
    about: dict = {"cell_type": "code", "id": "install", "metadata": {}, "outputs": [], "execution_count": None}
    cells.insert(1, {**about, "source": INSTALL})
    return {**notebook, "cells": cells, "metadata": {**notebook["metadata"], "kernelspec": KERNEL}}


def without_outputs(cell: dict, path: Path) -> dict:
    text = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return {**cell, "source": LINK.sub(lambda link: link[0] if target(link[2], path) else link[1], text)}
    return {**cell, "source": text, "outputs": [], "execution_count": None}


def linked(notebook: dict, path: Path) -> set[Path]:
    """Return the Python files that a notebook links to."""
    text = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    return {file for link in LINK.finditer(text) if (file := target(link[2], path)) and file.suffix == ".py"}


def target(link: str, path: Path) -> Path | None:
    """Return the file that a link of a notebook leads to, if it is offered in the browser; a page of text is not."""
    file = Path(os.path.normpath(path.parent / link))
    return file if file in NOTEBOOKS or (file.suffix == ".py" and file.is_file()) else None


def check(lite: Path) -> None:
    """Check that the site holds what the page in-the-browser.md promises."""
    listed = json.loads((lite / "pypi" / "all.json").read_text())
    there = [lite / "lab" / "index.html", *(lite / "files" / path.relative_to(ROOT) for path in NOTEBOOKS)]
    missing = [str(path) for path in there if not path.is_file()] + [name for name in WHEELS if name not in listed]
    if missing:
        sys.exit(f"the site lacks {', '.join(missing)}")


if __name__ == "__main__":
    main()
