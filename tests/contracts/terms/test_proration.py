"""Prices of parts. Expected amounts are worked out by hand, or those of the systems that are named."""

import datetime
import decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.contracts.terms.proration import (
    CoTerm,
    DayCount,
    ProratedLine,
    Proration,
    Started,
    co_termed,
    periods_of,
    prorated,
    share_of,
    spread,
    units_of,
)
from prmcore.errors import InvalidInput
from prmcore.testing import _terms as drawn
from prmcore.testing import strategies
from prmcore.values import DateRange, Length, Money, Roll, Schedule, total

D = datetime.date
DAY = datetime.timedelta(days=1)
EVEN, UP = decimal.ROUND_HALF_EVEN, decimal.ROUND_HALF_UP


def days(first: str, last: str) -> DateRange:
    return DateRange.of_days(D.fromisoformat(first), D.fromisoformat(last))


def months(anchor: str) -> Schedule:
    return Schedule(anchor=D.fromisoformat(anchor), step=Length.of("1 month"))


@pytest.mark.parametrize(
    ("first", "last", "anchor", "share"),
    [
        # Kill Bill, TestInvoiceDateUtilsWithoutFixedProration: 0.741935484, 0.733333333, 0.714285714, 0.724137931
        ("2023-05-23", "2023-06-14", "2023-05-23", Fraction(23, 31)),
        ("2023-06-23", "2023-07-14", "2023-06-23", Fraction(22, 30)),
        ("2023-02-23", "2023-03-14", "2023-02-23", Fraction(20, 28)),
        ("2024-02-23", "2024-03-14", "2024-02-23", Fraction(21, 29)),
    ],
)
def test_a_part_of_a_month_is_measured_by_the_days_of_that_month(
    first: str, last: str, anchor: str, share: Fraction
) -> None:
    part = days(first, last)
    price = Money.of("100", "USD")
    found = prorated(price, part, periods_of(months(anchor), part), rounding=EVEN)
    assert found.share == share
    assert found.amount == price.times(share, rounding=EVEN)


# trap 18
def test_three_months_are_three_months_and_not_92_days_of_a_month_of_31() -> None:
    """Kill Bill, TestInvoiceDateUtils: from 2 March to 2 June 2012 it finds 2.967741935 months."""
    part = DateRange(D(2012, 3, 2), D(2012, 6, 2))
    found = prorated(Money.of("31.00", "USD"), part, periods_of(months("2012-03-02"), part), rounding=EVEN)
    assert (found.share, found.amount) == (Fraction(3), Money.of("93.00", "USD"))  # and not 92.00


# trap 18: each month by its own days: 16/31 + 1 + 15/30
def test_what_begins_and_ends_within_months_is_divided_by_the_days_of_each() -> None:
    part = days("2026-01-16", "2026-04-15")
    found = prorated(Money.of("310.00", "EUR"), part, periods_of(months("2026-01-01"), part), rounding=UP)
    assert [line.share for line in found.lines] == [Fraction(16, 31), 1, 1, Fraction(1, 2)]
    # 160 + 310 + 310 + 155
    assert [str(line.amount) for line in found.lines] == [
        "160.00 EUR",
        "310.00 EUR",
        "310.00 EUR",
        "155.00 EUR",
    ]
    assert found.amount == Money.of("935.00", "EUR")


# trap 17: 33.33 + 33.33 + 33.34, and nothing of it binary
def test_the_lines_of_a_proration_add_up_to_its_amount() -> None:
    part = days("2026-04-01", "2026-04-30")
    quarter = [DateRange(part.start, D(2026, 7, 1))]
    found = prorated(Money.of("100.00", "USD"), part, quarter, rounding=EVEN)  # 30 of 91 days: 32.967...
    assert found.amount == Money.of("32.97", "USD")
    thirds = spread(Money.of("100.00", "USD"), days("2026-04-01", "2026-04-30"), periods_of(Schedule(
        anchor=D(2026, 4, 1), step=Length.of("10 days")), part))  # fmt: skip
    assert sorted(str(line.amount) for line in thirds) == ["33.33 USD", "33.33 USD", "33.34 USD"]


# trap 19
def test_a_part_that_goes_on_after_its_period_is_no_more_than_the_whole() -> None:
    june = days("2026-06-01", "2026-06-30")
    assert share_of(days("2026-06-01", "2026-07-01"), june) == 1
    assert share_of(DateRange(), june) == 1
    assert share_of(days("2026-07-01", "2026-07-01"), june) == 0


