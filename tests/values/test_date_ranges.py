"""Periods of days, half-open."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.values import DateRange, checked_date

D = datetime.date
FIRST = D(2026, 1, 1)
DAYS = [FIRST + datetime.timedelta(days=number) for number in range(12)]
EDGES = st.one_of(st.none(), st.sampled_from(DAYS))
RANGES = st.builds(
    lambda edges: DateRange(*edges),
    st.tuples(EDGES, EDGES).filter(lambda edges: not edges[0] or not edges[1] or edges[0] < edges[1]),
)


def test_the_end_is_the_first_day_outside() -> None:
    quarter = DateRange.of_days(D(2026, 1, 1), D(2026, 3, 31))
    assert quarter == DateRange(D(2026, 1, 1), D(2026, 4, 1))
    assert D(2026, 3, 31) in quarter
    assert D(2026, 4, 1) not in quarter
    assert (quarter.days, quarter.last_day) == (31 + 28 + 31, D(2026, 3, 31))


@pytest.mark.parametrize(
    ("period", "written"),
    [
        (DateRange(FIRST, D(2026, 4, 1)), "2026-01-01 to 2026-03-31"),
        (DateRange(FIRST), "2026-01-01 on"),
        (DateRange(None, D(2026, 4, 1)), "ever to 2026-03-31"),
        (DateRange(), "ever on"),
    ],
)
def test_a_period_reads_with_both_days_inside(period: DateRange, written: str) -> None:
    assert str(period) == written


@pytest.mark.parametrize("start", [FIRST, D(2026, 1, 2)])
def test_a_period_without_a_day_is_refused(start: datetime.date) -> None:
    with pytest.raises(InvalidInput, match="the period ends on 2026-01-01, not after it starts"):
        DateRange(start, FIRST)


@pytest.mark.parametrize("day", [datetime.datetime(2026, 1, 1), "2026-01-01", 5])
def test_a_day_is_a_date_without_a_time(day: Any) -> None:
    for make in (DateRange, lambda end: DateRange(None, end), lambda last: DateRange.of_days(FIRST, last)):
        with pytest.raises(InvalidInput, match="accepted: a date without a time"):
            make(day)


def test_a_day_with_a_time_is_refused_by_its_name() -> None:
    time: Any = datetime.datetime(2026, 1, 1)
    for make, name in (
        (DateRange, "start"),
        (lambda day: DateRange(None, day), "end"),
        (lambda day: DateRange.of_days(FIRST, day), "last"),
        (checked_date, "the day"),
    ):
        with pytest.raises(
            InvalidInput, match=f"^{name}: found datetime.*; accepted: a date without a time$"
        ):
            make(time)


def test_periods_that_only_touch_have_no_day_in_common() -> None:
    january, february = DateRange(FIRST, D(2026, 2, 1)), DateRange(D(2026, 2, 1), D(2026, 3, 1))
    assert january.intersection(february) is None
    assert not january.overlaps(february)
    assert january.intersection(DateRange(D(2026, 1, 31))) == DateRange(D(2026, 1, 31), D(2026, 2, 1))
    assert DateRange().intersection(DateRange()) == DateRange()


def test_the_last_day_of_all_has_no_day_after_it() -> None:
    with pytest.raises(InvalidInput, match="a period without an end has None as its end"):
        DateRange.of_days(FIRST, D.max)


def test_what_has_no_end_has_no_last_day_and_no_number_of_days() -> None:
    for ask in (
        lambda: DateRange(FIRST).days,
        lambda: DateRange(None, FIRST).days,
        lambda: DateRange(FIRST).last_day,
    ):
        with pytest.raises(InvalidInput, match="has no"):
            ask()


@given(RANGES, RANGES)
def test_an_intersection_holds_the_days_of_both(one: DateRange, other: DateRange) -> None:
    both = one.intersection(other)
    around = [FIRST - datetime.timedelta(days=1), *DAYS, DAYS[-1] + datetime.timedelta(days=1)]
    for day in around:
        assert (day in one and day in other) == (both is not None and day in both)
    assert one.overlaps(other) == other.overlaps(one) == any(day in one and day in other for day in around)


@given(RANGES)
def test_a_bounded_period_counts_its_days(period: DateRange) -> None:
    if period.start is not None and period.end is not None:
        assert (
            period.days
            == sum(day in period for day in DAYS)
            == len({*DAYS} & {d for d in DAYS if d in period})
        )
        assert period.last_day in period
