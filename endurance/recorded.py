"""Which lines of prmcore each test runs, and how long it takes: a pytest plugin that writes it down.

One file of examples (a docstring's or a page's) counts as one test, as its examples build on each other.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Generator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/prmcore"
KEPT = ROOT / ".mutants"


def test_of(nodeid: str) -> str:
    """The test that this item is, or the file of the examples that it is one of."""
    return nodeid if nodeid.startswith("tests/") else nodeid.partition("::")[0]


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("numprocesses", None):  # not in the process that only hands tests out
        config.pluginmanager.register(Recorder())


class Recorder:
    """What one process has run."""

    def __init__(self) -> None:
        coverage = import_module("coverage")  # by name, as one of the benchmarks has the same
        self.tracer = coverage.Coverage(data_file=None, source=[str(SOURCE)], config_file=False)
        self.tracer.start()
        self.seconds: dict[str, float] = defaultdict(float)
        self.failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.tracer.switch_context(test_of(item.nodeid))
        result = yield
        self.tracer.switch_context("")
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[test_of(report.nodeid)] += report.duration
        if not report.passed:
            self.failed.add(test_of(report.nodeid))

    def pytest_sessionfinish(self) -> None:
        """Leaves it in a file, without what failed or was skipped: that can tell nothing of a mutant."""
        self.tracer.stop()
        data = self.tracer.get_data()
        lines: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for file in data.measured_files():
            place = str(Path(file).relative_to(ROOT))
            for line, tests in data.contexts_by_lineno(file).items():
                for test in tests:
                    lines[test][place].append(line)
        told = {
            test: {"seconds": seconds, "lines": lines[test]}
            for test, seconds in self.seconds.items()
            if test not in self.failed
        }
        KEPT.mkdir(exist_ok=True)
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        (KEPT / f"recorded-{worker}.json").write_text(json.dumps(told), encoding="utf-8")
