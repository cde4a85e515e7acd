"""The years of a minimum commitment, and how much each of them asks for.

A year that the agreement holds for in part asks for its share, by days. Shares are rounded as a running total: the amount for
the first days of a year is rounded half up, and a part has what the total grows by. So the parts of a year add up to its
minimum, whoever cuts it where, and none is above it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import ROUND_HALF_UP
from fractions import Fraction
from itertools import count

import attrs

from prmcore.contracts.agreements import MinimumClause, Yearly
from prmcore.contracts.terms import EndConvention, TermClause, Timetable
from prmcore.errors import InvalidInput
from prmcore.values import (
    BusinessCalendar,
    DateRange,
    FiscalCalendar,
    Length,
    Missing,
    Money,
    Roll,
    Schedule,
    checked_date,
    months_after,
    moved_on,
)
from prmcore.values.money import rounded

__all__ = ["CommitmentPeriod", "commitment_periods"]

_DAY = datetime.timedelta(days=1)
_YEAR = Length.of("1 year")
_CALENDAR_YEARS = FiscalCalendar()
_ANCHORED = Roll()


@attrs.frozen(kw_only=True)
class CommitmentPeriod:
    """One year of a minimum, as far as the agreement holds in it."""

    minimum: str  # its key in the paper
    number: int  # 0 = the first
    period: DateRange  # the days that count
    year: DateRange  # the whole year that they are in
    asked: Money | int  # for these days
    cure_ends: (
        datetime.date
    )  # the first day on which nothing can be made up for any more; without a cure that after the period

    @property
    def share(self) -> Fraction:
        """Which part of the year it is: never more than the whole."""
        return Fraction(self.period.days, self.year.days)

    @property
    def end(self) -> datetime.date:
        """The first day after."""
        assert self.period.end is not None
        return self.period.end


def commitment_periods(
    minimum: str,
    clause: MinimumClause,
    timetable: Timetable,
    *,
    fiscal: FiscalCalendar = _CALENDAR_YEARS,
    since: datetime.date | None = None,
    ends: datetime.date | None = None,
    calendar: BusinessCalendar | None = None,
) -> Iterator[CommitmentPeriod]:
    """The years of a minimum, from the first day of the agreement until its end; where it has none they go on for ever.

    `since` is the first day where an amendment began the terms anew; None = the timetable has it. `ends` is the first day
    on which the agreement is over; None = nothing is known of an end. A year of the term runs from the first day to its
    anniversary, across renewals, and begins anew after a last day that the contract names. `calendar` is asked for where
    the cure is of business days.
    """
    start = timetable.clause.start if since is None else checked_date(since, "since")
    for number, (part, year) in enumerate(_years(clause.per, timetable, fiscal, start)):
        assert part.start is not None
        if ends is not None and part.start >= ends:
            return
        period = part.intersection(DateRange(None, ends)) or part
        yield _period(minimum, number, clause, period, year, calendar)


def _period(
    minimum: str, number: int, clause: MinimumClause, period: DateRange, year: DateRange,
    calendar: BusinessCalendar | None,
) -> CommitmentPeriod:  # fmt: skip
    assert period.end is not None
    cure = period.end
    if clause.cure is not None and clause.cure.count:
        by_days = clause.cure.months is None and clause.cure.days is None
        cure = (
            moved_on(period.last_day, clause.cure, calendar) + _DAY
            if by_days
            else moved_on(cure, clause.cure)
        )
    return CommitmentPeriod(
        minimum=minimum, number=number, period=period, year=year, cure_ends=cure,
        asked=_asked(clause, period, year),
    )  # fmt: skip


def _asked(clause: MinimumClause, period: DateRange, year: DateRange) -> Money | int:
    """What the running total of a whole year's amount grows by in a period."""
    whole = clause.count if clause.amount is None else clause.amount.minor
    assert whole is not None
    assert year.start is not None
    assert period.start is not None
    before = (period.start - year.start).days
    until = [
        rounded(Fraction(whole * days, year.days), ROUND_HALF_UP) for days in (before, before + period.days)
    ]
    part = until[1] - until[0]
    return part if clause.amount is None else Money(clause.amount.currency, part)


def _years(
    per: Yearly, timetable: Timetable, fiscal: FiscalCalendar, start: datetime.date
) -> Iterator[tuple[DateRange, DateRange]]:
    """The part that counts and the whole year, from the one that a day is in, up to where the calendar ends."""
    try:
        if per is Yearly.TERM:
            yield from _years_of_term(timetable.clause, start)
        else:
            yield from _fiscal_years(fiscal if per is Yearly.FISCAL else _CALENDAR_YEARS, start)
    except InvalidInput:  # outside the years 1 to 9999
        return


def _fiscal_years(fiscal: FiscalCalendar, start: datetime.date) -> Iterator[tuple[DateRange, DateRange]]:
    day: datetime.date | None = start
    while day is not None:
        year = fiscal.year(day).range
        yield DateRange(max(day, start), year.end), year
        day = year.end


def _years_of_term(clause: TermClause, start: datetime.date) -> Iterator[tuple[DateRange, DateRange]]:
    named = clause.last_day + _DAY if clause.last_day is not None and clause.last_day >= start else None
    first = start
    for end in _anniversaries(clause, start):
        year = DateRange(first, end)
        if named is not None and named <= end:
            yield DateRange(first, named), year
            break
        yield year, year
        first = end
    if named is not None:
        first = named
        for end in _anniversaries(clause, named):
            yield DateRange(first, end), DateRange(first, end)
            first = end


def _anniversaries(clause: TermClause, start: datetime.date) -> Iterator[datetime.date]:
    """The first days of all years but the first; where the first day of a term does not count, neither does that of a year."""
    shift = _DAY if clause.ends is EndConvention.ANNIVERSARY else _DAY * 0
    rolled = months_after(start, 0, roll=clause.roll, missing=Missing.DOWN)
    roll = clause.roll if rolled == start else _ANCHORED  # an odd first term begins off the roll
    every = Schedule(anchor=start, step=_YEAR, roll=roll, missing=clause.missing)
    for number in count(1):
        yield every.date(number) + shift
