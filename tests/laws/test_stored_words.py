"""The words that records, files and stores hold: what one release has written, the next one still reads.

`tests/cases/stored_words.csv` freezes them. A new word gets a line there; a word that is renamed needs a way to read what was
stored under the old one, before its line may change.
"""

import csv
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

PACKAGES = ("values", "partners", "tiers", "territory", "deals", "incentives", "contracts")
TABLE = Path(__file__).parents[1] / "cases" / "stored_words.csv"
with TABLE.open(encoding="utf-8", newline="") as file:
    KEPT = {(row["package"], row["name"]): row["words"].split(", ") for row in csv.DictReader(file)}


def words_in(package: str) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Every choice between words that a package defines, and its words."""
    root = import_module(f"prmcore.{package}")
    for found in walk_packages(root.__path__, f"{root.__name__}."):
        for name, kind in vars(import_module(found.name)).items():
            if (
                isinstance(kind, type)
                and issubclass(kind, StrEnum)
                and (kind.__module__, kind.__name__) == (found.name, name)
            ):
                yield (package, name), [one.value for one in kind]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_words_that_are_stored_are_those_that_were(package: str) -> None:
    now = list(words_in(package))
    assert len(dict(now)) == len(now)  # each name once
    assert dict(now) == {place: words for place, words in KEPT.items() if place[0] == package}
