"""Drafts from templates: what is filled in, what is missing, and what German law asks of an agency."""

import datetime
from typing import Any

import pytest

from prmcore.contracts.agreements import (
    Agreement,
    AgreementKind,
    ConvenienceClause,
    NoticeStage,
    Party,
    Runs,
    Template,
    ToEndOf,
    from_template,
    lint_agreement,
    severity_of,
    shipped_templates,
)
from prmcore.contracts.lifecycle import AGREEMENTS, AgreementRecord
from prmcore.contracts.periods import PERIOD_RULES, counted
from prmcore.contracts.terms import RenewalClause, RenewalKind, Timetable
from prmcore.errors import InvalidInput
from prmcore.repository import committed
from prmcore.storage import MemoryStore
from prmcore.values import BusinessCalendar, Length, Text, Unit
from prmcore.values.wire import from_plain, to_plain

KNOWN = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
WEEK = BusinessCalendar(name="Mon-Fri", version="1", years=frozenset(range(2024, 2030)))
PARTIES = (Party(role="vendor", id="vendor", name="Vendor"), Party(role="partner", id="acme", name="Acme"))
FILLED: dict[str, dict[str, Any]] = {
    "agency/DE": {"start": "2026-04-01", "territory": ["DE"]},
    "agency/GB": {"start": "2026-04-01", "territory": ["GB"]},
    "alliance/JP": {"start": "2026-04-01", "notice": "3 months"},
    "distributor/US": {
        "start": "2026-04-01", "territory": ["US"], "minimum": "500000.00 USD", "currency": "USD", "state": "US-NY",
        "zone": "America/New_York",
    },
    "nda/GB": {"start": "2026-04-01"},
    "oem/JP": {"start": "2026-04-01", "notice": "3 months", "products": ["router"], "minimum": "10000000 JPY"},
    "referral/US": {"start": "2026-04-01", "state": "US-NY", "zone": "America/New_York"},
    "reseller/CN": {"start": "2026-04-01", "last_day": "2027-03-31", "territory": ["CN"]},
    "reseller/DE": {"start": "2026-04-01", "territory": ["DE"]},
    "reseller/JP": {"start": "2026-04-01", "territory": ["JP"], "notice": "3 months"},
    "reseller/US": {
        "start": "2026-04-01", "territory": ["US"], "currency": "USD", "state": "US-NY", "zone": "America/New_York",
    },
}  # fmt: skip


def drafted(name: str, values: dict[str, Any]) -> Agreement:
    template = shipped_templates()[name]
    return from_template(template, values, id="A-1", partner="acme", parties=PARTIES, known_since=KNOWN)


def test_the_templates_that_are_shipped_are_those_that_are_tested() -> None:
    assert sorted(shipped_templates()) == sorted(FILLED)


def test_there_is_a_template_of_each_kind_and_of_resellers_one_for_each_large_country() -> None:
    templates = shipped_templates().values()
    assert {one.kind for one in templates} == set(AgreementKind)
    assert {one.country for one in templates if one.kind is AgreementKind.RESELLER} == {
        "JP",
        "US",
        "DE",
        "CN",
    }
    assert all(one.id == f"{one.kind}/{one.country}" for one in templates)


@pytest.mark.parametrize("name", FILLED)
def test_a_filled_template_is_a_draft_without_errors_in_three_languages(name: str) -> None:
    draft, template = drafted(name, FILLED[name]), shipped_templates()[name]
    assert not draft.is_signed
    assert [finding.code for finding in lint_agreement(draft) if severity_of(finding) == "error"] == []
    assert [locale for locale, _ in template.title.by_locale] == ["en", "ja", "zh"]
    assert all(
        [code for code, _ in text.by_locale] == ["en", "ja", "zh"] for text in template.placeholders.values()
    )
    assert template.sources
    assert from_plain(to_plain(template), Template) == template


def test_a_german_agency_is_ended_with_the_notice_of_its_year_to_the_end_of_a_month() -> None:
    """HGB 89(1): one month in the first year, two in the second, three in the third to fifth, then six; to a month's end."""
    clauses = [one.clause for one in drafted("agency/DE", FILLED["agency/DE"]).provisions]
    (convenience,) = [one for one in clauses if isinstance(one, ConvenienceClause)]
    stages = [convenience.stage_in(year) for year in range(1, 8)]
    assert [str(one.notice) for one in stages] == [
        "1 month", "2 months", "3 months", "3 months", "3 months", "6 months", "6 months",
    ]  # fmt: skip
    assert {one.to_end_of for one in stages} == {ToEndOf.MONTH}


