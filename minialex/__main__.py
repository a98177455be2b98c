"""The program `minialex` as a module: `python -m minialex`."""

import sys

from minialex.cli import main

sys.exit(main())
