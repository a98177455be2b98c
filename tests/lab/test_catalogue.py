"""The list of experiments, and the page that repeats it."""

import re
from pathlib import Path

from minialex.lab.catalogue import CATALOGUE

INDEX = Path(__file__).parents[2] / "docs/experiments/README.md"


def test_the_index_of_the_pages_has_the_experiments_in_their_order():
    assert re.findall(r"^\| \[`([\w-]+)`\]", INDEX.read_text(), re.MULTILINE) == list(CATALOGUE)
