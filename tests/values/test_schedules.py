"""Schedules: dates one step apart. QuantLib and dateutil are the oracles; the rest is worked out by hand."""

import calendar as months
import datetime
from itertools import pairwise
from typing import Any

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
    moved_on,
)
from prmcore.values.schedules import ANCHORED

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


@pytest.mark.parametrize(
    ("day", "months"), [(D(9999, 12, 1), 1), (D(1, 1, 31), -1), (D(2000, 1, 1), 12 * 8000)]
)
def test_no_month_is_counted_beyond_the_years_1_to_9999(day: D, months: int) -> None:
    with pytest.raises(InvalidInput, match="outside the years 1 to 9999"):
        months_after(day, months)
    assert months_after(D(9999, 11, 30), 1) == D(9999, 12, 30)
    assert months_after(D(1, 2, 28), -1) == D(1, 1, 28)


# trap 1, trap 12: a holiday moves what is shown, and nothing that comes after
def test_a_holiday_moves_a_date_and_not_the_next_one() -> None:
    here = BusinessCalendar(name="here", version="1", years=frozenset({2026}), holidays=[D(2026, 5, 1)])
    monthly = Schedule(anchor=D(2026, 2, 1), step=Length.of("1 month"))  # a Sunday, as is 1 March
    shown = monthly.dates(0, 5, calendar=here, convention=BusinessDayConvention.FOLLOWING)
    assert [f"{day:%m-%d}" for day in shown] == ["02-02", "03-02", "04-01", "05-04", "06-01"]


def test_a_calendar_moves_no_date_that_is_unadjusted_and_a_convention_none_without_a_calendar() -> None:
    weekly = Schedule(anchor=D(2026, 2, 1), step=Length.of("1 week"))  # a Sunday
    weekends = BusinessCalendar(name="weekends", version="1", years=frozenset({2026}))
    assert weekly.dates(0, 2, calendar=weekends) == (D(2026, 2, 1), D(2026, 2, 8))
    assert weekly.dates(0, 2, convention=BusinessDayConvention.FOLLOWING) == (D(2026, 2, 1), D(2026, 2, 8))


@pytest.mark.parametrize("year", [2024, 2025])  # a leap year, and another one
def test_each_month_has_its_31st_as_its_last_day(year: int) -> None:
    for month in range(1, 13):
        first, last = D(year, month, 1), D(year, month, months.monthrange(year, month)[1])
        assert months_after(D(2023, 12, 31), (year - 2023) * 12 + month - 12) == last
        assert months_after(first, 0, roll=Roll(before_end=0)) == last
        assert months_after(last, 0, roll=Roll(day=1)) == first


NTH = ("1st", "2nd", "3rd", "4th", "5th", "last")


@pytest.mark.parametrize("month", [D(2026, 2, 1), D(2026, 5, 1), D(2027, 1, 1)])  # of 28 and 31 days
def test_each_weekday_of_a_month_is_found_where_a_wall_calendar_has_it(month: D) -> None:
    weeks = months.Calendar().monthdatescalendar(month.year, month.month)
    for weekday, name in enumerate(months.day_name):
        there = [week[weekday] for week in weeks if week[weekday].month == month.month]
        wanted = {**dict(zip(NTH, there, strict=False)), "last": there[-1]}
        for nth, day in wanted.items():
            assert months_after(month, 0, roll=Roll.of(f"{nth} {name.lower()}")) == day
        if len(there) == 4:
            with pytest.raises(AmbiguousDate):
                months_after(month, 0, roll=Roll.of(f"5th {name.lower()}"), missing=Missing.REFUSE)


