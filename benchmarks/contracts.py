"""Schedules beside QuantLib; and of many contracts the term that runs and the last day for a notice, beside a loop."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable

import attrs
import QuantLib as ql
from dateutil.relativedelta import relativedelta
from timing import side_by_side

from prmcore.contracts.notice import NoticeClause, receive_by
from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.values import BusinessCalendar, BusinessDayConvention, Length, Roll, Schedule, months_after

__all__ = ["timed"]

DAY = datetime.timedelta(days=1)
START = datetime.date(2024, 1, 31)
COUNT = 36
MONTHLY = Length.of("1 month")
HERE = BusinessCalendar(name="weekends", version="1", years=frozenset(range(1990, 2100)))
FOLLOWING = BusinessDayConvention.MODIFIED_FOLLOWING


def timed(rounds: int, seconds: float, show: Callable[..., None]) -> dict[str, float]:
    """Microseconds of each job, printed beside what it is measured against."""
    return beside_quantlib(rounds, seconds, show) | of_many(rounds, seconds, show)


def beside_quantlib(rounds: int, seconds: float, show: Callable[..., None]) -> dict[str, float]:
    jobs: dict[str, Callable[[], object]] = {}
    for words, ours, theirs in schedules():
        assert ours() == theirs(), words
        jobs |= {f"{words}: prmcore": ours, f"{words}: QuantLib": theirs}
    found = side_by_side(jobs, rounds, seconds)
    print(f"\ncontracts: a schedule of {COUNT} dates, beside QuantLib's as Python dates")
    for words, _, _ in schedules():
        mine, other = found[f"{words}: prmcore"], found[f"{words}: QuantLib"]
        show(words, mine, "us", mine / other, "QuantLib", most=1)
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


# the term that runs, the safe last day for a notice, and the last business day by then


MANY = 10_000
LOOPED = 40  # contracts that the loop is timed on: it is slow
TODAY = datetime.date(2026, 5, 20)
LENGTHS = ("1 month", "3 months", "6 months", "1 year", "1 year", "2 years", "30 days", "90 days", "4 weeks")
NOTICES = ("1 month", "3 months", "6 months", "30 days", "90 days", "2 weeks")
DAYS_OFF = ((1, 1), (4, 3), (4, 6), (5, 1), (5, 14), (5, 25), (10, 3), (12, 25), (12, 26))
YEARS = range(2020, 2040)
OFFICE = BusinessCalendar(
    name="office", version="1", years=frozenset(YEARS),
    holidays=[datetime.date(year, *day) for year in YEARS for day in DAYS_OFF],
)  # fmt: skip
CLOSED = frozenset(one.day for one in OFFICE.holidays)


@attrs.frozen
class Contract:
    timetable: Timetable
    notice: NoticeClause


def of_many(rounds: int, seconds: float, show: Callable[..., None]) -> dict[str, float]:
    """Of one contract, in passes over all; a plain loop is timed too, because it tells how quick the machine is just now."""
    young, old = drawn(2), drawn(300)
    for one in young[:LOOPED] + old[:LOOPED]:
        assert together(one) == looped(one), one
    ends = [(one.notice, _end(one)) for one in old]
    safe = [receive_by(*one) for one in ends]
    passes: dict[str, tuple[Callable[[], object], int]] = {
        "the three, 2 terms old": (lambda: [together(one) for one in young], MANY),
        "the three, 300 terms old": (lambda: [together(one) for one in old], MANY),
        "the term that runs": (lambda: [one.timetable.term_on(TODAY) for one in old], MANY),
        "the safe last day for a notice": (lambda: [receive_by(*one) for one in ends], MANY),
        "the last business day by then": (lambda: [OFFICE.on_or_before(day) for day in safe], MANY),
        "a loop with dateutil, 2 terms old": (lambda: [looped(one) for one in young[:LOOPED]], LOOPED),
        "a loop with dateutil, 300 terms old": (lambda: [looped(one) for one in old[:LOOPED]], LOOPED),
        "a sum of 100 squares, for comparison": (lambda: [squares() for _ in range(1000)], 1000),
    }
    timed = side_by_side({words: job for words, (job, _) in passes.items()}, rounds, seconds)
    found = {words: timed[words] / count for words, (_, count) in passes.items()}
    print(
        f"contracts: of one among {MANY:,}: the term that runs, the last day for a notice, as a business day"
    )
    base = found["the three, 2 terms old"]
    for words, time in found.items():
        if words.startswith("the three"):
            show(words, time, "us", time / base, "of the young", most=1.2, most_value=3)
        elif words.startswith("a loop"):
            ours = found[words.replace("a loop with dateutil", "the three")]
            show(words, time, "us", time / ours, "prmcore")
        else:
            show(words, time, "us")
    return found


def drawn(age: int, seed: int = 5) -> list[Contract]:
    """Contracts so many terms old, that renew by themselves: begun on each day of a month, of lengths that occur."""
    dice, found = random.Random(seed), []
    for number in range(MANY):
        length, notice = Length.of(dice.choice(LENGTHS)), Length.of(dice.choice(NOTICES))
        begun = TODAY.replace(day=1) - datetime.timedelta(days=dice.randrange(28))
        if length.months:
            begun = months_after(begun, -age * length.months)
        else:
            begun -= age * datetime.timedelta(days=length.days or 0)
        clause = TermClause(start=months_after(begun, 0, roll=Roll(day=number % 31 + 1)), length=length)
        timetable = Timetable(clause=clause, renewal=RenewalClause(kind=RenewalKind.AUTOMATIC))
        found.append(Contract(timetable, NoticeClause(notice=notice)))
    return found


def together(one: Contract) -> datetime.date:
    return OFFICE.on_or_before(receive_by(one.notice, _end(one)))


def _end(one: Contract) -> datetime.date:
    term = one.timetable.term_on(TODAY)
    assert term is not None
    assert term.end is not None
    return term.end


def looped(one: Contract) -> datetime.date:
    """As people write it: from the start, term after term, until today."""
    clause = one.timetable.clause
    step, before = _delta(clause.length), _delta(one.notice.notice)
    count, end = 1, clause.start + step
    while end <= TODAY:
        count += 1
        end = clause.start + step * count
    day = end - DAY - before - DAY
    while day.weekday() > 4 or day in CLOSED:
        day -= DAY
    return day


def _delta(length: Length | None) -> relativedelta:
    assert length is not None
    return relativedelta(months=length.months or 0, days=length.days or 0)


def squares() -> int:
    return sum([number * number for number in range(100)])