@pytest.mark.parametrize(
    ("day_count", "share"),
    [
        # from 16 January to 15 April in the first half of 2026, which has 181 days
        (DayCount.ACTUAL, Fraction(90, 181)),
        (DayCount.CALENDAR_MONTHS, (Fraction(16, 31) + 2 + Fraction(15, 30)) / 6),
        (DayCount.THIRTY_360, Fraction(90, 180)),
    ],
)
def test_how_long_days_are_against_each_other_is_for_the_contract_to_say(
    day_count: DayCount, share: Fraction
) -> None:
    assert share_of(days("2026-01-16", "2026-04-15"), days("2026-01-01", "2026-06-30"), day_count) == share


@given(st.dates(D(1990, 1, 1), D(2080, 12, 31)), st.integers(1, 900), st.integers(0, 900))
def test_quantlib_counts_thirty_days_a_month_alike(start: D, length: int, inside: int) -> None:
    quantlib = pytest.importorskip("QuantLib")
    theirs = quantlib.Thirty360(quantlib.Thirty360.EurobondBasis)
    end, until = start + DAY * length, start + DAY * min(inside, length)
    asked = [quantlib.Date(day.day, day.month, day.year) for day in (start, until, end)]
    whole = theirs.dayCount(asked[0], asked[2])
    assume(whole > 0 and until > start)
    found = share_of(DateRange(start, until), DateRange(start, end), DayCount.THIRTY_360)
    assert found == Fraction(theirs.dayCount(asked[0], asked[1]), whole)


@given(
    strategies.dates(),
    st.integers(40, 800),
    st.lists(st.integers(1, 799), max_size=4),
    st.sampled_from(DayCount),
)
def test_parts_that_make_a_period_are_the_whole_of_it(
    start: D, length: int, cuts: list[int], day_count: DayCount
) -> None:
    period = DateRange(start, start + DAY * length)
    edges = sorted({0, length, *(cut for cut in cuts if cut < length)})
    parts = [DateRange(start + DAY * one, start + DAY * other) for one, other in pairwise(edges)]
    assert sum(share_of(part, period, day_count) for part in parts) == 1


@given(
    strategies.money(), drawn.starts(), st.integers(0, 400), st.integers(1, 400), st.sampled_from(DayCount)
)
def test_no_minor_unit_is_lost_between_lines(
    price: Money, anchor: D, after: int, length: int, day_count: DayCount
) -> None:
    part = DateRange(anchor + DAY * after, anchor + DAY * (after + length))
    periods = periods_of(Schedule(anchor=anchor, step=Length.of("1 month")), part)
    found = prorated(price, part, periods, rounding=EVEN, day_count=day_count)
    assert total((line.amount for line in found.lines), price.currency) == found.amount
    assert all(0 <= line.share <= 1 for line in found.lines)
    assert sum(line.part.days for line in found.lines) == part.days
    if day_count is not DayCount.THIRTY_360:  # by which a 31st alone is nothing
        lines = spread(price, part, periods, day_count=day_count)
        assert total((line.amount for line in lines), price.currency) == price


