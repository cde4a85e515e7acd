"""Schedules: dates one step apart. QuantLib and dateutil are the oracles; the rest is worked out by hand."""

import calendar as months
import datetime
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.testing import strategies
from prmcore.values import (
    AmbiguousDate,
    BusinessCalendar,
    BusinessDayConvention,
    Length,
    Missing,
    Roll,
    Schedule,
    Unit,
    months_after,
)

D = datetime.date
DAY = datetime.timedelta(days=1)
CYCLE = 146_097  # days of the 400 years after which the Gregorian calendar repeats
ANCHORS = st.one_of(strategies.dates(), st.dates(D(1970, 1, 1), D(2199, 12, 31)))


def month_ends(anchor: D) -> Schedule:
    return Schedule(anchor=anchor, step=Length.of("1 month"), roll=Roll.of("month end"))


def written(schedule: Schedule, count: int, first: int = 0) -> str:
    return " ".join(f"{day:%m-%d}" for day in schedule.dates(first, count))


# trap 1
def test_the_31st_comes_back_after_february() -> None:
    monthly = Schedule(anchor=D(2025, 1, 31), step=Length.of("1 month"))
    assert written(monthly, 6) == "01-31 02-28 03-31 04-30 05-31 06-30"


# trap 1
def test_the_leap_day_comes_back_after_four_years() -> None:
    yearly = Schedule(anchor=D(2024, 2, 29), step=Length.of("1 year"))
    assert [str(day) for day in yearly.dates(0, 5)] == [
        "2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29",
    ]  # fmt: skip


# trap 6: two intents that one start date cannot tell apart
def test_the_28th_of_february_is_each_28th_or_each_last_day_as_was_meant() -> None:
    anchored = Schedule(anchor=D(2025, 2, 28), step=Length.of("1 month"))
    assert written(anchored, 4) == "02-28 03-28 04-28 05-28"
    assert written(month_ends(D(2025, 2, 28)), 4) == "02-28 03-31 04-30 05-31"


@pytest.mark.parametrize(
    ("roll", "missing", "days"),
    [
        ("day 30", Missing.DOWN, "01-30 02-28 03-30 04-30"),
        ("day 30", Missing.UP, "01-30 03-01 03-30 04-30"),
        ("month end", Missing.UP, "01-31 02-28 03-31 04-30"),  # every month has an end: nothing to round
        ("1 day before month end", Missing.DOWN, "01-30 02-27 03-30 04-29"),
        ("27 days before month end", Missing.DOWN, "01-04 02-01 03-04 04-03"),
        ("2nd tuesday", Missing.DOWN, "01-14 02-11 03-11 04-08"),
        ("last friday", Missing.DOWN, "01-31 02-28 03-28 04-25"),
        ("5th friday", Missing.DOWN, "01-31 02-28 03-31 04-30"),  # only January has one
        ("5th friday", Missing.UP, "01-31 03-01 04-01 05-01"),
    ],
)
def test_a_roll_says_on_which_day_of_its_month_a_date_lies(roll: str, missing: Missing, days: str) -> None:
    monthly = Schedule(anchor=D(2025, 1, 15), step=Length.of("1 month"), roll=Roll.of(roll), missing=missing)
    assert written(monthly, 4) == days


def test_who_wants_to_decide_a_missing_day_gets_both() -> None:
    with pytest.raises(
        AmbiguousDate, match="2025-02-28 when rounded down, 2025-03-01 when rounded up"
    ) as caught:
        months_after(D(2025, 1, 31), 1, missing=Missing.REFUSE)
    assert (caught.value.earlier, caught.value.later) == (D(2025, 2, 28), D(2025, 3, 1))
    assert months_after(D(2025, 1, 28), 1, missing=Missing.REFUSE) == D(2025, 2, 28)


@given(ANCHORS, st.integers(-600, 600))
def test_dateutil_adds_months_alike(anchor: D, count: int) -> None:
    assert months_after(anchor, count) == anchor + relativedelta(months=count)


@given(strategies.schedules(), st.integers(-50, 60), st.integers(0, 60))
def test_the_number_at_a_day_is_that_of_the_last_date_on_or_before_it(
    schedule: Schedule, number: int, days: int
) -> None:
    assert schedule.number_at(schedule.date(number)) == number
    found = schedule.number_at(day := schedule.date(number) + DAY * days)
    assert schedule.date(found) <= day < schedule.date(found + 1)


@given(strategies.schedules(), st.integers(-30, 30))
def test_a_later_number_is_a_later_date(schedule: Schedule, first: int) -> None:
    assert all(one < other for one, other in pairwise(schedule.dates(first, 20)))


@given(strategies.schedules(), st.integers(-40, 40))
def test_four_hundred_years_later_every_date_is_a_cycle_later(schedule: Schedule, number: int) -> None:
    shifted = Schedule(
        anchor=schedule.anchor + DAY * CYCLE, step=schedule.step, roll=schedule.roll, missing=schedule.missing
    )
    assert (shifted.date(number) - schedule.date(number)).days == CYCLE


@given(ANCHORS, st.integers(1, 24), st.integers(-40, 40))
def test_a_sticky_month_end_is_always_the_last_day(anchor: D, step: int, number: int) -> None:
    found = Schedule(anchor=anchor, step=Length(step, Unit.MONTHS), roll=Roll.of("month end")).date(number)
    assert found.day == months.monthrange(found.year, found.month)[1]


