"""What needs a process of its own: the cost of an import, and large batches with their peak memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

__all__ = ["batch", "imports"]

HERE = Path(__file__).parent
PEAK = """
import json, resource
from pathlib import Path
status = Path("/proc/self/status")  # of this process alone; ru_maxrss also remembers the one that started it
lines = status.read_text().splitlines() if status.exists() else []
own = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
print(json.dumps({"peak": own[0] if own else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, **found}))
"""


def imports(code: str, runs: int) -> tuple[float, float]:
    """Milliseconds and MiB that the code costs over a bare Python: medians of paired runs."""
    pairs = [(_run("pass"), _run(code)) for _ in range(runs)]
    times = [after["time"] - before["time"] for before, after in pairs]
    peaks = [after["peak"] - before["peak"] for before, after in pairs]
    return statistics.median(times) * 1e3, statistics.median(peaks) / 1024


def batch(name: str, count: int) -> dict[str, float]:
    """Rows per second and peak MiB of a batch of `batches.py`."""
    found = _run(
        f"import sys; sys.path.insert(0, {str(HERE)!r}); import batches; found = batches.{name}({count})"
    )
    return {**found, "peak": found["peak"] / 1024}


def _run(code: str) -> dict[str, float]:
    timed = f"import time; began = time.perf_counter(); found = {{}}\n{code}\nfound['time'] = time.perf_counter() - began\n{PEAK}"
    answer = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(answer.stdout)
    return found
