"""`python -m prmcore.cli`."""

import sys

from prmcore.cli import main

sys.exit(main())
