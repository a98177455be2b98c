"""`python -m minialex`: the same program as `minialex`."""

import sys

from minialex.cli import main

sys.exit(main())
