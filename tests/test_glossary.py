"""The glossary is in order, and each word stands in the notebook or page that is said to explain it."""

import re
from pathlib import Path

import nbformat
import pytest

GLOSSARY = Path(__file__).parents[1] / "docs" / "glossary.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in GLOSSARY.read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| word |")
]


def plain(word):
    return re.sub(r"[`*\"]", "", word).lower()


def forms(word):
    """Return the forms under which a word may occur: "neuron, unit" are two, "RMS (root ...)" is its first part."""
    return [re.sub(r" *\(.*?\)", "", form) for form in plain(word).split(", ")]


def text_of(path):
    if path.suffix != ".ipynb":
        return plain(path.read_text())
    return plain(" ".join(cell.source for cell in nbformat.read(path, as_version=4).cells))


def test_it_has_the_words_of_the_book_in_order_and_none_twice():
    words = [plain(word) for word, *_ in ROWS]
    assert len(words) > 100
    assert words == sorted(set(words))


@pytest.mark.parametrize(("word", "meaning", "links"), ROWS, ids=[row[0] for row in ROWS])
def test_the_word_stands_where_it_is_said_to_be_explained(word, meaning, links):
    assert 10 < len(meaning) < 240
    paths = [GLOSSARY.parent / target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", links)]
    assert paths
    for path in paths:
        text = " ".join(text_of(path).split())
        assert any(form in text for form in forms(word)), f"{path.name} does not have it"
