"""The architecture as tests: what CI's import-linter holds, seen from the running package too."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = "import json, sys; before = set(sys.modules); import {0}; print(json.dumps(sorted(set(sys.modules) - before)))"
HEAVY = (
    "babel",
    "cattrs",
    "sqlite3",
    "rich",
    "hypothesis",
    "pytest",
    "tomllib",
    "dateutil.rrule",
    "dateutil.tz",
)


def loaded_by(module: str) -> set[str]:
    """What importing a module loads, in a fresh interpreter."""
    answer = subprocess.run(
        [sys.executable, "-c", PROBE.format(module)], capture_output=True, text=True, check=True
    )
    return set(json.loads(answer.stdout))


@pytest.mark.parametrize("heavy", HEAVY)
def test_importing_prmcore_loads_no_locale_data_storage_recurrence_or_engine(heavy: str) -> None:
    found = {name for name in loaded_by("prmcore") if name == heavy or name.startswith(f"{heavy}.")}
    assert found == set()


@pytest.mark.parametrize(
    "module",
    ["prmcore.decisions", "prmcore.tiers", "prmcore.performance", "prmcore.repository", "prmcore.partners"],
)
def test_a_capability_loads_no_storage_and_no_locale_data(module: str) -> None:
    assert not {"sqlite3", "babel", "rich", "prmcore.storage"} & loaded_by(module)


def test_every_package_says_what_it_holds_and_what_it_offers() -> None:
    root = Path(__file__).parents[1] / "src" / "prmcore"
    packages = [path for path in root.iterdir() if path.is_dir() and (path / "__init__.py").exists()]
    assert packages
    for package in packages:
        source = (package / "__init__.py").read_text(encoding="utf-8")
        assert source.startswith('"""'), package.name
        assert "__all__" in source, package.name
