"""Lint: what looks wrong with an agreement before anybody relies on it, each finding with the days that show it."""

from __future__ import annotations

import datetime
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
from prmcore.contracts.notice import EffectiveOn, NoticeClause, Reading, notice_deadline, receive_by
from prmcore.contracts.periods import PERIOD_RULES, FirstDay, PeriodRule, Rolls, counted
from prmcore.contracts.periods.said import said_of_length
from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.decisions.explain import Said
from prmcore.decisions.lint import Finding
from prmcore.errors import InvalidInput, PrmError
from prmcore.values import BusinessCalendar, DateRange, Unit

__all__ = ["Severity", "lint_agreement", "severity_of"]

Severity: TypeAlias = Literal["error", "warning"]

_WARNINGS = frozenset(
    {
        "no-law",
        "no-zone",
        "endless-renewal",
        "class-without-document",
        "cap-of-nothing",
        "stated-end-differs",
        "term-not-as-counted",
    }
)


def severity_of(finding: Finding) -> Severity:
    """`error` when something computed from the agreement would be wrong or missing, `warning` when it looks unintended."""
    return "warning" if finding.code in _WARNINGS else "error"


def lint_agreement(
    agreement: Agreement,
    *,
    counting_rules: Iterable[str] | None = None,
    calendars: Mapping[str, BusinessCalendar] | None = None,
    zone: str | None = None,
) -> tuple[Finding, ...]:
    """All that looks wrong with an agreement's papers; an empty tuple is a good sign, not a legal opinion.

    `counting_rules` are the ids of the period rules that there are, `calendars` the calendars by name; what is not given is
    not checked. `zone` is in whose days it is read where its paper names none; None = nobody said.

    Codes: `no-document`, `overlap`, `notice-not-below-term`, `window-before-start`, `ends-before-start`,
    `no-term`, `endless-renewal`, `stated-end-differs`, `term-not-as-counted`, `no-law`, `no-zone`, `no-calendar`, `unknown-counting`, `unknown-calendar`, `calendar-years`,
    `class-without-document`, `unknown-survivor`, `unknown-condition`, `other-currency`, `exclusive-nowhere`,
    `cap-of-nothing`.
    """
    rules = None if counting_rules is None else frozenset(counting_rules)
    return tuple(_Linter(agreement, rules, calendars, zone).findings())


@attrs.frozen
class _Linter:
    agreement: Agreement
    rules: frozenset[str] | None
    calendars: Mapping[str, BusinessCalendar] | None
    zone: str | None

    def findings(self) -> Iterator[Finding]:
        yield from self.papers()
        yield from self.overlaps()
        yield from self.terms()
        yield from self.no_term()
        yield from self.endless()
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
            for _, law in self.of(LawClause):
                yield from _counted_otherwise(f"{path}.term", clause, PERIOD_RULES.get(law.counting or ""))
            if clause.last_day is not None and begins is not None and clause.last_day < begins:
                said = Said("the term ends before the agreement takes effect")
                witness = {"last_day": clause.last_day, "effective_from": begins}
                yield Finding("ends-before-start", f"{path}.term.last_day", said, witness)
            for renewal in renewals:
                with suppress(PrmError):  # what no timetable can be made of, the program says when it is read
                    yield from self.notices(Timetable(clause=clause, renewal=renewal))

    def no_term(self) -> Iterator[Finding]:
        if not any(True for _ in self.of(Runs)):
            first = self.agreement.documents[0]
            day = first.counts_from or first.effective_from
            said = Said("no provision says from which day to which it runs: it cannot be kept")
            yield Finding("no-term", "provisions", said, {"takes_effect": day} if day else None)

    def endless(self) -> Iterator[Finding]:
        """Renewals that go on until somebody stops them, where no provision lets anybody."""
        if any(True for kind in (NoticeClause, ConvenienceClause) for _ in self.of(kind)):
            return
        begun = next((runs.term for _, runs in self.of(Runs)), None)
        for path, clause in self.of(Renews):
            renewal: RenewalClause = clause.renewal
            if begun is None or renewal.kind is not RenewalKind.AUTOMATIC or renewal.condition is not None:
                continue
            with suppress(PrmError):  # what no timetable can be made of, the program says when it is read
                table = Timetable(clause=begun, renewal=renewal)
                if table.end is None:
                    last_day, renewed_to = table.term(0).last_day, table.term(1).last_day
                    said = Said(
                        "it renews itself, first to {day}, and then without end: no provision lets anybody stop it",
                        {"day": renewed_to},
                    )
                    witness = {"last_day": last_day, "renewed_to": renewed_to}
                    yield Finding("endless-renewal", f"{path}.renewal", said, witness)

    def notices(self, table: Timetable) -> Iterator[Finding]:
        """Notices that do not fit into a term, the later ones too: they had to be given before it began."""
        terms = _unlike_terms(table)
        for path, clause in self.counted_back():
            for number, start, end in terms:
                by = _safe_day(clause, end, self.own_calendar)
                if by is not None and by < start:
                    said = Said(
                        "a notice of {notice} does not fit into term {number}",
                        {"notice": said_of_length(clause.notice), "number": number},
                    )
                    yield Finding(
                        "notice-not-below-term", path, said, {"notice_by": by, "term_starts": start}
                    )
                    break
        for path, clause in self.of(NoticeClause):
            for number, start, end in terms:
                opens = _opens(clause, end, self.own_calendar)
                if opens is not None and opens < start:
                    said = Said(
                        "the window for a notice opens before term {number} begins", {"number": number}
                    )
                    witness = {"opens": opens, "term_starts": start}
                    yield Finding("window-before-start", f"{path}.opens", said, witness)
                    break

    def counted_back(self) -> Iterator[tuple[str, NoticeClause]]:
        """Each length of notice, as a clause by which it is counted back from the end of a term."""
        for path, clause in self.of(NoticeClause):
            yield f"{path}.notice", clause
        for path, clause in self.of(ConvenienceClause):
            for place, stage in enumerate(clause.stages):
                if stage.notice.count and stage.notice.unit is not Unit.HOURS:
                    own = NoticeClause(notice=stage.notice, reading=Reading.EXCLUSIVE_END)
                    yield f"{path}.stages[{place}].notice", own

    @property
    def own_calendar(self) -> BusinessCalendar | None:
        """That of the law clause, where it is known."""
        named = (clause.calendar for _, clause in self.of(LawClause))
        return next(
            (self.calendars[name] for name in named if self.calendars and name in self.calendars), None
        )

    def law(self) -> Iterator[Finding]:
        laws = list(self.of(LawClause))
        if not laws:
            yield Finding(
                "no-law",
                "provisions",
                Said("no provision names the governing law: no period can be counted by it"),
            )
        for path, clause in laws:
            if clause.zone is None and self.zone is None:
                said = Said("no time zone is named: a deadline has a day, and no instant")
                yield Finding("no-zone", f"{path}.zone", said)
            yield from self.counting(f"{path}.counting", clause.counting)
            if self.calendars is not None and clause.calendar is not None:
                yield from self.calendar(f"{path}.calendar", clause.calendar)

        for path, notice in self.of(NoticeClause):
            yield from self.counting(f"{path}.rule", notice.rule)
            if self.calendars is not None and self.own_calendar is None and _asks_for_calendar(notice):
                said = Said("the notice is counted by business days, and no calendar is named")
                yield Finding("no-calendar", f"{path}.notice", said)

    def counting(self, path: str, name: str | None) -> Iterator[Finding]:
        if self.rules is not None and name is not None and name not in self.rules:
            known = {"name": name, "known": ", ".join(sorted(self.rules))}
            said = Said("the period rule {name} is not known; there are: {known}", known)
            yield Finding("unknown-counting", path, said)

    def calendar(self, path: str, name: str) -> Iterator[Finding]:
        calendar = (self.calendars or {}).get(name)
        if calendar is None:
            known = {"name": name, "known": ", ".join(sorted(self.calendars or ())) or "-"}
            said = Said("the calendar {name} is not known; there are: {known}", known)
            yield Finding("unknown-calendar", path, said)
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


