"""Fiscal calendars: years that start in any month."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.values import DateRange, FiscalCalendar, PeriodKind

D = datetime.date
CALENDARS = st.builds(FiscalCalendar, st.integers(1, 12), st.sampled_from(["start", "end"]))
SOME_DAYS = st.dates(D(1999, 1, 1), D(2035, 12, 31))
KINDS: tuple[PeriodKind, ...] = ("month", "quarter", "half", "year")
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}

JAPAN = FiscalCalendar(start_month=4)
UNITED_STATES = FiscalCalendar(start_month=10, named_by="end")


@pytest.mark.parametrize(
    ("calendar", "kind", "day", "name", "days"),
    [
        # Japan's public bodies and most of its companies: 1 April to 31 March, named by the year it starts in
        # (Public Finance Act of Japan, article 11)
        (JAPAN, "year", D(2026, 4, 1), "FY2026", "2026-04-01 to 2027-03-31"),
        (JAPAN, "year", D(2026, 3, 31), "FY2025", "2025-04-01 to 2026-03-31"),
        (JAPAN, "half", D(2026, 9, 30), "FY2026-H1", "2026-04-01 to 2026-09-30"),
        (JAPAN, "half", D(2026, 10, 1), "FY2026-H2", "2026-10-01 to 2027-03-31"),
        (JAPAN, "quarter", D(2027, 2, 10), "FY2026-Q4", "2027-01-01 to 2027-03-31"),
        (JAPAN, "month", D(2027, 2, 10), "2027-02", "2027-02-01 to 2027-02-28"),
        # the federal government of the United States: 1 October to 30 September, named by the year it ends in
        # (31 U.S.C. 1102)
        (UNITED_STATES, "year", D(2025, 10, 1), "FY2026", "2025-10-01 to 2026-09-30"),
        (UNITED_STATES, "year", D(2025, 9, 30), "FY2025", "2024-10-01 to 2025-09-30"),
        (UNITED_STATES, "quarter", D(2026, 1, 1), "FY2026-Q2", "2026-01-01 to 2026-03-31"),
        (UNITED_STATES, "half", D(2026, 9, 30), "FY2026-H2", "2026-04-01 to 2026-09-30"),
        # a calendar year is named alike by its start and by its end
        (FiscalCalendar(), "year", D(2026, 12, 31), "FY2026", "2026-01-01 to 2026-12-31"),
        (FiscalCalendar(named_by="end"), "quarter", D(2026, 12, 31), "FY2026-Q4", "2026-10-01 to 2026-12-31"),
        # named by its end, a year that starts in February is that of the next January
        (FiscalCalendar(2, "end"), "year", D(2026, 2, 1), "FY2027", "2026-02-01 to 2027-01-31"),
        (FiscalCalendar(12, "end"), "year", D(2026, 12, 1), "FY2027", "2026-12-01 to 2027-11-30"),
        # the first and the last period that there are
        (FiscalCalendar(), "year", D(1, 5, 1), "FY1", "0001-01-01 to 0001-12-31"),
        (FiscalCalendar(), "month", D(9999, 11, 30), "9999-11", "9999-11-01 to 9999-11-30"),
        (FiscalCalendar(), "month", D(987, 6, 1), "0987-06", "0987-06-01 to 0987-06-30"),
        # leap days belong to the period around them
        (FiscalCalendar(start_month=3), "year", D(2024, 2, 29), "FY2023", "2023-03-01 to 2024-02-29"),
        (FiscalCalendar(start_month=12), "quarter", D(2024, 2, 29), "FY2023-Q1", "2023-12-01 to 2024-02-29"),
        (JAPAN, "month", D(2024, 2, 29), "2024-02", "2024-02-01 to 2024-02-29"),
    ],
)
def test_a_day_lies_in_its_fiscal_period(
    calendar: FiscalCalendar, kind: PeriodKind, day: D, name: str, days: str
) -> None:
    period = calendar.period(kind, day)
    assert (period.name, str(period.range)) == (name, days)
    assert getattr(calendar, kind)(day) == period
    assert (calendar.named(name), period.kind) == (period, kind)


@given(CALENDARS, st.sampled_from(KINDS), SOME_DAYS)
def test_periods_partition_the_days(calendar: FiscalCalendar, kind: PeriodKind, day: D) -> None:
    period = calendar.period(kind, day)
    assert day in period.range
    assert calendar.period(kind, period.range.last_day) == period
    assert period.range.end is not None
    following = calendar.period(kind, period.range.end)
    assert following.range.start == period.range.end
    assert following.name != period.name


@given(CALENDARS, st.sampled_from(KINDS), SOME_DAYS)
def test_every_period_holds_whole_shorter_ones(calendar: FiscalCalendar, kind: PeriodKind, day: D) -> None:
    longer = calendar.period(kind, day)
    for shorter in KINDS[: KINDS.index(kind)]:
        inside = calendar.periods(shorter, longer.range)
        assert len(inside) * MONTHS[shorter] == MONTHS[kind]
        assert inside[0].range.start == longer.range.start
        assert inside[-1].range.end == longer.range.end
        assert len({period.name for period in inside}) == len(inside)
        if shorter != "month":
            assert [period.name[-1] for period in inside] == sorted(period.name[-1] for period in inside)


@given(CALENDARS, SOME_DAYS)
def test_a_year_starts_on_the_first_of_its_month_and_is_named_by_one_of_its_ends(
    calendar: FiscalCalendar, day: D
) -> None:
    year = calendar.year(day)
    assert year.range.start is not None
    assert (year.range.start.month, year.range.start.day) == (calendar.start_month, 1)
    named = year.range.start if calendar.named_by == "start" else year.range.last_day
    assert year.name == f"FY{named.year}"


def test_the_ends_of_quarters_inside_a_period_are_the_review_days() -> None:
    within = DateRange.of_days(D(2026, 2, 1), D(2026, 9, 29))
    assert JAPAN.ends("quarter", within) == (D(2026, 3, 31), D(2026, 6, 30))
    assert JAPAN.ends("quarter", DateRange.of_days(D(2026, 4, 1), D(2026, 4, 2))) == ()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: FiscalCalendar(0), "start_month: found 0; accepted: 1 to 12"),
        (lambda: FiscalCalendar(13), "start_month: found 13"),
        (lambda: FiscalCalendar(True), "start_month: found True"),
        (lambda: FiscalCalendar(4.0), "start_month: found 4.0"),  # type: ignore[arg-type]
        (lambda: FiscalCalendar(4, "middle"), "named_by: found 'middle'; accepted: start, end"),  # type: ignore[arg-type]
        (lambda: JAPAN.period("week", D(2026, 1, 1)), "accepted: month, quarter, half, year"),  # type: ignore[arg-type]
        (lambda: JAPAN.year(datetime.datetime(2026, 1, 1)), "accepted: a date without a time"),
        (lambda: JAPAN.periods("year", DateRange(None, D(2026, 1, 1))), "has no first day"),
        (lambda: JAPAN.periods("year", DateRange(D(2026, 1, 1))), "has no last day"),
        (lambda: JAPAN.year(D(9999, 5, 1)), "outside the years 1 to 9999"),
        (lambda: JAPAN.year(D(1, 1, 1)), "outside the years 1 to 9999"),
    ],
)
def test_what_makes_no_sense_is_refused(make: Any, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        make()


@given(CALENDARS, st.sampled_from(KINDS), SOME_DAYS)
def test_a_period_is_found_again_by_its_name(calendar: FiscalCalendar, kind: PeriodKind, day: D) -> None:
    period = calendar.period(kind, day)
    assert (calendar.named(period.name), period.kind) == (period, kind)


@pytest.mark.parametrize(
    "name",
    ["", "2026", "2026-13", "2026-4", "0000-01", "9999-12", "FY9999", "FY026", "fy2026", "FY2026-Q5", "FY2026-H3", "FY0", "lifetime",
    2026, None],
)  # fmt: skip
def test_a_name_of_no_period_is_refused(name: Any) -> None:
    with pytest.raises(InvalidInput, match="accepted: the name of a period, such as 2026-04"):
        JAPAN.named(name)