@pytest.mark.parametrize(
    ("periods", "faults"),
    [
        (
            ["2026-01-01 2026-01-31"],
            ["found no period of 2026-02-01; accepted: periods that cover 2026-01-10 to 2026-02-09"],
        ),
        (
            ["2026-01-01 2026-01-31", "2026-02-02 2026-02-28"],
            ["found 2026-02-02 as the next day in them; accepted: 2026-02-01"],
        ),
        (
            ["2026-01-01 2026-01-31", "2026-01-31 2026-02-28"],
            ["found 2026-01-31 as the next day in them; accepted: 2026-02-01"],
        ),
    ],
)
def test_a_day_that_has_no_price_or_two_is_refused(periods: list[str], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        prorated(
            Money.of("1", "EUR"),
            days("2026-01-10", "2026-02-09"),
            [days(*one.split()) for one in periods],
            rounding=UP,
        )
    assert list(map(str, caught.value.faults)) == faults


# trap 16
def test_a_day_that_has_begun_counts_as_the_contract_says() -> None:
    """Accord, late delivery: agreed for 11 January 2019 at 03:24, now the 16th at 21:34 (UTC); 10.5 % for every 2 days.

    "Any fractional part of a day is to be considered a full day": six days, 63.00 of 200.00. The logic beside that text
    cuts the part off and finds 52.50.
    """
    delay = datetime.datetime(2019, 1, 16, 21, 34) - datetime.datetime(2019, 1, 11, 3, 24)
    due = [
        Money.of("200.00", "USD").times(units_of(delay, DAY, started) / 2 * Fraction("0.105"), rounding=EVEN)
        for started in (Started.WHOLE, Started.NOTHING)
    ]
    assert due == [Money.of("63.00", "USD"), Money.of("52.50", "USD")]
    assert units_of(delay, DAY, Started.PART) == Fraction(5 * 1440 + 18 * 60 + 10, 1440)


def test_a_time_that_is_whole_counts_alike_however_it_is_said() -> None:
    assert {units_of(DAY * 6, DAY * 2, started) for started in Started} == {3}
    assert {units_of(DAY * 0, DAY, started) for started in Started} == {0}
    for time, unit in ((DAY, DAY * 0), (-DAY, DAY)):
        with pytest.raises(InvalidInput, match="accepted"):
            units_of(time, unit, Started.WHOLE)


MAIN = Timetable(
    clause=TermClause(start=D(2025, 7, 1), length=Length.of("1 year")),
    renewal=RenewalClause(kind=RenewalKind.AUTOMATIC, at_most=1),
)


def test_an_agreement_that_is_added_ends_with_the_main_one() -> None:
    added = co_termed(D(2026, 4, 1), MAIN)
    assert str(added.clause.last_day) == "2026-06-30"
    assert added.prorated(Money.of("365.00", "EUR"), rounding=UP).amount == Money.of(
        "91.00", "EUR"
    )  # 91 days


def test_an_agreement_that_would_be_too_short_runs_on_to_the_next_end() -> None:
    added = co_termed(D(2026, 4, 2), MAIN, least=Length.of("3 months"))
    assert (str(added.period), len(added.terms)) == ("2026-04-02 to 2027-06-30", 2)
    assert added.prorated(Money.of("365.00", "EUR"), rounding=UP).amount == Money.of(
        "455.00", "EUR"
    )  # 90 days and a year
    assert len(co_termed(D(2026, 4, 1), MAIN, least=Length.of("3 months")).terms) == 1
    assert len(co_termed(D(2027, 6, 1), MAIN, least=Length.of("3 months")).terms) == 1  # there is no next one


def test_nothing_is_aligned_with_an_agreement_that_does_not_run() -> None:
    with pytest.raises(
        InvalidInput, match="found 2025-06-30; accepted: a day in a term of the main agreement"
    ):
        co_termed(D(2025, 6, 30), MAIN)


@given(drawn.timetables(), st.integers(0, 2000))
def test_whatever_is_added_ends_when_the_main_agreement_does(main: Timetable, after: int) -> None:
    day = main.clause.start + DAY * after
    running = main.term_on(day)
    assume(running is not None)
    assert running is not None
    added = co_termed(day, main)
    assert Timetable(clause=added.clause).end == running.end


def test_the_months_that_a_part_touches_are_whole_ones() -> None:
    ends = Schedule(anchor=D(2026, 1, 31), step=Length.of("1 month"), roll=Roll.of("month end"))
    assert [str(one) for one in periods_of(ends, days("2026-02-10", "2026-03-31"))] == [
        "2026-01-31 to 2026-02-27", "2026-02-28 to 2026-03-30", "2026-03-31 to 2026-04-29",
    ]  # fmt: skip
    with pytest.raises(InvalidInput, match="accepted: a first and a last day"):
        periods_of(ends, DateRange(D(2026, 1, 1)))


def test_in_months_of_30_days_one_day_of_a_longer_month_counts_for_nothing() -> None:
    """30E/360 measures from the 30th to the 31st as nothing, and from the 28th of February to the 1st of March as 3 days."""
    january, february = days("2026-01-01", "2026-01-31"), days("2026-02-01", "2026-02-28")
    none = days("2026-01-30", "2026-01-30")
    assert share_of(none, january, DayCount.THIRTY_360) == 0
    assert share_of(days("2026-02-28", "2026-02-28"), february, DayCount.THIRTY_360) == Fraction(3, 30)
    price = Money.of("30", "EUR")
    free = prorated(price, none, [january], rounding=UP, day_count=DayCount.THIRTY_360)
    assert [line.amount for line in free.lines] == [free.amount] == [Money.zero("EUR")]
    for refused in (
        lambda: share_of(none, none, DayCount.THIRTY_360),
        lambda: spread(price, none, [january], day_count=DayCount.THIRTY_360),
    ):
        with pytest.raises(InvalidInput, match="2026-01-30 to 2026-01-30 has no day by 30E/360"):
            refused()


@pytest.mark.parametrize("record", [CoTerm, ProratedLine, Proration])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_a_proration_keeps_its_price_its_count_and_each_line() -> None:
    """From 16 to 30 April, half of a month of 100.00, and of 100.00 the other half of it in May, 31 days: 16/31 is 51.61."""
    april, may = days("2026-04-01", "2026-04-30"), days("2026-05-01", "2026-05-31")
    price = Money.of("100.00", "EUR")
    found = prorated(price, days("2026-04-16", "2026-05-16"), [may, april], rounding=UP)
    assert found == Proration(
        price=price, day_count=DayCount.ACTUAL, amount=Money.of("101.61", "EUR"),
        lines=(
            ProratedLine(period=april, part=days("2026-04-16", "2026-04-30"), share=Fraction(1, 2), amount=Money.of("50.00", "EUR")),
            ProratedLine(period=may, part=days("2026-05-01", "2026-05-16"), share=Fraction(16, 31), amount=Money.of("51.61", "EUR")),
        ),
    )  # fmt: skip
    assert found.share == Fraction(1, 2) + Fraction(16, 31)
    by_months = prorated(price, april, [april], rounding=UP, day_count=DayCount.THIRTY_360)
    assert (by_months.day_count, by_months.amount) == (DayCount.THIRTY_360, price)


def test_an_amount_is_spread_by_the_days_in_each_period() -> None:
    """15 days of April and 16 of May: of 31.00 there are 15.00 and 16.00."""
    april, may, june = (
        days(f"2026-0{month}-01", f"2026-0{month}-{last}") for month, last in ((4, 30), (5, 31), (6, 30))
    )
    lines = spread(Money.of("31.00", "EUR"), days("2026-04-16", "2026-05-16"), [june, may, april])
    assert [(line.period, line.share, line.amount) for line in lines] == [
        (april, Fraction(15, 31), Money.of("15.00", "EUR")), (may, Fraction(16, 31), Money.of("16.00", "EUR")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "day_count", "share"),
    [  # of the year 2026; by hand
        ("2026-01-01", "2026-01-31", DayCount.ACTUAL, Fraction(31, 365)),
        ("2026-01-01", "2026-01-31", DayCount.CALENDAR_MONTHS, Fraction(1, 12)),
        ("2026-01-01", "2026-01-31", DayCount.THIRTY_360, Fraction(30, 360)),
        ("2026-12-31", "2026-12-31", DayCount.CALENDAR_MONTHS, Fraction(1, 31 * 12)),
        ("2026-02-15", "2026-02-28", DayCount.CALENDAR_MONTHS, Fraction(14, 28 * 12)),
        ("2026-12-01", "2026-12-31", DayCount.THIRTY_360, Fraction(30, 360)),
        ("2026-01-31", "2026-03-30", DayCount.THIRTY_360, Fraction(60, 360)),  # from the 30th to the 30th
        ("2025-12-15", "2026-01-15", DayCount.ACTUAL, Fraction(15, 365)),
    ],
)  # fmt: skip
def test_a_part_is_a_share_of_its_year(first: str, last: str, day_count: DayCount, share: Fraction) -> None:
    assert share_of(days(first, last), days("2026-01-01", "2026-12-31"), day_count) == share


def test_months_are_measured_up_to_the_last_day_of_all() -> None:
    december = DateRange(D(9999, 12, 1), D(9999, 12, 31))
    assert share_of(
        DateRange(D(9999, 12, 1), D(9999, 12, 16)), december, DayCount.CALENDAR_MONTHS
    ) == Fraction(15, 30)


@pytest.mark.parametrize(
    ("part", "period", "message"),
    [
        (DateRange(D(2026, 1, 1)), days("2026-01-01", "2026-12-31"), "part: found 2026-01-01 on; accepted: a first and a last day"),
        (DateRange(None, D(2026, 1, 2)), days("2026-01-01", "2026-12-31"), "part: found ever to 2026-01-01; accepted: a first and a last day"),
    ],
)  # fmt: skip
def test_a_part_has_a_first_and_a_last_day(part: DateRange, period: DateRange, message: str) -> None:
    price = Money.of("1", "EUR")
    for ask in (
        lambda: prorated(price, part, [period], rounding=UP),
        lambda: spread(price, part, [period]),
        lambda: periods_of(months("2026-01-01"), part),
    ):
        with pytest.raises(InvalidInput) as refused:
            ask()
        assert str(refused.value) == message


def test_a_period_has_a_first_and_a_last_day() -> None:
    endless = DateRange(D(2026, 1, 1))
    with pytest.raises(
        InvalidInput, match=r"^period: found 2026-01-01 on; accepted: a first and a last day$"
    ):
        share_of(days("2026-01-01", "2026-01-31"), endless)
    with pytest.raises(InvalidInput) as refused:
        prorated(Money.of("1", "EUR"), days("2026-01-01", "2026-01-31"), [endless], rounding=UP)
    assert list(map(str, refused.value.faults)) == [
        "period: found 2026-01-01 on; accepted: a first and a last day @ 2026-01-01 on"
    ]
    with pytest.raises(InvalidInput) as none:
        spread(Money.of("1", "EUR"), days("2026-01-01", "2026-01-31"), [])
    assert "found no period of 2026-01-01; accepted: periods that cover 2026-01-01 to 2026-01-31" in str(
        none.value
    )


@pytest.mark.parametrize(
    ("time", "unit", "message"),
    [
        (DAY, DAY * 0, "unit: found 0:00:00; accepted: more than nothing"),
        (DAY, -DAY, "unit: found -1 day, 0:00:00; accepted: more than nothing"),
        (-DAY, DAY, "time: found -1 day, 0:00:00; accepted: nothing or more"),
    ],
)
def test_units_are_more_than_nothing_and_times_no_less(
    time: datetime.timedelta, unit: datetime.timedelta, message: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        units_of(time, unit, Started.PART)
    assert str(refused.value) == message
    tick = datetime.timedelta(microseconds=1)
    assert [units_of(DAY + tick, DAY, one) for one in (Started.WHOLE, Started.NOTHING)] == [2, 1]
    assert units_of(tick, tick * 3, Started.PART) == Fraction(1, 3)


@pytest.mark.parametrize(
    ("start", "least", "numbers"),
    [
        (D(2026, 4, 1), None, [0]), (D(2026, 6, 30), None, [0]), (D(2026, 7, 1), None, [1]),
        (D(2026, 4, 1), "3 months", [0]),  # 1 July is the first day after
        (D(2026, 4, 2), "3 months", [0, 1]), (D(2026, 6, 30), "1 day", [0]), (D(2026, 6, 30), "2 days", [0, 1]),
        (D(2027, 6, 30), "2 days", [1]),  # there is no next one
    ],
)  # fmt: skip
def test_less_than_the_least_runs_on_to_the_end_of_the_next_term(
    start: D, least: str | None, numbers: list[int]
) -> None:
    found = co_termed(start, MAIN, least=None if least is None else Length.of(least))
    assert (found.start, found.terms) == (start, tuple(MAIN.term(number) for number in numbers))
    assert found.period == DateRange(start, found.terms[-1].end)
    assert found.clause == TermClause(start=start, last_day=found.terms[-1].last_day)


def test_with_an_endless_agreement_what_is_added_has_no_end_either() -> None:
    endless = Timetable(clause=TermClause(start=D(2025, 7, 1)))
    found = co_termed(D(2026, 4, 2), endless, least=Length.of("3 months"))
    assert (found.terms, found.clause) == ((endless.term(0),), TermClause(start=D(2026, 4, 2)))
    with pytest.raises(InvalidInput, match=r"^start: found"):
        co_termed(datetime.datetime(2026, 4, 2), endless)


def test_what_is_added_is_prorated_by_the_count_that_is_asked_for() -> None:
    """From 1 April to 30 June of a year from July on: 91 of 365 days, or 3 of 12 months."""
    added = co_termed(D(2026, 4, 1), MAIN)
    amounts = [
        added.prorated(Money.of("100.00", "EUR"), rounding=UP, day_count=one).amount for one in DayCount
    ]
    assert list(map(str, amounts)) == ["24.93 EUR", "25.00 EUR", "25.00 EUR"]
