"""Hypothesis strategies for the terms of contracts: those that begin on the 29th, 30th and 31st more often than others."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from prmcore.contracts.terms import (
    CaughtUp,
    Chain,
    Compounding,
    CoTerm,
    DayCount,
    EndConvention,
    Extends,
    IndexValue,
    ProratedLine,
    Proration,
    Renewal,
    RenewalClause,
    RenewalFacts,
    RenewalKind,
    RenewalTaken,
    RenewalWishes,
    Suspension,
    Term,
    TermClause,
    Timetable,
    UpliftClause,
    Uplifted,
    caught_up,
    co_termed,
    periods_of,
    prorated,
    renewals_until,
    uplifted,
)
from prmcore.errors import InvalidInput
from prmcore.values import DateRange, Length, Missing, Money, Rate, Roll, Schedule

__all__ = [
    "STRATEGIES", "caught_ups", "co_terms", "index_values", "prorations", "renewal_clauses", "renewal_wishes", "renewals",
    "starts", "term_clauses", "timetables", "uplift_clauses", "uplifts",
]  # fmt: skip

Strategy = st.SearchStrategy

_DAY = datetime.timedelta(days=1)
_STARTS = tuple(
    map(datetime.date, (2024, 2023, 2024, 2025, 2025, 2026), (2, 2, 1, 12, 8, 4), (29, 28, 31, 31, 30, 1))
)
_MONTHS = ("1 month", "2 months", "3 months", "6 months", "1 year", "36 months", "4 years")
_DAYS = ("1 day", "30 days", "2 weeks")


def starts() -> Strategy[datetime.date]:
    return st.one_of(
        st.sampled_from(_STARTS), st.dates(datetime.date(2019, 1, 1), datetime.date(2031, 12, 31))
    )


def term_clauses() -> Strategy[TermClause]:
    """Every kind; a day that a month does not have is rounded, never refused."""
    return st.builds(
        _clause,
        starts(),
        st.sampled_from((*_MONTHS, *_DAYS)),
        st.integers(0, 9),
        st.booleans(),
        st.integers(0, 800),
    )


def _clause(start: datetime.date, length: str, kind: int, is_up: bool, days: int) -> TermClause:
    one = Length.of(length)
    missing = Missing.UP if is_up else Missing.DOWN
    if kind == 0:
        return TermClause(start=start)
    if kind < 3:
        return TermClause(start=start, length=one, last_day=start + _DAY * days, missing=missing)
    if kind < 5:
        return TermClause(start=start, length=one, ends=EndConvention.ANNIVERSARY, missing=missing)
    if kind == 5 and one.months:
        return TermClause(start=start, length=one, ends=EndConvention.ANNIVERSARY, roll=Roll(before_end=0))
    return TermClause(start=start, length=one, missing=missing)


def renewal_clauses() -> Strategy[RenewalClause]:
    without = st.sampled_from((RenewalKind.FIXED, RenewalKind.EVERGREEN)).map(
        lambda kind: RenewalClause(kind=kind)
    )
    lengths = st.lists(st.sampled_from((*_MONTHS, *_DAYS)).map(Length.of), max_size=3).map(tuple)
    further = st.builds(
        RenewalClause, kind=st.sampled_from((RenewalKind.AUTOMATIC, RenewalKind.OPT_IN)), lengths=lengths,
        at_most=st.none() | st.integers(1, 6), chain=st.sampled_from(Chain),
        by=st.sampled_from(((), ("vendor",), ("vendor", "partner"))), condition=st.none() | st.just("minimum-2026"),
    )  # fmt: skip
    return st.one_of(further, further, further, without)


def timetables(*, suspended: bool = False) -> Strategy[Timetable]:
    """Timetables of every kind that there can be; with some days on which the contract rests when asked for."""
    plain: Strategy[Any] = st.tuples(term_clauses(), renewal_clauses()).map(_timetable).filter(bool)
    if not suspended:
        return plain
    rests = st.lists(st.tuples(st.integers(0, 900), st.integers(1, 40), st.sampled_from(Extends)), max_size=3)
    found: Strategy[Any] = st.tuples(plain, rests).map(_with_rests).filter(bool)
    return found


def _timetable(clauses: tuple[TermClause, RenewalClause]) -> Timetable | None:
    try:
        return Timetable(clause=clauses[0], renewal=clauses[1])
    except InvalidInput:
        return None


def _with_rests(drawn: tuple[Timetable, list[tuple[int, int, Extends]]]) -> Timetable | None:
    table, rests = drawn
    begun = [(table.clause.start + _DAY * after, days, extends) for after, days, extends in rests]
    suspensions = [
        Suspension(period=DateRange(day, day + _DAY * days), extends=extends) for day, days, extends in begun
    ]
    try:
        return Timetable(clause=table.clause, renewal=table.renewal, suspensions=suspensions)
    except InvalidInput:
        return None


def renewals() -> Strategy[tuple[Renewal, ...]]:
    """What the calendar makes of a timetable in its first years; one event at least."""
    return timetables().map(_renewals).filter(bool)


def _renewals(table: Timetable) -> tuple[Renewal, ...]:
    until = _midnight(table.clause.start + _DAY * 100)
    return renewals_until("A-1", table, until, deadline=lambda end: end - _DAY * 31, zone="Asia/Tokyo")


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def caught_ups() -> Strategy[CaughtUp]:
    """Renewals that were stopped, agreed on or neither; one event at least."""
    return st.tuples(timetables(), renewal_wishes()).map(_caught_up).filter(lambda found: bool(found.taken))


def _caught_up(drawn: tuple[Timetable, RenewalWishes]) -> CaughtUp:
    table, wishes = drawn
    return caught_up(
        (), "A-1", table, _midnight(table.clause.start + _DAY * 100), zone="Asia/Tokyo",
        deadline=lambda end: end - _DAY * 31, wishes=lambda renewal: wishes,
    )  # fmt: skip


def renewal_wishes() -> Strategy[RenewalWishes]:
    known = st.sampled_from((None, False, True))
    return st.builds(RenewalWishes, is_stopped=known, is_agreed=known, condition_met=known)


def prorations() -> Strategy[Proration]:
    """Of some days, at a price for each month."""
    return st.builds(
        _prorated,
        starts(),
        st.integers(0, 400),
        st.integers(1, 400),
        st.integers(-500, 10**6),
        st.sampled_from(DayCount),
    )


def _prorated(anchor: datetime.date, after: int, days: int, minor: int, day_count: DayCount) -> Proration:
    part = DateRange(anchor + _DAY * after, anchor + _DAY * (after + days))
    months = periods_of(Schedule(anchor=anchor, step=Length.of("1 month")), part)
    return prorated(Money("EUR", minor), part, months, rounding="ROUND_HALF_EVEN", day_count=day_count)


def co_terms() -> Strategy[CoTerm]:
    return st.tuples(timetables(), st.none() | st.just(Length.of("1 month"))).map(
        lambda drawn: co_termed(drawn[0].clause.start, drawn[0], least=drawn[1])
    )


def index_values() -> Strategy[IndexValue]:
    return st.builds(
        IndexValue, st.just("2026-01"), st.integers(1, 2000).map(lambda tenths: Decimal(tenths).scaleb(-1))
    )


def uplift_clauses() -> Strategy[UpliftClause]:
    """By an index or by a rate, with or without a cap; no price falls."""
    common: dict[str, Any] = {
        "cap": st.sampled_from((None, Rate.percent("5"))), "floor": st.just(Rate.percent("0")),
        "step": st.sampled_from((None, Money("EUR", 500))), "compounding": st.sampled_from(Compounding),
    }  # fmt: skip
    by_rate = st.builds(UpliftClause, rate=st.integers(-3, 9).map(Rate.percent), **common)
    by_index = st.builds(
        UpliftClause,
        index=st.just("CPI"),
        base=index_values(),
        ratio_digits=st.none() | st.integers(1, 6),
        **common,
    )
    return st.one_of(by_rate, by_index)


def uplifts() -> Strategy[Uplifted]:
    return st.builds(
        lambda clause, minor, seen: uplifted(clause, Money("EUR", minor), observed=seen if clause.index else None),
        uplift_clauses(), st.integers(0, 10**9), index_values(),
    )  # fmt: skip


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    CaughtUp: caught_ups,
    CoTerm: co_terms,
    IndexValue: index_values,
    ProratedLine: lambda: prorations().map(lambda one: one.lines[0]),
    Proration: prorations,
    Renewal: lambda: renewals().map(lambda several: several[-1]),
    RenewalClause: renewal_clauses,
    RenewalFacts: lambda: caught_ups().map(lambda found: found.taken[0].decision.facts),
    RenewalTaken: lambda: caught_ups().map(lambda found: found.taken[-1]),
    RenewalWishes: renewal_wishes,
    Suspension: lambda: st.builds(
        lambda day, days, extends: Suspension(period=DateRange(day, day + _DAY * days), extends=extends),
        starts(), st.integers(1, 40), st.sampled_from(Extends),
    ),
    Term: lambda: timetables().map(lambda table: table.term(0)),
    TermClause: term_clauses,
    Timetable: lambda: timetables(suspended=True),
    UpliftClause: uplift_clauses,
    Uplifted: uplifts,
}  # fmt: skip
