"""The versions of one program together: rows are read once, and each version counts them by its own rules."""

import datetime
from typing import Any

import pytest

from prmcore.errors import InvalidInput
from prmcore.program import Program, ProgramVersions, from_document, parse_program
from prmcore.program.judge import judged
from prmcore.program.rows import Reject, partner_rows, source_rows
from prmcore.program.what_if import close_to_next
from prmcore.values import Money

PROGRAM = """
format = "prmcore/1"
name = "channel"
version = "{version}"
currency = "{currency}"
effective = {effective}
[sources.sales.fields.amount]
kind = "money"
{field}
[metrics.revenue]
source = "sales"
measure = {{ sum = "amount" }}
window = {{ rolling_months = {months} }}
{where}
{fact}
[tiers]
otherwise = "registered"
[[tiers.rungs]]
level = "gold"
requires = [{{ fact = "revenue", at_least = "100 {currency}" }}, {rule}]
"""


def version(**changes: object) -> Program:
    standard: dict[str, object] = {
        "version": "2025",
        "currency": "EUR",
        "effective": "{ end = 2026-01-01 }",
        "months": 12,
    }
    standard |= {
        "field": "",
        "where": "",
        "fact": "[facts.trained]\nkind = 'bool'",
        "rule": "{ fact = 'trained', is = true }",
    }
    return parse_program(PROGRAM.format(**{**standard, **changes}))


OLD = version()
NEW = version(
    version="2026",
    effective="{ start = 2026-01-01 }",
    months=3,
    field="[sources.sales.fields.region]\nkind = 'code'",
    where='where = { fact = "region", one_of = ["north"] }',
    fact="[facts.people]\nkind = 'count'",
    rule="{ fact = 'people', at_least = 2 }",
)
PARTNERS = "partner,name,trained,people\na,A,yes,2\nb,B,no,2\n"
SALES = "partner,date,amount,region\na,2025-02-10,100.00,south\nb,2025-11-20,100.00,north\na,2026-01-15,60.00,north\n"
DAYS = (datetime.date(2025, 12, 31), datetime.date(2026, 1, 31))


def test_each_version_counts_the_same_rows_by_its_own_columns_facts_and_windows() -> None:
    versions = ProgramVersions.of(OLD, NEW)
    rejects: list[Reject] = []
    partners = {row.id: row for row in partner_rows(versions, PARTNERS.splitlines(True), rejects.append)}
    book = versions.book()
    known = frozenset(partners)
    book.add("sales", source_rows(versions, "sales", SALES.splitlines(True), known, rejects.append))
    given = {str(identity): row.given for identity, row in partners.items()}
    found = {
        (one.partner, one.decision.as_of): (
            one.decision.facts.metrics["revenue"],
            one.decision.outcome.qualified,
        )
        for one in judged(versions, book, given, DAYS)
    }
    assert rejects == []
    assert found == {
        ("a", DAYS[0]): (Money.of("100", "EUR"), "gold"),  # all of 2025, and trained
        ("b", DAYS[0]): (Money.of("100", "EUR"), "registered"),  # not trained
        ("a", DAYS[1]): (Money.of("60", "EUR"), "registered"),  # the north alone, three months
        ("b", DAYS[1]): (Money.of("100", "EUR"), "gold"),  # two people; training is no longer asked for
    }


def test_versions_that_read_a_column_differently_are_refused_when_rows_are_read() -> None:
    other = version(version="2026", effective="{ start = 2026-01-01 }", currency="USD")
    with pytest.raises(InvalidInput) as caught:
        ProgramVersions.of(OLD, other).book()
    assert [str(fault) for fault in caught.value.faults] == [
        "is of another kind or currency in channel/2026 @ sources.sales.fields.amount"
    ]


def test_versions_that_overlap_or_are_of_two_programs_are_refused() -> None:
    with pytest.raises(InvalidInput, match="overlaps"):
        ProgramVersions.of(OLD, version(version="2025b"))
    with pytest.raises(InvalidInput, match="is given twice"):
        ProgramVersions.of(OLD, OLD)


