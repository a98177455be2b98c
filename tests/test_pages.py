"""What the site adds to Sphinx: docstrings as reStructuredText, pages of source files, the reference."""

from pathlib import Path

import pytest
from pages import commands, reference, sources
from pages.docstrings import rewrite

ROOT = Path(__file__).parents[1]


def rest(text: str) -> str:
    lines = text.splitlines()
    rewrite(lines)
    return "\n".join(lines)


def test_a_formula_stays_as_it_is_and_text_has_no_markup():
    text = rest("Say `x` and *y*, a_b.\n\n    y = x * W_\n      + b\n\nThe end.")
    paragraphs = ["Say ``x`` and \\*y\\*, a\\_b.", ".. code-block:: none", "    y = x * W_\n      + b", "The end.\n"]
    assert text == "\n\n".join(paragraphs)


def test_fields_are_a_list_also_right_after_a_text():
    text = rest("Text.\nArgs:   x, an array;\n        y, another.\nErrors: ValueError for `z`.")
    assert text == "Text.\n\n:Args: x, an array; y, another.\n:Errors: ValueError for ``z``.\n"


def test_an_example_is_python():
    assert rest(">>> 1 + 1\n2").startswith(".. code-block:: python\n\n    >>> 1 + 1\n    2")


def test_every_public_name_is_in_the_reference_and_indexed_once():
    pages = reference.pages()
    assert ".. autoclass:: minialex.layers.Conv2D" in pages["reference/minialex.layers.rst"]
    entries = [e for text in pages.values() for e in text.split("\n.. ") if e.startswith(("autoclass", "autofunction"))]
    indexed = [e.split()[1] for e in entries if ":no-index:" not in e]
    assert len(indexed) == len(set(indexed)) > 120
    assert "minialex.models.alexnet_single" in indexed


def test_every_command_is_on_the_page():
    text = commands.pages()["commands.md"]
    assert all(f"## `minialex {name}`" in text for name in ("train", "data get", "reproduce relu", "gradcheck"))


def test_links_to_files_and_folders_lead_to_their_pages():
    pages = sources.pages(ROOT)
    assert "literalinclude} ../../../minialex/layers/conv.py" in pages["source/minialex.layers.conv.py.md"]
    assert "| [`conv.py`](minialex.layers.conv.py.md) | The convolutional layer" in pages["source/minialex.layers.md"]


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        ("](../minialex/layers/conv.py)", "](generated/source/minialex.layers.conv.py.md)"),
        ("](../minialex/layers)", "](generated/source/minialex.layers.md)"),
        ("](paper.md#images)", "](paper.md#images)"),
        ("](../minialex/absent.py)", "](../minialex/absent.py)"),
        ("](https://example.org/x.py)", "](https://example.org/x.py)"),
    ],
)
def test_only_links_without_a_page_of_their_own_change(link, leads_to):
    app, content = type("App", (), {"srcdir": str(ROOT)}), [f"[x{link}"]
    sources.link_to_pages(app, "docs/data", content)
    assert content == [f"[x{leads_to}"]
