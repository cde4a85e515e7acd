"""Windows: which days a figure looks back on."""

import datetime
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.values import (
    DateRange,
    FiscalCalendar,
    Lifetime,
    RollingDays,
    RollingMonths,
    TrailingQuarters,
    Window,
    YearToDate,
    year_before,
)

D = datetime.date
DAY = datetime.timedelta(days=1)
PLAIN, JAPAN = FiscalCalendar(), FiscalCalendar(start_month=4)
CALENDARS = st.builds(FiscalCalendar, st.integers(1, 12))
SOME_DAYS = st.dates(D(1999, 1, 1), D(2035, 12, 31))
WINDOWS: st.SearchStrategy[Window] = st.one_of(
    st.builds(RollingMonths, st.integers(1, 36), st.booleans()),
    st.builds(RollingDays, st.integers(1, 800)),
    st.builds(TrailingQuarters, st.integers(1, 12), st.booleans()),
    st.just(YearToDate()),
)


@pytest.mark.parametrize(
    ("window", "calendar", "as_of", "days"),
    [
        # Microsoft's partner capability score: the current month and the five before it
        (RollingMonths(6, aligned=True), PLAIN, D(2024, 8, 15), "2024-03-01 to 2024-08-15"),
        (RollingMonths(6, aligned=True), PLAIN, D(2024, 8, 31), "2024-03-01 to 2024-08-31"),
        (RollingMonths(1, aligned=True), PLAIN, D(2024, 8, 1), "2024-08-01 to 2024-08-01"),
        (RollingMonths(12), PLAIN, D(2026, 3, 31), "2025-04-01 to 2026-03-31"),
        (
            RollingMonths(12),
            PLAIN,
            D(2024, 2, 28),
            "2023-02-28 to 2024-02-28",
        ),  # the 29th of 2023 is its last day
        (RollingMonths(1), PLAIN, D(2026, 3, 30), "2026-02-28 to 2026-03-30"),
        (RollingDays(1), PLAIN, D(2026, 3, 31), "2026-03-31 to 2026-03-31"),
        (RollingDays(90), PLAIN, D(2026, 3, 31), "2026-01-01 to 2026-03-31"),  # 31 + 28 + 31
        (
            TrailingQuarters(4),
            PLAIN,
            D(2026, 3, 31),
            "2025-04-01 to 2026-03-31",
        ),  # its last day: it has ended
        (TrailingQuarters(4), PLAIN, D(2026, 3, 30), "2025-01-01 to 2025-12-31"),
        (TrailingQuarters(1), JAPAN, D(2026, 5, 10), "2026-01-01 to 2026-03-31"),
        (TrailingQuarters(2, complete=False), PLAIN, D(2026, 5, 10), "2026-01-01 to 2026-05-10"),
        (TrailingQuarters(1, complete=False), FiscalCalendar(2), D(2026, 1, 31), "2025-11-01 to 2026-01-31"),
        (YearToDate(), PLAIN, D(2026, 3, 31), "2026-01-01 to 2026-03-31"),
        (YearToDate(), JAPAN, D(2026, 3, 31), "2025-04-01 to 2026-03-31"),
        (YearToDate(), JAPAN, D(2026, 4, 1), "2026-04-01 to 2026-04-01"),
        (Lifetime(), PLAIN, D(2026, 3, 31), "ever to 2026-03-31"),
    ],
)
def test_a_window_looks_back_from_the_day_it_is_asked_for(
    window: Window, calendar: FiscalCalendar, as_of: D, days: str
) -> None:
    assert str(window.on(as_of, calendar)) == days


@given(WINDOWS, CALENDARS, SOME_DAYS)
def test_no_window_looks_ahead(window: Window, calendar: FiscalCalendar, as_of: D) -> None:
    days = window.on(as_of, calendar)
    assert days.end is not None
    assert days.last_day <= as_of
    if not (isinstance(window, TrailingQuarters) and window.complete):
        assert as_of == days.last_day


@given(st.integers(1, 36), SOME_DAYS)
def test_rolling_months_are_counted_from_the_day_as_dateutil_counts_them(months: int, as_of: D) -> None:
    assert RollingMonths(months).on(as_of, PLAIN).start == as_of + DAY - relativedelta(months=months)
    aligned = RollingMonths(months, aligned=True).on(as_of, PLAIN)
    assert aligned.start == as_of - relativedelta(months=months - 1, day=1)


