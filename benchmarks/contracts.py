"""Schedules beside QuantLib, and the running term of a contract, young and old."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import QuantLib as ql
from timing import side_by_side

from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.values import BusinessCalendar, BusinessDayConvention, Length, Roll, Schedule

__all__ = ["timed"]

START = datetime.date(2024, 1, 31)
COUNT = 36
MONTHLY = Length.of("1 month")
HERE = BusinessCalendar(name="weekends", version="1", years=frozenset(range(1990, 2100)))
FOLLOWING = BusinessDayConvention.MODIFIED_FOLLOWING


def timed(rounds: int, seconds: float, show: Callable[..., None]) -> dict[str, float]:
    """Microseconds of each job, printed beside what it is measured against."""
    for words, ours, theirs in schedules():
        assert ours() == theirs(), words
    jobs: dict[str, Callable[[], object]] = {}
    for words, ours, theirs in schedules():
        jobs |= {f"{words}: prmcore": ours, f"{words}: QuantLib": theirs}
    found = side_by_side(jobs | terms(), rounds, seconds)
    print(f"\ncontracts: a schedule of {COUNT} dates, beside QuantLib's as Python dates")
    for words, _, _ in schedules():
        mine, other = found[f"{words}: prmcore"], found[f"{words}: QuantLib"]
        show(words, mine, "us", mine / other, "QuantLib", most=1)
    print("contracts: the term that runs")
    young = found["term: in its third"]
    for words in terms():
        show(words.partition(": ")[2], found[words], "us", found[words] / young, "young", most_value=3)
    return found


def schedules() -> list[
    tuple[str, Callable[[], tuple[datetime.date, ...]], Callable[[], tuple[datetime.date, ...]]]
]:
    anchored, ends = Schedule(anchor=START, step=MONTHLY), Roll.of("month end")
    month_ends = Schedule(anchor=START, step=MONTHLY, roll=ends)
    return [
        ("from an anchor", lambda: anchored.dates(0, COUNT), lambda: theirs(False, ql.NullCalendar(), ql.Unadjusted)),
        ("month ends", lambda: month_ends.dates(0, COUNT), lambda: theirs(True, ql.NullCalendar(), ql.Unadjusted)),
        (
            "moved to business days",
            lambda: anchored.dates(0, COUNT, calendar=HERE, convention=FOLLOWING),
            lambda: theirs(False, ql.WeekendsOnly(), ql.ModifiedFollowing),
        ),
    ]  # fmt: skip


LAST = Schedule(anchor=START, step=MONTHLY).date(COUNT - 1)
FIRST_QL, LAST_QL = (ql.Date(day.day, day.month, day.year) for day in (START, LAST))
MONTH_QL = ql.Period(1, ql.Months)


def theirs(month_ends: bool, calendar: object, convention: int) -> tuple[datetime.date, ...]:
    made = ql.Schedule(
        FIRST_QL, LAST_QL, MONTH_QL, calendar, convention, convention, ql.DateGeneration.Forward, month_ends
    )
    return tuple([day.to_date() for day in made])


def terms() -> dict[str, Callable[[], object]]:
    """From a day that each month has, and from the 31st, which takes longer."""
    renewal = RenewalClause(kind=RenewalKind.AUTOMATIC, lengths=(Length.of("1 month"),))
    plain, ends = (
        Timetable(
            clause=TermClause(start=datetime.date(2020, 3, day), length=Length.of("36 months")),
            renewal=renewal,
        )
        for day in (1, 31)
    )
    young, old = datetime.date(2023, 5, 15), datetime.date(2098, 5, 15)
    return {
        "term: in its third": lambda: plain.term_on(young),
        "term: in its nine hundredth": lambda: plain.term_on(old),
        "term: in its nine hundredth, from a 31st": lambda: ends.term_on(old),
    }