def test_who_lacks_one_thing_and_little_of_it_is_close_and_who_lacks_more_is_not() -> None:
    only = ProgramVersions.of(
        version(fact="[facts.people]\nkind = 'count'", rule="{ fact = 'people', at_least = 4 }")
    )
    book = only.book()
    amounts = {
        "near": "90.00",
        "nearest": "99.99",
        "quarter": "75.00",
        "far": "74.99",
        "two": "99.99",
        "people": "100.00",
    }
    book.add(
        "sales",
        [(name, datetime.date(2025, 6, 1), (Money.of(amount, "EUR"),)) for name, amount in amounts.items()],
    )
    given = {name: {"people": 3 if name in ("two", "people") else 4} for name in amounts}
    found = close_to_next(only.on(DAYS[0]), judged(only, book, given, DAYS[:1]))
    assert [(one.partner, one.change.fact, str(one.change.missing)) for one in found] == [
        ("nearest", "revenue", "0.01 EUR"),
        ("near", "revenue", "10.00 EUR"),
        ("people", "people", "1"),
        ("quarter", "revenue", "25.00 EUR"),
    ]


# in force at an instant

BARE: dict[str, Any] = {
    "format": "prmcore/1",
    "name": "channel",
    "facts": {"users": {"kind": "count"}},
    "tiers": {
        "otherwise": "registered",
        "rungs": [{"level": "gold", "requires": [{"fact": "users", "at_least": 9}]}],
    },
    "trees": {"goods": {"bikes": {}}},
    "products": "goods",
}
APRIL = datetime.date(2026, 4, 1)


def clauses(zone: str) -> dict[str, Any]:
    return {"registrations": {"zone": zone}}


def hours(zone: str) -> dict[str, Any]:
    week = [{"weekday": 0, "opens": "09:00", "closes": "17:00"}]
    return {"leads": {"work_within": {"count": 8}, "hours": {"zone": zone, "years": [2026], "week": week}}}


def conflicts(zone: str) -> dict[str, Any]:
    return {"conflicts": {"steps": [{"kind": "earliest"}], "zone": zone}}


@pytest.mark.parametrize(
    ("parts", "zone"),
    [
        ({}, "UTC"),
        (clauses("Asia/Tokyo"), "Asia/Tokyo"),
        (hours("Asia/Tokyo"), "Asia/Tokyo"),
        (conflicts("Asia/Tokyo"), "Asia/Tokyo"),
        (clauses("Asia/Tokyo") | hours("Europe/Berlin"), "Asia/Tokyo"),
        (conflicts("Asia/Tokyo") | hours("Europe/Berlin"), "Asia/Tokyo"),
    ],
)
def test_a_program_is_at_home_where_its_clauses_are_or_its_hours(parts: dict[str, Any], zone: str) -> None:
    program = from_document({**BARE, "version": "2026", **parts})
    assert program.zone == zone
    late = datetime.datetime(2026, 3, 31, 15, tzinfo=datetime.UTC)
    assert program.day_at(late) == (APRIL if zone == "Asia/Tokyo" else datetime.date(2026, 3, 31))


@pytest.mark.parametrize("parts", [clauses, hours, conflicts])
@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("Asia/Tokyo", "Asia/Tokyo", "2026-03-31T15:00:00+00:00"),
        ("UTC", "Asia/Tokyo", "2026-03-31T15:00:00+00:00"),  # the new one has begun where it is in force
        ("America/New_York", "UTC", "2026-04-01T00:00:00+00:00"),
        ("UTC", "America/New_York", "2026-04-01T04:00:00+00:00"),  # hours that neither holds: the old one's
        ("Asia/Tokyo", "UTC", "2026-03-31T15:00:00+00:00"),  # the old one has ended where it was in force
    ],
)
def test_between_two_versions_there_is_no_hour_without_a_program(
    parts: Any, before: str, after: str, changes: str
) -> None:
    old = {"version": "old", "effective": {"start": datetime.date(2026, 1, 1), "end": APRIL}, **parts(before)}
    new = {"version": "new", "effective": {"start": APRIL}, **parts(after)}
    versions = ProgramVersions.of(from_document({**BARE, **old}), from_document({**BARE, **new}))
    at = datetime.datetime.fromisoformat(changes)
    assert versions.at(at).version == "new"
    assert versions.at(at - datetime.timedelta(seconds=1)).version == "old"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="a datetime with its time zone"):
        ProgramVersions.of(OLD, NEW).at(datetime.datetime(2026, 3, 31))
