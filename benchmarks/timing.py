"""Timing side by side: everything in turn, round after round, so that a change of the machine's speed hits all alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping

__all__ = ["side_by_side"]


def side_by_side(jobs: Mapping[str, Callable[[], object]], rounds: int, seconds: float) -> dict[str, float]:
    """Microseconds of one call of each job: the median over the rounds; each round lasts about `seconds` a job."""
    counts = {name: _calls_within(job, seconds) for name, job in jobs.items()}
    found: dict[str, list[float]] = {name: [] for name in jobs}
    gc.disable()
    try:
        for _ in range(rounds):
            for name, job in jobs.items():
                found[name].append(_timed(job, counts[name]))
            gc.collect()
    finally:
        gc.enable()
    return {name: statistics.median(times) for name, times in found.items()}


def _timed(job: Callable[[], object], count: int) -> float:
    began = time.perf_counter()
    for _ in range(count):
        job()
    return (time.perf_counter() - began) / count * 1e6


def _calls_within(job: Callable[[], object], seconds: float) -> int:
    count = 1
    while (taken := _timed(job, count) * count / 1e6) < seconds / 4:
        count *= 2 if taken else 10
    return max(1, round(count * seconds / taken))
