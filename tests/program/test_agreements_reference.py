"""The page on agreements files names every key, every kind of clause, every word and every template."""

import tomllib
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import attrs
import pytest

from prmcore.contracts.agreements import shipped_templates
from prmcore.contracts.agreements.clauses import Clause
from prmcore.contracts.periods import PERIOD_RULES
from prmcore.program.document.agreements import AgreementsDocument, agreements_from
from prmcore.values import DateRange, Length, Money, PercentagePoints, Rate, Roll, Text

PAGE = (Path(__file__).parents[2] / "docs/reference/agreements-file.md").read_text(encoding="utf-8")
CLAUSES: tuple[Any, ...] = typing.get_args(Clause)
VALUES = frozenset({DateRange, Length, Money, PercentagePoints, Rate, Roll, Text})  # written as one value


def _kind(clause: Any) -> str:
    return str(attrs.fields_dict(clause)["kind"].default)


def _types(written: Any, seen: set[Any]) -> Iterator[Any]:
    """The records and words that a file may hold."""
    if isinstance(written, type) and written not in seen and written not in VALUES:
        seen.add(written)
        if issubclass(written, Enum):
            yield written
        elif attrs.has(written):
            yield written
            for one in attrs.fields(attrs.resolve_types(written)):
                yield from _types(one.type, seen)
    for part in typing.get_args(written):
        yield from _types(part, seen)


TYPES = tuple(_types(AgreementsDocument, set()))
RECORDS = [one for one in TYPES if attrs.has(one)]
WORDS = [one for one in TYPES if not attrs.has(one)]


def test_every_clause_is_among_what_a_file_may_hold() -> None:
    assert set(CLAUSES) <= set(RECORDS)


@pytest.mark.parametrize("clause", CLAUSES, ids=_kind)
def test_the_page_names_the_kind_of_each_clause_in_a_table(clause: Any) -> None:
    assert f'| `"{_kind(clause)}"` |' in PAGE


@pytest.mark.parametrize("record", RECORDS, ids=lambda one: one.__name__)
def test_the_page_names_every_key(record: Any) -> None:
    keys = [one.name for one in attrs.fields(record) if one.init]
    inside = r"{ %s"
    named = {
        key
        for key in keys
        if f"`{key}`" in PAGE or inside % key in PAGE or f", {key}," in PAGE or f", {key} }}" in PAGE
    }
    assert set(keys) - named == set()


@pytest.mark.parametrize("words", WORDS, ids=lambda one: one.__name__)
def test_the_page_names_every_word(words: Any) -> None:
    assert {word.value for word in words if f'"{word.value}"' not in PAGE} == set()


def test_the_page_names_every_template_with_what_fills_it_in() -> None:
    for template in shipped_templates().values():
        (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{template.id}` |"))
        assert row.endswith(" | " + ", ".join(f"`{name}`" for name in template.placeholders) + " |")


def test_the_page_names_every_period_rule() -> None:
    assert {rule for rule in PERIOD_RULES if f"'{rule}'" not in PAGE} == set()


def test_the_file_that_the_page_shows_can_be_read() -> None:
    written = tomllib.loads(PAGE.partition("```toml\n")[2].partition("```")[0])
    (agreement,) = agreements_from(written, read_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert agreement.is_signed
