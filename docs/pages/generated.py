"""Pages made from the package before Sphinx reads: the reference, the commands, and the files that pages link to."""

from pathlib import Path

from sphinx.application import Sphinx

from pages import commands, reference, sources

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "generated"


def setup(app: Sphinx) -> dict:
    write_all()
    app.connect("source-read", sources.link_to_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write_all() -> None:
    """Write all pages into docs/generated/, which git ignores; pages that have not changed keep their time."""
    pages = {**reference.pages(), **commands.pages(), **sources.pages(ROOT)}
    for old in FOLDER.rglob("*.*"):
        if str(old.relative_to(FOLDER)) not in pages:
            old.unlink()
    for name, text in pages.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
