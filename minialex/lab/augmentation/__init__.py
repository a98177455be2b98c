"""Section 4.1: what augmentation brings, each kind by itself, and a picture of it.

kinds.py       the experiment
versions.py    augmented versions of one picture
"""

from minialex.lab.augmentation.kinds import augmentation

__all__ = ["augmentation"]