def test_an_english_agency_needs_three_months_from_the_third_year_on() -> None:
    """Directive 86/653/EEC, art. 15(2) and (5)."""
    clauses = [one.clause for one in drafted("agency/GB", FILLED["agency/GB"]).provisions]
    (convenience,) = [one for one in clauses if isinstance(one, ConvenienceClause)]
    stages = [convenience.stage_in(year) for year in (1, 2, 3, 6)]
    assert [str(one.notice) for one in stages] == ["1 month", "2 months", "3 months", "3 months"]
    assert {one.to_end_of for one in stages} == {ToEndOf.MONTH}


@pytest.mark.parametrize("name", ["reseller/JP", "alliance/JP", "oem/JP", "reseller/DE"])
def test_where_the_first_day_counts_a_term_ends_with_the_month_that_lacks_the_day(name: str) -> None:
    """Civil Code of Japan 143(2), BGB 188(3): a year from 29 February 2024 ends on 28 February 2025, as the period rule has it.

    The corresponding day, 29 February 2025, is missing, so it is the month's last day; not the day before 28 February.
    """
    draft = drafted(name, {**FILLED[name], "start": "2024-02-29"})
    (runs,) = [one.clause for one in draft.provisions if isinstance(one.clause, Runs)]
    table = Timetable(clause=runs.term, renewal=RenewalClause(kind=RenewalKind.AUTOMATIC))
    rule = PERIOD_RULES["jp-civil" if name.endswith("JP") else "de-bgb-187-2"]
    days = [table.term(number).last_day for number in range(4)]
    D = datetime.date
    assert days == [D(2025, 2, 28), D(2026, 2, 28), D(2027, 2, 28), D(2028, 2, 28)]
    counted_days = [
        counted(
            rule,
            D(2024, 2, 29),
            Length(years, Unit.YEARS),
            calendar=WEEK,
            from_midnight=rule.id == "jp-civil",
        ).unmoved
        for years in range(1, 5)
    ]
    assert counted_days == days


def test_all_that_is_missing_or_not_known_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        drafted("agency/DE", {"strat": "2026-04-01"})
    assert [str(fault) for fault in refused.value.faults] == [
        "the first day (start) is missing @ provisions[0].clause.term.start",
        "the codes of the territory (territory) is missing @ provisions[1].clause.codes",
        "unknown placeholder 'strat'; did you mean 'start'? There are: start, territory @ strat",
    ]


def test_what_a_clause_cannot_take_is_named_where_it_stands() -> None:
    with pytest.raises(InvalidInput) as refused:
        drafted("agency/DE", {"start": "1 April", "territory": "DE"})
    assert [fault.path for fault in refused.value.faults] == [
        "provisions[0].clause.term.start",
        "provisions[1].clause.codes",
    ]


def test_what_is_filled_in_is_not_read_as_a_placeholder_again() -> None:
    draft = drafted("agency/DE", {"start": "2026-04-01", "territory": ["{start}"]})
    assert to_plain(draft)["provisions"][1]["clause"]["codes"] == ["{start}"]


def test_a_template_whose_placeholders_do_not_match_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        Template(
            id="x", kind=AgreementKind.NDA, country="JP", title=Text.of("x"), sources=(),
            placeholders={"start": Text.of("the first day"), "end": Text.of("the last day")},
            provisions=({"key": "term", "clause": {"start": "{strat}", "last": "{end}"}},),
        )  # fmt: skip
    assert [fault.path for fault in refused.value.faults] == [
        "provisions[0].clause.start",
        "placeholders.start",
    ]


def test_agreements_are_kept_and_found_by_partner_and_kind() -> None:
    store = MemoryStore()
    draft = drafted("reseller/JP", FILLED["reseller/JP"])
    committed(store, lambda work: work.repository(AGREEMENTS).put(AgreementRecord(agreement=draft)))
    with store.unit_of_work() as work:
        found = [
            one.record.agreement for one in work.repository(AGREEMENTS).query(partner="acme", kind="reseller")
        ]
        assert found == [draft]
        assert work.repository(AGREEMENTS).count(kind="nda") == 0


def test_stages_of_a_notice_rise_from_the_first_year() -> None:
    month = Length.of("1 month")
    for years in ((), (2,), (1, 3, 3)):
        with pytest.raises(InvalidInput, match=r"accepted: from 1 on, rising @ stages"):
            ConvenienceClause(stages=tuple(NoticeStage(notice=month, from_year=year) for year in years))
