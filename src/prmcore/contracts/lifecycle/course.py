"""From the paper to its course: which terms run, and what stops the next one, as the provisions have it day by day.

An amendment changes what comes; a term that is over stays as it was. So a course is made from one day to the next on which
the paper changes, each from the one before. Read `courses` first.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import attrs

from prmcore.contracts.agreements import (
    Agreement,
    AgreementTerms,
    LawClause,
    MinimumClause,
    PointOutcome,
    Renews,
    Runs,
    SuspensionClause,
    resolved,
)
from prmcore.contracts.lifecycle.standing import Course
from prmcore.contracts.notice import NoticeClause
from prmcore.contracts.periods import PERIOD_RULES
from prmcore.contracts.terms import Extends, RenewalClause, RenewalKind, Term, TermClause, Timetable
from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.values import BusinessCalendar, Length, checked_date, checked_instant

__all__ = ["course_on", "courses", "paper_days"]

_NO_RENEWAL = RenewalClause()
_NO_CALENDARS: Mapping[str, BusinessCalendar] = {}


def paper_days(agreement: Agreement, known: datetime.datetime) -> tuple[datetime.date, ...]:
    """The days on which what the paper says may change, as far as it was known at an instant; the first is its first day."""
    at = checked_instant(known, "known")
    documents = {one.id: one for one in agreement.documents if one.known_since <= at}
    days = {one.counts_from for one in documents.values()}
    for one in agreement.provisions:
        if one.document in documents and one.effective is not None:
            days |= {one.effective.start, one.effective.end}
    return tuple(sorted(day for day in days if day is not None))


def courses(
    agreement: Agreement,
    known: datetime.datetime,
    calendars: Mapping[str, BusinessCalendar] = _NO_CALENDARS,
) -> tuple[tuple[datetime.date, Course], ...]:
    """Each course with the day from which it holds; none of a draft, and of paper that says nothing of a term.

    Another renewal clause is for what comes after the term that runs; how many renewals there may be counts from the first.
    Another term clause is that of the term that runs, and begins with it. Refused, all at once: provisions of which nothing
    says which holds, an amendment that would change terms that are over, a calendar that is not known.
    """
    faults = Faults(f"the agreement {agreement.id!r} cannot be followed")
    found: list[tuple[datetime.date, Course]] = []
    before: _Said | None = None
    for day in paper_days(agreement, known):
        with faults.within(f"on {day}"):
            said = _said(resolved(agreement, day, known), calendars)
            if said is None or said == before:
                continue
            made = _begun(agreement, said) if before is None else _amended(found[-1][1], before, said, day)
            before = said
            found.append((day, made))
    faults.raise_if_any()
    return tuple(found)


def course_on(
    agreement: Agreement,
    on: datetime.date,
    known: datetime.datetime,
    calendars: Mapping[str, BusinessCalendar] = _NO_CALENDARS,
) -> Course | None:
    """The course that holds on a day; before the paper counts the first that comes, and None where there is none."""
    checked_date(on, "on")
    found = courses(agreement, known, calendars)
    return next((course for day, course in reversed(found) if day <= on), found[0][1] if found else None)


@attrs.frozen(kw_only=True)
class _Said:
    """What the paper says on a day, of all that a course is made of."""

    term: TermClause
    renewal: RenewalClause
    notices: tuple[NoticeClause, ...]
    calendar: BusinessCalendar | None
    counting: str | None
    extends: Extends
    minimums: Mapping[str, MinimumClause]


_FOLLOWED = frozenset({Runs, Renews, NoticeClause, LawClause, MinimumClause, SuspensionClause})


def _said(terms: AgreementTerms, calendars: Mapping[str, BusinessCalendar]) -> _Said | None:
    faults = Faults("the paper cannot be followed")
    for point in terms.points:
        kinds = {type(one.clause) for one in point.candidates}
        if point.outcome is PointOutcome.AMBIGUOUS and kinds & _FOLLOWED:
            where = " and ".join(one.where for one in point.candidates)
            faults.add(f"{where} differ, and nothing says which holds", point.key)
    runs, renews = _only(faults, terms, Runs), _only(faults, terms, Renews)
    law, rests = _only(faults, terms, LawClause), _only(faults, terms, SuspensionClause)
    named, counting = (None, None) if law is None else (law.calendar, law.counting)
    if counting is not None and counting not in PERIOD_RULES:
        faults.add(unknown_name("period rule", counting, PERIOD_RULES), "counting")
    if named is not None and named not in calendars:
        faults.add(unknown_name("calendar", named, calendars), "calendar")
    faults.raise_if_any()
    if runs is None:
        return None
    return _Said(
        term=runs.term,
        renewal=_NO_RENEWAL if renews is None else renews.renewal,
        notices=tuple(_counted(one, counting) for one in terms.clauses(NoticeClause).values()),
        calendar=None if named is None else calendars[named],
        counting=counting,
        extends=Extends.NOTHING if rests is None else rests.extends,
        minimums=terms.clauses(MinimumClause),
    )


def _counted(clause: NoticeClause, counting: str | None) -> NoticeClause:
    """The clause with the rule by which the whole paper counts, unless it names one itself."""
    return clause if counting is None or clause.rule is not None else attrs.evolve(clause, rule=counting)


def _only(faults: Faults, terms: AgreementTerms, kind: type[Any]) -> Any:
    found = terms.clauses(kind)
    if len(found) > 1:
        faults.add(f"found several that hold at once; accepted: one {kind.__name__} clause", ", ".join(found))
    return next(iter(found.values()), None)


def _begun(agreement: Agreement, said: _Said) -> Course:
    return Course(
        agreement=agreement.id,
        timetable=Timetable(clause=said.term, renewal=said.renewal),
        notices=said.notices,
        calendar=said.calendar,
        counting=said.counting,
        extends=said.extends,
        minimums=said.minimums,
        signed_on=agreement.signed_on,
        since=said.term.start,
    )


def _amended(course: Course, before: _Said, said: _Said, day: datetime.date) -> Course:
    """The course from a day on, on which the paper says something else than before."""
    table = course.timetable
    running = table.term(0) if day < table.clause.start else table.term_on(day)
    changed: dict[str, Any] = {
        name: getattr(said, name) for name in ("notices", "calendar", "counting", "extends", "minimums")
    }
    if (said.term, said.renewal) == (before.term, before.renewal):
        return attrs.evolve(course, **changed)
    if running is None:
        raise InvalidInput("found other terms, after the last one was over; accepted: a new agreement")
    number = course.numbered_from + running.number
    if running.end is None and said.term == before.term and said.renewal.kind is not before.renewal.kind:
        raise InvalidInput(
            f"found {said.renewal.kind.value} after a term without end; accepted with it: a term from {running.start} on that "
            "has one"
        )
    renewal = said.renewal
    if said.term != before.term:
        if day >= table.clause.start and said.term.start != running.start:
            raise InvalidInput(
                f"found a term from {said.term.start} on; accepted: from {running.start} on, as the one that runs"
            )
        if renewal == before.renewal and renewal.has_terms:
            renewal = attrs.evolve(renewal, lengths=_lengths_after(table, running.number, said.term))
        table = Timetable(clause=said.term, renewal=_left(renewal, number))
        changed |= {"timetable": table, "numbered_from": number}
    elif renewal.kind is RenewalKind.EVERGREEN and running.number and running.end is not None:
        changed |= {"timetable": _endless(running, renewal), "numbered_from": number}
    else:
        changed |= {"timetable": _continued(table, running.number, _left(renewal, course.numbered_from))}
    by_itself = 0 if "numbered_from" in changed else running.number
    return attrs.evolve(course, came_by_itself=by_itself, **changed)


def _left(renewal: RenewalClause, past: int) -> RenewalClause:
    """The renewal after so many, which count among those that there may be."""
    if renewal.at_most is None:
        return renewal
    return attrs.evolve(renewal, at_most=renewal.at_most - past) if past < renewal.at_most else _NO_RENEWAL


def _lengths_after(table: Timetable, number: int, term: TermClause) -> tuple[Length, ...]:
    """The lengths of the terms that follow on a number, where another clause is for that one."""
    lengths = table.renewal.lengths
    if not lengths and term.length is None and table.clause.length is not None:
        return (table.clause.length,)
    return lengths[number:] or lengths[-1:]


def _endless(running: Term, renewal: RenewalClause) -> Timetable:
    return Timetable(clause=TermClause(start=running.start, last_day=running.last_day), renewal=renewal)


def _continued(table: Timetable, number: int, renewal: RenewalClause) -> Timetable:
    """The same terms up to a number, and others after it; all still lie on the grid of the first day."""
    if not number or not table.renewal.has_terms:
        return attrs.evolve(table, renewal=renewal)
    first = () if table.clause.length is None else (table.clause.length,)
    given = table.renewal.lengths or first
    past = [given[min(place, len(given) - 1)] for place in range(number)]
    if not renewal.has_terms:  # with the term that runs it is over
        renewal = RenewalClause(kind=RenewalKind.AUTOMATIC, at_most=number, chain=table.renewal.chain)
        return attrs.evolve(table, renewal=attrs.evolve(renewal, lengths=tuple(past)))
    most = None if renewal.at_most is None else max(renewal.at_most, number)
    lengths = (*past, *(renewal.lengths or first))
    return attrs.evolve(table, renewal=attrs.evolve(renewal, lengths=lengths, at_most=most))
