"""The tutor of `minialex gradcheck`: it says which gradient of a layer is wrong, where, and what the cause may be.

promises    protocol.py         shapes, dtypes, repeatability: before any gradient
gradients   gradients.py        against finite differences
guesses     diagnosis.py        from the wrong values and the right ones: ratios, arrangement, positions
errors      failure.py          the student's own line, and advice
"""

from minialex.tutor.checking import check_file, check_layers
from minialex.tutor.verdict import Verdict

__all__ = ["Verdict", "check_file", "check_layers"]