@given(strategies.rolls())
def test_a_roll_is_read_as_it_is_written(roll: Roll) -> None:
    assert Roll.of(str(roll)) == roll


@pytest.mark.parametrize(
    "roll",
    [
        "",
        "Month end",
        "day 0",
        "day 32",
        "28 days before month end",
        "6th monday",
        "last day",
        "day 1\n",
        None,
    ],
)
def test_what_is_no_roll_is_refused(roll: str) -> None:
    with pytest.raises(InvalidInput, match="accepted"):
        Roll.of(roll)


@pytest.mark.parametrize("step", ["0 months", "3 hours", "3 business days", "0 days"])
def test_a_step_is_one_day_week_month_or_year_at_least(step: str) -> None:
    with pytest.raises(
        InvalidInput, match=f"found {step}; accepted: one day, week, month or year at least @ step"
    ):
        Schedule(anchor=D(2026, 1, 1), step=Length.of(step))


def test_a_roll_goes_with_months_and_years_only() -> None:
    with pytest.raises(
        InvalidInput, match="found month end for a step of 2 weeks; accepted: anchored @ roll"
    ):
        Schedule(anchor=D(2026, 1, 31), step=Length.of("2 weeks"), roll=Roll.of("month end"))


def test_dates_outside_of_all_years_are_refused() -> None:
    for step in ("1 year", "1 week"):
        with pytest.raises(InvalidInput, match="the years 1 to 9999"):
            Schedule(anchor=D(2026, 1, 1), step=Length.of(step)).date(500_000)


# trap 1, trap 12: a holiday moves what is shown, and nothing that comes after
@pytest.mark.parametrize(
    ("day", "months"), [(D(9999, 12, 1), 1), (D(1, 1, 31), -1), (D(2000, 1, 1), 12 * 8000)]
)
def test_no_month_is_counted_beyond_the_years_1_to_9999(day: D, months: int) -> None:
    with pytest.raises(InvalidInput, match="outside the years 1 to 9999"):
        months_after(day, months)
    assert months_after(D(9999, 11, 30), 1) == D(9999, 12, 30)
    assert months_after(D(1, 2, 28), -1) == D(1, 1, 28)


def test_a_holiday_moves_a_date_and_not_the_next_one() -> None:
    here = BusinessCalendar(name="here", version="1", years=frozenset({2026}), holidays=[D(2026, 5, 1)])
    monthly = Schedule(anchor=D(2026, 2, 1), step=Length.of("1 month"))  # a Sunday, as is 1 March
    shown = monthly.dates(0, 5, calendar=here, convention=BusinessDayConvention.FOLLOWING)
    assert [f"{day:%m-%d}" for day in shown] == ["02-02", "03-02", "04-01", "05-04", "06-01"]


QUANTLIB = {
    BusinessDayConvention.UNADJUSTED: "Unadjusted",
    BusinessDayConvention.FOLLOWING: "Following",
    BusinessDayConvention.MODIFIED_FOLLOWING: "ModifiedFollowing",
    BusinessDayConvention.PRECEDING: "Preceding",
    BusinessDayConvention.MODIFIED_PRECEDING: "ModifiedPreceding",
}


# trap 26: QuantLib moves month ends with the convention of a schedule; of 1.44, an unadjusted one keeps them
@given(
    st.dates(D(2001, 1, 1), D(2060, 12, 31)),
    st.integers(1, 12),
    st.booleans(),
    st.sampled_from(list(QUANTLIB)),
)
def test_quantlib_makes_the_same_schedule_of_36_dates_forward_and_backward(
    anchor: D, step: int, forward: bool, convention: BusinessDayConvention
) -> None:
    ql = pytest.importorskip("QuantLib")
    direction = 1 if forward else -1
    schedule = Schedule(anchor=anchor, step=Length(step, Unit.MONTHS))
    here = BusinessCalendar(name="weekends", version="1", years=frozenset(range(1950, 2100)))
    first, last = sorted((anchor, schedule.date(direction * 35)))
    rule = ql.DateGeneration.Forward if forward else ql.DateGeneration.Backward
    theirs = ql.Schedule(
        _date(ql, first), _date(ql, last), ql.Period(step, ql.Months), ql.WeekendsOnly(),
        getattr(ql, QUANTLIB[convention]), getattr(ql, QUANTLIB[convention]), rule, False,
    )  # fmt: skip
    ours = sorted(
        schedule.dates(direction * 35 if direction < 0 else 0, 36, calendar=here, convention=convention)
    )
    assert [day.to_date() for day in theirs] == ours


@given(st.dates(D(2001, 1, 1), D(2060, 12, 31)), st.integers(1, 12))
def test_quantlib_makes_the_same_month_ends(day: D, step: int) -> None:
    ql = pytest.importorskip("QuantLib")
    anchor = D(day.year, day.month, months.monthrange(day.year, day.month)[1])
    schedule = Schedule(anchor=anchor, step=Length(step, Unit.MONTHS), roll=Roll.of("month end"))
    theirs = ql.Schedule(
        _date(ql, anchor), _date(ql, schedule.date(35)), ql.Period(step, ql.Months), ql.NullCalendar(),
        ql.Unadjusted, ql.Unadjusted, ql.DateGeneration.Forward, True,
    )  # fmt: skip
    assert [day.to_date() for day in theirs] == list(schedule.dates(0, 36))


def _date(ql: object, day: D) -> object:
    return ql.Date(day.day, day.month, day.year)  # type: ignore[attr-defined]
