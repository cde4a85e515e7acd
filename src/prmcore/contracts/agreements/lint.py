"""Lint: what looks wrong with an agreement before anybody relies on it, each finding with the days that show it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import combinations
from typing import Any, Literal, TypeAlias

import attrs

from prmcore.contracts.agreements.clauses import (
    ConvenienceClause,
    ExclusivityClause,
    LawClause,
    LiabilityClause,
    MinimumClause,
    PrecedenceClause,
    PricesClause,
    Renews,
    Runs,
    SurvivalClause,
    TerritoryClause,
)
from prmcore.contracts.agreements.model import Agreement, Document, Provision
from prmcore.contracts.notice import NoticeClause
from prmcore.contracts.periods.said import said_of_length
from prmcore.contracts.terms import RenewalClause, TermClause, Timetable
from prmcore.decisions.explain import Said
from prmcore.decisions.lint import Finding
from prmcore.errors import InvalidInput, PrmError
from prmcore.values import BusinessCalendar, DateRange, Length, months_after

__all__ = ["AmbiguousImport", "Severity", "imported_date", "lint_agreement", "severity_of"]

_DAY = datetime.timedelta(days=1)

Severity: TypeAlias = Literal["error", "warning"]

_WARNINGS = frozenset({"no-law", "no-zone", "class-without-document", "cap-of-nothing", "stated-end-differs"})


def severity_of(finding: Finding) -> Severity:
    """`error` when something computed from the agreement would be wrong or missing, `warning` when it looks unintended."""
    return "warning" if finding.code in _WARNINGS else "error"


def lint_agreement(
    agreement: Agreement,
    *,
    counting_rules: Iterable[str] | None = None,
    calendars: Mapping[str, BusinessCalendar] | None = None,
) -> tuple[Finding, ...]:
    """All that looks wrong with an agreement's papers; an empty tuple is a good sign, not a legal opinion.

    `counting_rules` are the ids of the period rules that there are, `calendars` the calendars by name; what is not given is
    not checked.

    Codes: `no-document`, `overlap`, `notice-not-below-term`, `window-before-start`, `ends-before-start`,
    `stated-end-differs`, `no-law`, `no-zone`, `unknown-counting`, `unknown-calendar`, `calendar-years`,
    `class-without-document`, `unknown-survivor`, `unknown-condition`, `other-currency`, `exclusive-nowhere`,
    `cap-of-nothing`.
    """
    rules = None if counting_rules is None else frozenset(counting_rules)
    return tuple(_Linter(agreement, rules, calendars).findings())


class AmbiguousImport(InvalidInput):
    """A written date is one day when its first number is the day, and another when it is the month."""

    def __init__(self, written: str, readings: tuple[datetime.date, ...]) -> None:
        self.written, self.readings = written, readings
        said = " or ".join(map(str, readings))
        super().__init__(
            f"found {written!r}, which is {said}; accepted: a date with its order, day-first or month-first"
        )


@attrs.frozen
class _Linter:
    agreement: Agreement
    rules: frozenset[str] | None
    calendars: Mapping[str, BusinessCalendar] | None

    def findings(self) -> Iterator[Finding]:
        yield from self.papers()
        yield from self.overlaps()
        yield from self.terms()
        yield from self.law()
        yield from self.names()
        yield from self.amounts()

    def of(self, kind: type[Any]) -> Iterator[tuple[str, Any]]:
        """The clauses of a kind, each with its path."""
        for place, one in enumerate(self.agreement.provisions):
            if isinstance(one.clause, kind):
                yield f"provisions[{place}].clause", one.clause

    def papers(self) -> Iterator[Finding]:
        for place, one in enumerate(self.agreement.provisions):
            document = self.agreement.document(one.document)
            if document is None:
                said = Said(
                    "{key} is in {document}, and there is no such document",
                    {"key": one.key, "document": one.document},
                )
                yield Finding("no-document", f"provisions[{place}].document", said)
        classes = {one.document_class for one in self.agreement.documents}
        for path, clause in self.of(PrecedenceClause):
            for place, name in enumerate(clause.classes):
                if name not in classes:
                    said = Said(
                        "the order of precedence names {name}, and no document is of that class",
                        {"name": name},
                    )
                    yield Finding("class-without-document", f"{path}.classes[{place}]", said)

    def overlaps(self) -> Iterator[Finding]:
        """Two answers of one document to one question."""
        alike: dict[tuple[str, str], list[tuple[int, Provision]]] = {}
        for place, one in enumerate(self.agreement.provisions):
            alike.setdefault((one.document, one.key), []).append((place, one))
        for (document, key), given in alike.items():
            paper = self.agreement.document(document)
            for (_, one), (place, other) in combinations(given, 2):
                shared = _shared(one, other, paper)
                if one.clause != other.clause and shared is not None:
                    said = Said("{document} says two things on {key}", {"document": document, "key": key})
                    yield Finding("overlap", f"provisions[{place}]", said, {"days": str(shared)})

    def terms(self) -> Iterator[Finding]:
        renewals = [renews.renewal for _, renews in self.of(Renews)] or [RenewalClause()]
        begins = self.agreement.documents[0].effective_from
        for path, runs in self.of(Runs):
            clause: TermClause = runs.term
            yield from _stated_end(f"{path}.term", clause)
            if clause.last_day is not None and begins is not None and clause.last_day < begins:
                said = Said("the term ends before the agreement takes effect")
                witness = {"last_day": clause.last_day, "effective_from": begins}
                yield Finding("ends-before-start", f"{path}.term.last_day", said, witness)
            for renewal in renewals:
                with suppress(PrmError):  # what no timetable can be made of, the program says when it is read
                    yield from self.notices(Timetable(clause=clause, renewal=renewal))

    def notices(self, table: Timetable) -> Iterator[Finding]:
        """Notices that do not fit into a term, the later ones too: they had to be given before it began."""
        for path, length in self.lengths_of_notice():
            found = _too_long(table, length)
            if found is not None:
                number, start, by = found
                said = Said(
                    "a notice of {notice} does not fit into term {number}",
                    {"notice": said_of_length(length), "number": number},
                )
                last = by if by == datetime.date.min else by - _DAY  # it is there before its first day
                yield Finding("notice-not-below-term", path, said, {"notice_by": last, "term_starts": start})
        for path, clause in self.of(NoticeClause):
            found = None if clause.opens is None else _too_long(table, clause.opens)
            if found is not None and found[2] < found[1]:
                number, start, by = found
                said = Said("the window for a notice opens before term {number} begins", {"number": number})
                yield Finding(
                    "window-before-start", f"{path}.opens", said, {"opens": by, "term_starts": start}
                )

    def lengths_of_notice(self) -> Iterator[tuple[str, Length]]:
        for path, clause in self.of(NoticeClause):
            yield f"{path}.notice", clause.notice
        for path, clause in self.of(ConvenienceClause):
            for place, stage in enumerate(clause.stages):
                yield f"{path}.stages[{place}].notice", stage.notice

    def law(self) -> Iterator[Finding]:
        laws = list(self.of(LawClause))
        if not laws:
            yield Finding(
                "no-law",
                "provisions",
                Said("no provision names the governing law: no period can be counted by it"),
            )
        for path, clause in laws:
            if clause.zone is None:
                said = Said("no time zone is named: a deadline has a day, and no instant")
                yield Finding("no-zone", f"{path}.zone", said)
            yield from self.counting(f"{path}.counting", clause.counting)
            if self.calendars is not None and clause.calendar is not None:
                yield from self.calendar(f"{path}.calendar", clause.calendar)

        for path, notice in self.of(NoticeClause):
            yield from self.counting(f"{path}.rule", notice.rule)

    def counting(self, path: str, name: str | None) -> Iterator[Finding]:
        if self.rules is not None and name is not None and name not in self.rules:
            yield Finding(
                "unknown-counting", path, Said("the period rule {name} is not known", {"name": name})
            )

    def calendar(self, path: str, name: str) -> Iterator[Finding]:
        calendar = (self.calendars or {}).get(name)
        if calendar is None:
            yield Finding("unknown-calendar", path, Said("the calendar {name} is not known", {"name": name}))
            return
        for _, runs in self.of(Runs):
            unknown = [year for year in _first_years(runs.term) if year not in calendar.years]
            if unknown:
                said = Said(
                    "the calendar {name} does not know all years of the first term", {"name": calendar.pinned}
                )
                yield Finding("calendar-years", path, said, {"year": unknown[0]})

    def names(self) -> Iterator[Finding]:
        keys = {one.key for one in self.agreement.provisions}
        for path, survival in self.of(SurvivalClause):
            for place, key in enumerate(survival.keys):
                if key not in keys:
                    said = Said("{key} is to survive, and no provision has that key", {"key": key})
                    yield Finding("unknown-survivor", f"{path}.keys[{place}]", said)
        for path, key in self.conditions():
            if key not in keys:
                said = Said("{key} is a condition, and no provision has that key", {"key": key})
                yield Finding("unknown-condition", path, said)
        if any(True for _ in self.of(TerritoryClause)):
            return
        for path, exclusive in self.of(ExclusivityClause):
            if not exclusive.codes:
                said = Said("exclusivity without a territory: nobody knows where")
                yield Finding("exclusive-nowhere", f"{path}.codes", said)

    def conditions(self) -> Iterator[tuple[str, str]]:
        for path, clause in self.of(ExclusivityClause):
            for place, key in enumerate(clause.conditions):
                yield f"{path}.conditions[{place}]", key
        for path, clause in self.of(Renews):
            if clause.renewal.condition is not None:
                yield f"{path}.renewal.condition", clause.renewal.condition

    def amounts(self) -> Iterator[Finding]:
        currencies = sorted({clause.currency for _, clause in self.of(PricesClause)})
        for path, minimum in self.of(MinimumClause):
            if minimum.amount is not None and currencies and minimum.amount.currency not in currencies:
                said = Said(
                    "the minimum is in {found}, and prices are in {prices}",
                    {"found": minimum.amount.currency, "prices": ", ".join(currencies)},
                )
                yield Finding("other-currency", f"{path}.amount", said)
        for path, liability in self.of(LiabilityClause):
            if liability.cap is not None and not liability.cap:
                yield Finding(
                    "cap-of-nothing",
                    f"{path}.cap",
                    Said("a cap of 0 leaves no liability at all; without a cap none is written"),
                )


def _first_years(clause: TermClause) -> range:
    """The years of the first term; of one without end, the year in which it begins."""
    try:
        last = Timetable(clause=clause).term(0).last_day or clause.start
    except PrmError:  # such as a day that its month does not have, where that is refused
        last = clause.start
    return range(clause.start.year, last.year + 1)


def _shared(one: Provision, other: Provision, document: Document | None) -> DateRange | None:
    """The days on which both hold, as far as is known; None = there are none."""
    of_document = DateRange(None if document is None else document.counts_from)
    first, second = (of_document if each.effective is None else each.effective for each in (one, other))
    return first.intersection(second)


def _stated_end(path: str, clause: TermClause) -> Iterator[Finding]:
    """A clause that says both "one year" and until which day, and means two days."""
    if clause.length is None or clause.last_day is None:
        return
    try:
        plain = TermClause(start=clause.start, length=clause.length, missing=clause.missing)
        computed = Timetable(clause=plain).term(0).last_day
    except PrmError:  # the length alone gives no term: there is nothing to compare with
        return
    if computed != clause.last_day:
        said = Said(
            "the day that is named is not the one that {length} give; it wins", {"length": str(clause.length)}
        )
        yield Finding(
            "stated-end-differs", f"{path}.last_day", said, {"stated": clause.last_day, "computed": computed}
        )


def _too_long(table: Timetable, notice: Length) -> tuple[int, datetime.date, datetime.date] | None:
    """The first term that the notice does not fit into: its number, its first day, the day to give notice by.

    Terms after the last length that is stated are alike.
    """
    last = len(table.renewal.lengths) + 1 if table.last_number is None else table.last_number
    for number in range(min(last, len(table.renewal.lengths) + 1) + 1):
        term = table.term(number)
        if term.end is None:
            return None
        by = _before(term.end, notice)
        if by is not None and by <= term.start:
            return number, term.start, by
    return None


def _before(end: datetime.date, notice: Length) -> datetime.date | None:
    """So long before; None for business days and hours, which no calendar is asked for here."""
    try:
        if notice.months is not None:
            return months_after(end, -notice.months)
        return None if notice.days is None else end - datetime.timedelta(days=notice.days)
    except (InvalidInput, OverflowError):  # before the year 1
        return datetime.date.min


_WRITTEN = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", re.ASCII)


def imported_date(written: str, order: Literal["day-first", "month-first"] | None = None) -> datetime.date:
    """A date as other systems write it: "2018-02-04", or "04/02/2018" with its order.

    Without an order a date that can be read in two ways is refused with both: `AmbiguousImport`.

    >>> imported_date("31/12/2018"), imported_date("04/02/2018", "day-first")
    (datetime.date(2018, 12, 31), datetime.date(2018, 2, 4))
    """
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written, re.ASCII):
        readings = [_date(*map(int, written.split("-")))]
    elif found := _WRITTEN.fullmatch(written):
        first, second, year = map(int, found.groups())
        both = {"day-first": _date(year, second, first), "month-first": _date(year, first, second)}
        readings = list(both.values()) if order is None else [both[order]]
    else:
        readings = []
    days = sorted({day for day in readings if day is not None})
    if len(days) > 1:
        raise AmbiguousImport(written, tuple(days))
    if not days:
        raise InvalidInput(f"found {written!r:.40}; accepted: a date such as '2018-02-04' or '04/02/2018'")
    return days[0]


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None
