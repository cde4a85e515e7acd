"""Hypothesis strategies for what is committed: obligations, minimums, and how they were kept, of agreements that live."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from hypothesis import strategies as st

from prmcore.contracts.agreements import MinimumClause, Shortfall, Yearly
from prmcore.contracts.obligations import (
    CommitmentPeriod,
    Commitments,
    Done,
    JudgedMinimum,
    Measured,
    MinimumFacts,
    Moment,
    Obligation,
    Occurrence,
    Stretch,
    Waiver,
    moments,
    occurrence_of,
)
from prmcore.contracts.terms import Timetable
from prmcore.testing._lifecycle import courses
from prmcore.values import DateRange, FiscalCalendar, Length, Money, Schedule, Text

__all__ = ["STRATEGIES", "commitments", "minimum_clauses", "obligations"]

Strategy = st.SearchStrategy

_DAY = datetime.timedelta(days=1)
_FIRST, _LAST = datetime.date(2024, 1, 1), datetime.date(2027, 12, 31)
_LENGTHS = ("0 days", "5 days", "2 weeks", "1 month")


def _lengths(*written: str) -> Strategy[Length]:
    return st.sampled_from(written).map(Length.of)


@st.composite
def obligations(draw: st.DrawFn, id: str = "o-1") -> Obligation:
    """Milestones, and schedules with and without an end."""
    day = draw(st.dates(_FIRST, _LAST))
    when: dict[str, Any] = {"on": day}
    if draw(st.booleans()):
        every = Schedule(anchor=day, step=draw(_lengths("1 week", "1 month", "3 months", "1 year")))
        end = draw(st.none() | st.integers(1, 900).map(lambda days: day + _DAY * days))
        when = {"every": every, "during": DateRange(None, end)}
    escalates = draw(st.booleans())
    return Obligation(
        id=id, agreement="a-1", what=Text.of("Sales report", ja="販売報告", zh="销售报告"), by="distributor",
        within=draw(st.none() | _lengths(*_LENGTHS)),
        before=tuple(draw(st.lists(_lengths("3 days", "1 week", "30 days", "1 month"), max_size=2, unique_by=str))),
        escalate_to="director" if escalates else None,
        escalate_after=draw(st.none() | _lengths(*_LENGTHS)) if escalates else None,
        survives=draw(st.booleans()), **when,
    )  # fmt: skip


@st.composite
def minimum_clauses(draw: st.DrawFn, kinds: Sequence[Shortfall] = tuple(Shortfall)) -> MinimumClause:
    """Amounts and counts, by each kind of year, with and without a cure."""
    shortfall = draw(st.sampled_from(kinds))
    is_amount = shortfall is Shortfall.PAY_DIFFERENCE or draw(st.booleans())
    number = draw(st.integers(1, 10**9))
    return MinimumClause(
        metric="purchases", amount=Money("JPY", number) if is_amount else None, count=None if is_amount else number,
        per=draw(st.sampled_from(Yearly)), shortfall=shortfall, cure=draw(st.none() | _lengths(*_LENGTHS)),
    )  # fmt: skip


@st.composite
def _done(draw: st.DrawFn, of: Obligation) -> Done:
    day = draw(st.sampled_from(list(islice(of.days_since(datetime.date.min), 12))))
    on = day + _DAY * draw(st.integers(-20, 60))
    at = datetime.datetime.combine(on, datetime.time(12), datetime.UTC)
    return Done(
        obligation=of.id, due=day, on=on, at=at, by="clerk", evidence=draw(st.none() | st.just("r-1"))
    )


@st.composite
def _measured(draw: st.DrawFn, clause: MinimumClause) -> Measured:
    year = draw(st.dates(_FIRST, _LAST))
    through = draw(st.sampled_from((datetime.date(year.year, 12, 31), year + _DAY * 40)))
    number = draw(st.integers(0, 10**9))
    return Measured(
        minimum="minimum", year=year, through=through, on=through + _DAY * draw(st.integers(0, 60)),
        amount=None if clause.amount is None else Money(clause.amount.currency, number),
        count=number if clause.amount is None else None,
    )  # fmt: skip


def _waivers() -> Strategy[Waiver]:
    return st.builds(
        Waiver, minimum=st.just("minimum"), year=st.dates(_FIRST, _LAST), on=st.dates(_FIRST, _LAST), by=st.just("legal"),
        reason=st.none() | st.just("a flood"),
    )  # fmt: skip


@st.composite
def commitments(draw: st.DrawFn) -> Commitments:
    """Of the agreement `a-1`: up to two obligations and a minimum, done and measured in part."""
    several = tuple(draw(obligations(f"o-{number}")) for number in range(draw(st.integers(0, 2))))
    done = [one for about in several for one in draw(st.lists(_done(about), max_size=3))]
    clause = draw(st.none() | minimum_clauses())
    return Commitments(
        obligations=several, done=tuple(done), minimums={} if clause is None else {"minimum": clause},
        measured=() if clause is None else tuple(draw(st.lists(_measured(clause), max_size=3))),
        waived=() if clause is None else tuple(draw(st.lists(_waivers(), max_size=1))),
        fiscal=FiscalCalendar(start_month=draw(st.integers(1, 12))),
    )  # fmt: skip


def _occurrences() -> Strategy[Occurrence]:
    def of(one: Obligation) -> Strategy[Occurrence]:
        due = next(one.days_since(datetime.date.min))
        return st.builds(
            occurrence_of,
            st.just(one),
            st.just(due),
            st.lists(_done(one), max_size=2),
            st.dates(_FIRST, _LAST),
        )

    return obligations().flatmap(of)


@st.composite
def _judged(draw: st.DrawFn) -> JudgedMinimum:
    clause = draw(minimum_clauses())
    found = Commitments(
        minimums={"minimum": clause}, measured=tuple(draw(st.lists(_measured(clause), max_size=3)))
    )
    table: Timetable = draw(courses()).timetable
    judged = found.judged("minimum", table, table.clause.start + _DAY * draw(st.integers(0, 900)))
    return judged[-1]


@st.composite
def _stretches(draw: st.DrawFn) -> Stretch:
    table = draw(courses()).timetable
    start = table.clause.start
    later = st.none() | st.integers(1, 900).map(lambda days: start + _DAY * days)
    return Stretch(timetable=table, first=start, stop=draw(later), ends=draw(later), known_on=draw(later))


def _moments() -> Strategy[Moment]:
    found = st.builds(
        lambda kept, stretch: list(islice(moments(kept, stretch), 3)), commitments(), _stretches()
    )
    return found.filter(bool).map(lambda several: several[0])


STRATEGIES: Mapping[type, Callable[[], Strategy[Any]]] = {
    CommitmentPeriod: lambda: _judged().map(lambda one: one.period),
    Commitments: commitments,
    Done: lambda: obligations().flatmap(_done),
    JudgedMinimum: _judged,
    Measured: lambda: minimum_clauses().flatmap(_measured),
    MinimumFacts: lambda: _judged().map(lambda one: one.decision.facts),
    Moment: _moments,
    Obligation: obligations,
    Occurrence: _occurrences,
    Stretch: _stretches,
    Waiver: _waivers,
}
