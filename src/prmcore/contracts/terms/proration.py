"""Prices of parts: what a part of a period costs, an amount spread over periods, and an agreement that ends with another.

Shares are exact fractions, money is rounded once, and what is shown line by line adds up to it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from enum import StrEnum
from fractions import Fraction

import attrs

from prmcore.contracts.terms.model import Term, TermClause
from prmcore.contracts.terms.timetable import Timetable
from prmcore.errors import Faults, InvalidInput
from prmcore.values import DateRange, Length, Money, Schedule, checked_date, months_after

__all__ = [
    "CoTerm", "DayCount", "ProratedLine", "Proration", "Started", "co_termed", "periods_of", "prorated", "share_of",
    "spread", "units_of",
]  # fmt: skip


class DayCount(StrEnum):
    """How long days are against each other. By each of them parts that make a period add up to it."""

    ACTUAL = "actual"  # a day of a period of 31 is 1/31, of one of 365 is 1/365
    CALENDAR_MONTHS = (
        "calendar-months"  # months are as long as each other: a day of June is 1/30 of one, of July 1/31
    )
    THIRTY_360 = (
        "30E/360"  # months of 30 days (ISDA definitions 2006, 4.16(g)): of 31 days one counts for nothing
    )


class Started(StrEnum):
    """What counts of a unit that has begun and is not over; a text that does not say so is read both ways."""

    WHOLE = "whole"  # "any part of a day is a full day"
    PART = "part"
    NOTHING = "nothing"  # "for each full day"


@attrs.frozen(kw_only=True)
class ProratedLine:
    """One period: the days of it that count, and what they come to."""

    period: DateRange
    part: DateRange
    share: Fraction  # of a proration the share of the period, of a spread amount the share of the amount
    amount: Money


@attrs.frozen(kw_only=True)
class Proration:
    """What some days cost at a price for each whole period."""

    price: Money
    day_count: DayCount
    lines: tuple[ProratedLine, ...]  # their amounts add up to the amount
    amount: Money

    @property
    def share(self) -> Fraction:
        """How many periods the days are."""
        return sum((line.share for line in self.lines), Fraction(0))


def share_of(part: DateRange, period: DateRange, day_count: DayCount = DayCount.ACTUAL) -> Fraction:
    """Which share of a period lies in a part: 0 to 1, and no more where the part goes on after it.

    >>> share_of(DateRange.of_days(datetime.date(2026, 4, 16), datetime.date(2026, 5, 3)),
    ...          DateRange.of_days(datetime.date(2026, 4, 1), datetime.date(2026, 4, 30)))
    Fraction(1, 2)
    """
    inside, whole = part.intersection(period), _measured(period, day_count)
    if not whole:
        raise InvalidInput(f"{period} has no day by {day_count.value}")
    return _measured(inside, day_count) / whole if inside is not None else Fraction(0)


def prorated(
    price: Money,
    part: DateRange,
    periods: Iterable[DateRange],
    *,
    rounding: str,
    day_count: DayCount = DayCount.ACTUAL,
) -> Proration:
    """What a part costs at a price for each period: of each its own share, and the sum rounded once.

    The periods follow on each other and cover the part; others among them cost nothing. `rounding` is one of `decimal`.
    """
    touched = _covering(part, periods)
    shares = {place: share_of(inside, period, day_count) for place, (period, inside) in enumerate(touched)}
    amount = price.times(sum(shares.values(), Fraction(0)), rounding=rounding)
    amounts = amount.allocate(shares) if any(shares.values()) else dict.fromkeys(shares, amount)
    return Proration(price=price, day_count=day_count, lines=_lines(touched, shares, amounts), amount=amount)


def spread(
    amount: Money, part: DateRange, periods: Iterable[DateRange], *, day_count: DayCount = DayCount.ACTUAL
) -> tuple[ProratedLine, ...]:
    """An amount for a part, spread over the periods that it touches by the days in them; the lines add up to it."""
    touched = _covering(part, periods)
    weights = {place: _measured(inside, day_count) for place, (_, inside) in enumerate(touched)}
    whole = sum(weights.values(), Fraction(0))
    if not whole:
        raise InvalidInput(f"{part} has no day by {day_count.value}")
    shares = {place: weight / whole for place, weight in weights.items()}
    return _lines(touched, shares, amount.allocate(shares))


def _lines(
    touched: list[tuple[DateRange, DateRange]], shares: dict[int, Fraction], amounts: dict[int, Money]
) -> tuple[ProratedLine, ...]:
    return tuple(
        ProratedLine(period=period, part=inside, share=shares[place], amount=amounts[place])
        for place, (period, inside) in enumerate(touched)
    )


def _covering(part: DateRange, periods: Iterable[DateRange]) -> list[tuple[DateRange, DateRange]]:
    """The periods that a part touches, each with the days of it, in their order; a day in none or in two is refused."""
    _bounded(part, "part")
    inside = [(one, found) for one in periods if (found := one.intersection(part)) is not None]
    inside.sort(key=lambda pair: pair[1].start or datetime.date.min)
    faults = Faults("the periods cannot be used")
    expected = part.start
    for period, found in inside:
        with faults.within(str(period)):
            _bounded(period, "period")
        if found.start != expected:
            faults.add(f"found {found.start} as the next day in them; accepted: {expected}")
        expected = found.end
    if expected != part.end:
        faults.add(f"found no period of {expected}; accepted: periods that cover {part}")
    faults.raise_if_any()
    return inside


def _bounded(period: DateRange, what: str) -> None:
    if period.start is None or period.end is None:
        raise InvalidInput(f"{what}: found {period}; accepted: a first and a last day")


def _measured(period: DateRange, day_count: DayCount) -> Fraction:
    _bounded(period, "period")
    if day_count is DayCount.ACTUAL:
        return Fraction(period.days)
    start, end = period.start, period.end
    assert start is not None
    assert end is not None
    if day_count is DayCount.THIRTY_360:
        months = (end.year - start.year) * 12 + end.month - start.month
        return Fraction(30 * months + min(end.day, 30) - min(start.day, 30))
    return _calendar_months(end) - _calendar_months(start)


def _calendar_months(day: datetime.date) -> Fraction:
    """The months before a day, counted from the year 0: those that are over, and the share of its own."""
    first = day.replace(day=1)
    days = (months_after(first, 1) - first).days if (day.year, day.month) != (9999, 12) else 31
    return day.year * 12 + day.month - 1 + Fraction(day.day - 1, days)


def periods_of(schedule: Schedule, part: DateRange) -> tuple[DateRange, ...]:
    """The whole periods between the dates of a schedule that a part touches: its billing months, say."""
    _bounded(part, "part")
    return tuple(_periods(schedule, part))


def _periods(schedule: Schedule, part: DateRange) -> Iterator[DateRange]:
    assert part.start is not None
    assert part.end is not None
    number = schedule.number_at(part.start)
    start = schedule.date(number)
    while start < part.end:
        number += 1
        end = schedule.date(number)
        yield DateRange(start, end)
        start = end


def units_of(time: datetime.timedelta, unit: datetime.timedelta, started: Started) -> Fraction:
    """How many units a time is; what a unit counts that has begun is for the contract to say.

    >>> delay = datetime.timedelta(days=5, hours=18)
    >>> [units_of(delay, datetime.timedelta(days=1), one) for one in (Started.WHOLE, Started.PART, Started.NOTHING)]
    [Fraction(6, 1), Fraction(23, 4), Fraction(5, 1)]
    """
    if unit <= datetime.timedelta():
        raise InvalidInput(f"unit: found {unit}; accepted: more than nothing")
    if time < datetime.timedelta():
        raise InvalidInput(f"time: found {time}; accepted: nothing or more")
    tick = datetime.timedelta(microseconds=1)
    exact = Fraction(time // tick, unit // tick)
    if started is Started.WHOLE:
        return Fraction(exact.__ceil__())
    return Fraction(exact.__floor__()) if started is Started.NOTHING else exact


@attrs.frozen(kw_only=True)
class CoTerm:
    """The first term of an agreement that is added to a main one, and ends with it."""

    start: datetime.date
    terms: tuple[Term, ...]  # of the main agreement: the one that runs, and where that is too short the next

    @property
    def period(self) -> DateRange:
        return DateRange(self.start, self.terms[-1].end)

    @property
    def clause(self) -> TermClause:
        """The term clause of the added agreement: its last day is stated."""
        return TermClause(start=self.start, last_day=self.terms[-1].last_day)

    def prorated(self, price: Money, *, rounding: str, day_count: DayCount = DayCount.ACTUAL) -> Proration:
        """What it costs at the price of a whole term of the main agreement."""
        return prorated(
            price, self.period, [one.period for one in self.terms], rounding=rounding, day_count=day_count
        )


def co_termed(start: datetime.date, main: Timetable, *, least: Length | None = None) -> CoTerm:
    """An agreement that is added on a day, aligned with the end of the main agreement's term.

    When less than `least` is left of that term it runs on to the end of the next one, if there is one. Its later terms are
    those of the main agreement: align it again when they begin, so that a 31st is not lost on the way.
    """
    running = main.term_on(checked_date(start, "start"))
    if running is None:
        raise InvalidInput(f"start: found {start}; accepted: a day in a term of the main agreement")
    has_next = running.end is not None and (main.last_number is None or running.number < main.last_number)
    if (
        least is None
        or not has_next
        or running.end is None
        or running.end >= Schedule(anchor=start, step=least).date(1)
    ):
        return CoTerm(start=start, terms=(running,))
    return CoTerm(start=start, terms=(running, main.term(running.number + 1)))
