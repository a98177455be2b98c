"""What the site adds to Sphinx: formulas without a network, our docstrings, and pages made from the package."""
