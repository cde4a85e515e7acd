"""What needs a process of its own: the cost of an import, and large batches with their peak memory."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from pathlib import Path

__all__ = ["batch", "imports"]

# time is built in, and memory.py imports nothing: so a bare Python stays bare
CHILD = """
import sys, time; sys.path.insert(0, {here!r}); found = {{}}
began = time.perf_counter()
{code}
found["time"] = time.perf_counter() - began
from memory import peak
found["peak"] = peak()
print(found)
"""


def imports(code: str, runs: int) -> tuple[float, float]:
    """Milliseconds and MiB that the code costs over a bare Python: medians of paired runs."""
    pairs = [(_run("pass"), _run(code)) for _ in range(runs)]
    times = [after["time"] - before["time"] for before, after in pairs]
    peaks = [after["peak"] - before["peak"] for before, after in pairs]
    return statistics.median(times) * 1e3, statistics.median(peaks)


def batch(name: str, *counts: float, of: str = "batches") -> dict[str, float]:
    """What a batch of `batches.py`, or of another module, found, and its peak in MiB."""
    return _run(f"import {of}; found = {of}.{name}{counts}")


def _run(code: str) -> dict[str, float]:
    text = CHILD.format(here=str(Path(__file__).parent), code=code)
    answer = subprocess.run([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, float] = ast.literal_eval(answer.stdout)
    return found
