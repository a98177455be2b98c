"""The site, made by Sphinx: `python -m sphinx -c docs -W . build/site` in the root of the repository.

Its source is the repository itself, so that links between pages, notebooks and files are the same on the site and off
it. Nothing is executed: the notebooks keep their outputs, and tests run them.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "minialex"
copyright = "the founders of minialex"
extensions = ["myst_nb", "sphinx.ext.autodoc", "pages.formulas", "pages.docstrings", "pages.generated"]

root_doc = "docs/index"
include_patterns = ["README.md", "CHANGELOG.md", "docs/**.md", "docs/**.rst", "notebooks/**.ipynb", "notebooks/**.md"]
exclude_patterns = ["**.ipynb_checkpoints"]
html_extra_path = ["pages/redirect"]  # the site's first page is docs/index.html

smartquotes = False  # quotes in docstrings are code
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 4
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the signature has them; the docstring says what they mean

html_theme = "sphinx_book_theme"
html_title = "minialex"
html_show_sourcelink = False
html_math_renderer = "mathml"
html_theme_options = {
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "navbar_persistent": [],  # the search is in the sidebar
}