def _counted_otherwise(path: str, clause: TermClause, rule: PeriodRule | None) -> Iterator[Finding]:
    """A first term from a 31st, say, that ends on another day than the rule of the contract's law has it.

    Asked only of rules by which a first day can count, and never of a day that the contract names.
    """
    if (
        rule is None
        or rule.first_day is FirstDay.EXCLUDED
        or clause.length is None
        or clause.last_day is not None
    ):
        return
    still = attrs.evolve(rule, rolls=Rolls.NEVER, no_end_on=frozenset())  # what ends a contract is no act
    try:
        computed = Timetable(clause=clause).term(0).last_day
        by_rule = counted(still, clause.start, clause.length, from_midnight=True).unmoved
    except PrmError:  # the length alone gives no term: there is nothing to compare with
        return
    if computed != by_rule:
        said = Said("the first term ends on another day than {rule} has it", {"rule": rule.id})
        yield Finding("term-not-as-counted", path, said, {"computed": computed, "counted": by_rule})


def _unlike_terms(table: Timetable) -> list[tuple[int, datetime.date, datetime.date]]:
    """The terms to be looked at: number, first day, first day after. Those after the last length that is stated are alike."""
    last = len(table.renewal.lengths) + 1
    if table.last_number is not None:
        last = min(last, table.last_number)
    terms = [table.term(number) for number in range(last + 1)]
    return [(one.number, one.start, one.end) for one in terms if one.end is not None]


def _safe_day(
    clause: NoticeClause, end: datetime.date, calendar: BusinessCalendar | None
) -> datetime.date | None:
    """The safe last day; by no rule where its own cannot be asked, None where no calendar says."""
    for one in (clause, attrs.evolve(clause, rule=None)):
        with suppress(InvalidInput):
            return receive_by(one, end, calendar)
    return None if clause.notice.unit is Unit.BUSINESS_DAYS else datetime.date.min  # before the year 1


def _opens(
    clause: NoticeClause, end: datetime.date, calendar: BusinessCalendar | None
) -> datetime.date | None:
    """The first day of the window by the reading that has it last; None = there is no window, or no calendar says."""
    if clause.opens is None:
        return None
    plain = attrs.evolve(clause, channels=(), effective_on=EffectiveOn.RECEIPT)
    for one in (plain, attrs.evolve(plain, rule=None)):
        with suppress(InvalidInput):
            return notice_deadline(one, end, zone="UTC", calendar=calendar).opens
    return None


def _asks_for_calendar(clause: NoticeClause) -> bool:
    """Whether it cannot be counted without one; what rules that are not shipped ask for is not known here."""
    if clause.rule is not None and clause.rule not in PERIOD_RULES:
        return clause.notice.unit is Unit.BUSINESS_DAYS
    try:
        receive_by(clause, datetime.date(9000, 1, 1))
    except InvalidInput:
        return True
    return False
