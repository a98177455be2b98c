"""The checks of the assignments, a pytest file each; docs/assignments.md says how to run and how to add to them."""
