"""The examples are imported as a reader would: from the project's folder. Spawned processes inherit the path."""

import sys
from pathlib import Path

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)