@given(st.integers(1, 800), SOME_DAYS)
def test_rolling_days_are_as_many_as_asked_for(days: int, as_of: D) -> None:
    assert RollingDays(days).on(as_of, PLAIN).days == days


@given(st.integers(1, 12), CALENDARS, SOME_DAYS)
def test_trailing_quarters_are_the_last_that_have_ended(
    count: int, calendar: FiscalCalendar, as_of: D
) -> None:
    window = TrailingQuarters(count).on(as_of, calendar)
    quarters = calendar.periods("quarter", window)
    assert len(quarters) == count
    assert (quarters[0].range.start, quarters[-1].range.end) == (window.start, window.end)
    following = calendar.quarter(window.last_day + DAY)
    assert following.range.last_day > as_of >= window.last_day


@given(st.integers(1, 12), CALENDARS, SOME_DAYS)
def test_running_quarters_end_on_the_day(count: int, calendar: FiscalCalendar, as_of: D) -> None:
    window = TrailingQuarters(count, complete=False).on(as_of, calendar)
    assert len(calendar.periods("quarter", window)) == count
    assert window.start == calendar.quarter(window.start or as_of).range.start


@pytest.mark.parametrize(
    ("window", "calendar", "as_of", "days"),
    [
        (RollingMonths(12), PLAIN, D(2026, 3, 31), "2024-04-01 to 2025-03-31"),
        (YearToDate(), JAPAN, D(2026, 2, 10), "2024-04-01 to 2025-02-10"),
        (RollingDays(1), PLAIN, D(2024, 2, 29), "2023-02-28 to 2023-02-28"),
        (RollingDays(1), PLAIN, D(2024, 2, 28), "2023-02-28 to 2023-02-28"),
        # the last day of February stays the last day: a quarter that has ended had ended a year before, too
        (TrailingQuarters(1), FiscalCalendar(3), D(2025, 2, 28), "2023-12-01 to 2024-02-29"),
        (RollingMonths(12, aligned=True), PLAIN, D(2025, 2, 28), "2023-03-01 to 2024-02-29"),
        # the last but one day of February has not ended a quarter, nor had it a year before
        (TrailingQuarters(4), FiscalCalendar(3), D(2000, 2, 28), "1997-12-01 to 1998-11-30"),
    ],
)
def test_a_year_before_the_window_was_the_same(
    window: Window, calendar: FiscalCalendar, as_of: D, days: str
) -> None:
    assert str(year_before(window, as_of, calendar)) == days


@given(CALENDARS, SOME_DAYS)
def test_four_quarters_and_those_a_year_before_leave_no_day_out(calendar: FiscalCalendar, as_of: D) -> None:
    window = TrailingQuarters(4)
    before = year_before(window, as_of, calendar)
    assert before.end == window.on(as_of, calendar).start


@pytest.mark.parametrize("count", [0, -1, 10_001, True, 1.5, "6", None])
def test_a_window_is_of_a_whole_positive_number(count: Any) -> None:
    for window in (RollingMonths, RollingDays, TrailingQuarters):
        with pytest.raises(InvalidInput, match="accepted: 1 to 10000"):
            window(count)


@pytest.mark.parametrize(
    ("window", "as_of"),
    [
        (TrailingQuarters(10_000), D(2026, 1, 1)),
        (RollingMonths(10_000), D(800, 1, 1)),
        (RollingMonths(10_000, aligned=True), D(800, 1, 1)),
        (RollingDays(10_000), D(20, 1, 1)),
        (Lifetime(), D.max),
        (YearToDate(), D.max),
    ],
)
def test_a_window_outside_the_calendar_is_refused(window: Window, as_of: D) -> None:
    with pytest.raises(InvalidInput, match="outside the years 1 to 9999"):
        window.on(as_of, PLAIN)


def test_a_window_is_an_ordinary_period() -> None:
    assert Lifetime().on(D(2026, 3, 31), PLAIN) == DateRange(None, D(2026, 4, 1))
