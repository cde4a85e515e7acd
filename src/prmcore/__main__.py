"""`python -m prmcore`: the command line."""

import sys

from prmcore.cli import main

__all__: list[str] = []

sys.exit(main())
