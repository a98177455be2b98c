"""A page for each file and folder of the repository that a page links to, so that no link leaves the site."""

import ast
import os
import re
from pathlib import Path

LINK = re.compile(r"\]\(([^)#\s\\]+)(?:#[^)\s]*)?\)")  # Markdown's, also inside a notebook's JSON
LANGUAGES = {".py": "python", ".toml": "toml"}
ORPHAN = "---\norphan: true\n---\n\n"  # not in the sidebar


def pages(root: Path) -> dict[str, str]:
    """Return the pages by their path: each file with its lines, each folder with a line for each of its files."""
    wanted = linked(root)
    folders = {path for path in wanted if path.is_dir()}
    files = (wanted - folders) | {file for folder in folders for file in folder.glob("*.py")}
    made = {page_of(file, root): file_page(file, root) for file in files}
    made |= {page_of(folder, root): folder_page(folder, root) for folder in folders}
    return made | {"source/index.md": index(sorted(files | folders), root)}


def linked(root: Path) -> set[Path]:
    """Return the files and folders, without a page of their own, that pages and notebooks link to."""
    written = [page for page in (root / "docs").rglob("*.md") if "generated" not in page.parts]
    found: set[Path] = set()
    for page in [*root.glob("*.md"), *written, *(root / "notebooks").rglob("*.ipynb")]:
        targets = (target(page.parent, link[1]) for link in LINK.finditer(page.read_text(encoding="utf-8")))
        found |= {path for path in targets if needs_a_page(path, root)}
    return found


def target(folder: Path, link: str) -> Path:
    return Path(os.path.normpath(folder / link))


def needs_a_page(path: Path, root: Path) -> bool:
    return root in path.parents and (path.is_dir() or (path.suffix in LANGUAGES and path.exists()))


def page_of(path: Path, root: Path) -> str:
    return f"source/{str(path.relative_to(root)).replace('/', '.')}.md"


def file_page(path: Path, root: Path) -> str:
    lines = os.path.relpath(path, root / "docs" / "generated" / "source")
    options = f":language: {LANGUAGES[path.suffix]}\n:linenos:"
    return f"{ORPHAN}# `{path.relative_to(root)}`\n\n```{{literalinclude}} {lines}\n{options}\n```\n"


def folder_page(path: Path, root: Path) -> str:
    """Return a table of the folder's files, each with the first line of its docstring."""
    files = sorted(path.glob("*.py"))
    rows = [f"| [`{file.name}`]({Path(page_of(file, root)).name}) | {first_line(file)} |" for file in files]
    return f"{ORPHAN}# `{path.relative_to(root)}/`\n\n| file | |\n|---|---|\n" + "\n".join(rows) + "\n"


def first_line(file: Path) -> str:
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0].replace("|", "\\|")


def index(paths: list[Path], root: Path) -> str:
    rows = [f"* [`{path.relative_to(root)}`]({Path(page_of(path, root)).name})" for path in paths]
    return "# Source files\n\nThe files that the pages link to.\n\n" + "\n".join(rows) + "\n"


def link_to_pages(app, docname: str, content: list[str]) -> None:
    """Make links to files and folders lead to their pages: an event of Sphinx, for each page that it reads."""
    root = Path(app.srcdir)
    folder = (root / docname).parent

    def replaced(link: re.Match) -> str:
        path = target(folder, link[1])
        if not needs_a_page(path, root):
            return link[0]
        page = root / "docs" / "generated" / page_of(path, root)
        return f"]({os.path.relpath(page, folder)})"

    if "generated" not in docname:
        content[0] = LINK.sub(replaced, content[0])