@pytest.mark.parametrize("missing", [Missing.UP, Missing.REFUSE])
def test_no_day_is_rounded_up_beyond_the_last_of_all(missing: Missing) -> None:
    """31 December 9999 is a Friday: December has no fifth Monday."""
    fifth = Roll.of("5th monday")
    with pytest.raises(InvalidInput, match="the day after 9999-12-31 is outside the years 1 to 9999"):
        months_after(D(9999, 12, 1), 0, roll=fifth, missing=missing)
    assert months_after(D(9999, 12, 1), 0, roll=fifth) == D.max


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"day": 0}, ["found 0; accepted: 1 to 31 @ day"]),
        ({"day": 32}, ["found 32; accepted: 1 to 31 @ day"]),
        ({"day": True}, ["found True; accepted: 1 to 31 @ day"]),
        ({"day": 1.0}, ["found 1.0; accepted: 1 to 31 @ day"]),
        ({"before_end": -1}, ["found -1; accepted: 0 to 27 @ before_end"]),
        ({"before_end": 28}, ["found 28; accepted: 0 to 27 @ before_end"]),
        ({"nth": 0, "weekday": 1}, ["found 0; accepted: -1 to 5 @ nth"]),
        ({"nth": 6, "weekday": 1}, ["found 6; accepted: -1 to 5 @ nth"]),
        ({"nth": -2, "weekday": 1}, ["found -2; accepted: -1 to 5 @ nth"]),
        ({"nth": 1, "weekday": -1}, ["found -1; accepted: 0 to 6 @ weekday"]),
        ({"nth": 1, "weekday": 7}, ["found 7; accepted: 0 to 6 @ weekday"]),
        ({"nth": 1}, ["nth and weekday go together"]),
        ({"weekday": 0}, ["nth and weekday go together"]),
        (
            {"day": 1, "before_end": 0},
            ["found several ways; accepted: one of day, before_end, nth with weekday, or none"],
        ),
        (
            {"before_end": "0", "nth": 9},
            [
                "found '0'; accepted: 0 to 27 @ before_end", "found 9; accepted: -1 to 5 @ nth",
                "nth and weekday go together",
                "found several ways; accepted: one of day, before_end, nth with weekday, or none",
            ],
        ),
    ],
)  # fmt: skip
def test_a_roll_that_is_no_day_of_a_month_is_refused(given: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        Roll(**given)
    assert caught.value.title == "the roll cannot be used"
    assert [str(fault) for fault in caught.value.faults] == faults


@pytest.mark.parametrize(
    ("roll", "written"),
    [
        (Roll(), "anchored"),
        (Roll(day=1), "day 1"),
        (Roll(day=31), "day 31"),
        (Roll(before_end=0), "month end"),
        (Roll(before_end=1), "1 day before month end"),
        (Roll(before_end=2), "2 days before month end"),
        (Roll(before_end=27), "27 days before month end"),
        (Roll(nth=1, weekday=0), "1st monday"),
        (Roll(nth=5, weekday=6), "5th sunday"),
        (Roll(nth=-1, weekday=4), "last friday"),
    ],
)
def test_a_roll_is_written_as_people_say_it(roll: Roll, written: str) -> None:
    assert str(roll) == written
    assert Roll.of(written) == roll


# the words of files and of stored agreements
def test_what_becomes_of_a_missing_day_is_one_of_three_words() -> None:
    assert {Missing("down"), Missing("up"), Missing("refuse")} == set(Missing)


EASTER = BusinessCalendar(
    name="here", version="1", years=frozenset({2026}), holidays=[D(2026, 4, 3), D(2026, 4, 6)]
)


@pytest.mark.parametrize(
    ("day", "length", "back", "moved"),
    [
        (D(2026, 3, 31), None, False, D(2026, 3, 31)),
        (D(2026, 3, 31), "0 days", False, D(2026, 3, 31)),
        (D(2026, 3, 31), "0 business days", False, D(2026, 3, 31)),  # nothing to count, so no calendar
        (D(2026, 3, 31), "1 month", False, D(2026, 4, 30)),
        (D(2026, 3, 31), "1 month", True, D(2026, 2, 28)),
        (D(2024, 2, 29), "2 years", False, D(2026, 2, 28)),
        (D(2026, 3, 31), "10 days", False, D(2026, 4, 10)),
        (D(2026, 3, 31), "10 days", True, D(2026, 3, 21)),
        (D(2026, 3, 31), "2 weeks", False, D(2026, 4, 14)),
    ],
)
def test_a_day_is_moved_by_a_length(day: D, length: str | None, back: bool, moved: D) -> None:
    given = None if length is None else Length.of(length)
    assert moved_on(day, given, back=back) == moved_on(day, given, EASTER, back=back) == moved
    if not back:
        assert moved_on(day, given) == moved


# Thursday 2 April and Tuesday 7 April are next to each other: Good Friday, a weekend and Easter Monday lie between
def test_business_days_are_counted_by_a_calendar_and_hours_move_no_day() -> None:
    one = Length.of("1 business day")
    assert moved_on(D(2026, 4, 2), one, EASTER) == D(2026, 4, 7)
    assert moved_on(D(2026, 4, 7), one, EASTER, back=True) == D(2026, 4, 2)
    with pytest.raises(
        InvalidInput, match=r"^calendar: found none; accepted: a business calendar, to count 1 business day$"
    ):
        moved_on(D(2026, 4, 2), one)
    with pytest.raises(
        InvalidInput, match=r"^found 3 hours; accepted: days, business days, weeks, months or years$"
    ):
        moved_on(D(2026, 4, 2), Length.of("3 hours"), EASTER)


def test_all_that_is_wrong_with_a_schedule_is_said_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        Schedule(anchor=datetime.datetime(2026, 1, 1), step=Length.of("0 days"), roll=Roll(day=1))
    assert caught.value.title == "the schedule cannot be used"
    assert [fault.path for fault in caught.value.faults] == ["anchor", "step", "roll"]
    with pytest.raises(InvalidInput, match=r"the day: found .*; accepted: a date without a time @ anchor"):
        Schedule(anchor=datetime.datetime(2026, 1, 1), step=Length.of("1 day"))


def test_a_schedule_shows_what_it_was_made_of_and_nothing_else() -> None:
    monthly = Schedule(anchor=D(2026, 1, 31), step=Length.of("1 month"))
    assert repr(monthly) == (
        f"Schedule(anchor={D(2026, 1, 31)!r}, step={Length.of('1 month')!r}, roll={ANCHORED!r}, "
        f"missing={Missing.DOWN!r})"
    )


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
