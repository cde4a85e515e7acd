"""Business calendars: expected days come from governments, from QuantLib, or from counting by hand."""

import datetime
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.testing import strategies
from prmcore.values import BusinessCalendar, BusinessDayConvention, DateRange, Holiday, public_holidays

D = datetime.date
DAY = datetime.timedelta(days=1)
C = BusinessDayConvention
FIRST, LAST = 2023, 2027
WEEKENDS = [day for day in (D(FIRST, 12, 1) + DAY * number for number in range(900)) if day.weekday() > 3]


def _working(here: BusinessCalendar, worked: frozenset[D]) -> BusinessCalendar:
    off = {one.day for one in here.holidays}
    return attrs.evolve(here, worked=frozenset(day for day in worked - off if day.weekday() in here.weekend))


CALENDARS = st.builds(
    _working, strategies.calendars(FIRST, LAST), st.frozensets(st.sampled_from(WEEKENDS), max_size=30)
)
DAYS = st.dates(D(FIRST + 1, 1, 1), D(LAST - 1, 12, 31))


def calendar(*holidays: D, **others: Any) -> BusinessCalendar:
    years = frozenset(range(FIRST, LAST + 1))
    return BusinessCalendar(
        **{"name": "here", "version": "1", "years": years, "holidays": holidays, **others}
    )


@pytest.mark.parametrize(("subdivision", "name"), [(None, "DE"), ("BE", "DE-BE")])
def test_a_calendar_of_public_holidays_is_named_after_its_place(subdivision: str | None, name: str) -> None:
    pytest.importorskip("holidays")
    assert public_holidays("DE", 2026, 2026, subdivision=subdivision).name == name


# the words of files and of stored agreements, which later releases still have to read
def test_a_convention_is_written_in_the_words_of_isdas_definitions() -> None:
    written = {
        C(word)
        for word in (
            "unadjusted",
            "following",
            "modified-following",
            "preceding",
            "modified-preceding",
            "nearest",
        )
    }
    assert written == set(C)


EASTER = calendar(D(2026, 4, 3), D(2026, 4, 6))  # Good Friday and Easter Monday


@pytest.mark.parametrize(
    ("day", "convention", "moved"),
    [
        # by hand: 30 May 2026 is a Saturday, 31 May a Sunday; 1 August a Saturday, 2 August a Sunday
        (D(2026, 5, 30), C.UNADJUSTED, D(2026, 5, 30)),
        (D(2026, 5, 30), C.FOLLOWING, D(2026, 6, 1)),
        (D(2026, 5, 30), C.MODIFIED_FOLLOWING, D(2026, 5, 29)),  # the following one is in June
        (D(2026, 5, 30), C.PRECEDING, D(2026, 5, 29)),
        (D(2026, 8, 1), C.PRECEDING, D(2026, 7, 31)),
        (D(2026, 8, 1), C.MODIFIED_PRECEDING, D(2026, 8, 3)),  # the preceding one is in July
        (D(2026, 5, 30), C.NEAREST, D(2026, 5, 29)),
        (D(2026, 5, 31), C.NEAREST, D(2026, 6, 1)),
        (D(2026, 4, 3), C.NEAREST, D(2026, 4, 2)),
        (D(2026, 4, 4), C.NEAREST, D(2026, 4, 2)),  # two days back, three on
        (D(2026, 4, 2), C.FOLLOWING, D(2026, 4, 2)),  # a business day stays
    ],
)
def test_a_convention_moves_a_day_off(day: D, convention: C, moved: D) -> None:
    assert EASTER.adjusted(day, convention) == moved


def test_of_two_business_days_as_near_as_each_other_the_nearest_is_the_later() -> None:
    assert calendar(D(2026, 4, 1)).adjusted(D(2026, 4, 1), C.NEAREST) == D(2026, 4, 2)  # a Wednesday


def test_business_days_are_counted_from_the_day_after() -> None:
    thursday = D(2026, 4, 2)
    assert [EASTER.add(thursday, count) for count in (0, 1, 2)] == [thursday, D(2026, 4, 7), D(2026, 4, 8)]
    assert EASTER.add(D(2026, 4, 7), -1) == thursday
    assert EASTER.add(D(2026, 4, 4), -1) == thursday


@given(CALENDARS, DAYS, st.integers(-60, 60))
def test_adding_business_days_agrees_with_a_list_of_them(here: BusinessCalendar, day: D, count: int) -> None:
    near = [day + DAY * number for number in range(-300, 301)]
    after = [one for one in near if one > day and here.is_business_day(one)]
    before = [one for one in near if one < day and here.is_business_day(one)]
    assert here.add(day, count) == (after[count - 1] if count > 0 else before[count] if count else day)


@given(CALENDARS, DAYS, st.integers(1, 200))
def test_a_count_agrees_with_a_plain_loop(here: BusinessCalendar, day: D, days: int) -> None:
    period = DateRange(day, day + DAY * days)
    assert here.count(period) == len([n for n in range(days) if here.is_business_day(day + DAY * n)])


@given(CALENDARS, st.sampled_from(C))
def test_a_later_day_is_never_moved_to_an_earlier_one(here: BusinessCalendar, convention: C) -> None:
    days = [D(2025, 1, 20) + DAY * number for number in range(80)]
    assert all(first <= second for first, second in pairwise(here.adjusted(day, convention) for day in days))


@given(CALENDARS, CALENDARS, DAYS)
def test_both_and_either_are_what_their_words_say(
    one: BusinessCalendar, other: BusinessCalendar, day: D
) -> None:
    works, works_too = one.is_business_day(day), other.is_business_day(day)
    assert one.both(other).is_business_day(day) is (works and works_too)
    assert one.either(other).is_business_day(day) is (works or works_too)


@given(CALENDARS, CALENDARS, DAYS)
def test_the_order_of_two_calendars_changes_no_day(
    one: BusinessCalendar, other: BusinessCalendar, day: D
) -> None:
    assert one.both(other).is_business_day(day) is other.both(one).is_business_day(day)
    assert (
        one.either(one).is_business_day(day) is one.both(one).is_business_day(day) is one.is_business_day(day)
    )


def test_two_calendars_together_know_the_years_that_both_know() -> None:
    one, other = calendar(years=frozenset({2025, 2026})), calendar(years=frozenset({2026, 2027}))
    assert one.both(other).years == one.either(other).years == {2026}
    with pytest.raises(InvalidInput, match="know no year in common"):
        one.both(calendar(years=frozenset({2024})))


def test_a_strike_is_a_day_off_under_a_version_of_its_own() -> None:
    struck = EASTER.with_closures(
        {D(2026, 4, 7): "strike of the post", D(2026, 4, 3): "again"}, "1 and the strike"
    )
    assert struck.add(D(2026, 4, 2), 1) == D(2026, 4, 8)
    assert (struck.pinned, EASTER.pinned) == ("here (1 and the strike)", "here (1)")
    assert struck.holiday_on(D(2026, 4, 7)) == Holiday(D(2026, 4, 7), "strike of the post")


# trap 23
@pytest.mark.parametrize("day", [D(2022, 12, 31), D(2028, 1, 1)])
def test_a_day_of_a_year_whose_holidays_are_not_known_is_refused_not_guessed(day: D) -> None:
    for asked in (EASTER.is_business_day, EASTER.holiday_on, EASTER.on_or_after, EASTER.on_or_before):
        with pytest.raises(InvalidInput, match=r"whose holidays here \(1\) knows, from 2023 to 2027"):
            asked(day)
    with pytest.raises(InvalidInput, match="accepted: a day of a year"):
        EASTER.add(D(2027, 12, 31), 1)


def test_everything_that_is_wrong_with_a_calendar_is_said_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        calendar(
            D(2030, 1, 1), D(2026, 1, 1), D(2026, 1, 1),
            name="", weekend=frozenset({7}), years=frozenset({2026, 9999}), worked=frozenset({D(2026, 1, 5)}),
        )  # fmt: skip
    assert [(fault.path, fault.message.partition(";")[0]) for fault in caught.value.faults] == [
        ("name", "found nothing"),
        ("years", "found 9999"),
        ("holidays[2]", "2030-01-01 is of a year that is not among the years"),
        ("worked", "found 2026-01-05"),
        ("holidays", "2026-01-01 is given twice"),
        ("weekend", "found [7]"),
    ]


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"name": ""}, ["found nothing; accepted: some text @ name"]),
        ({"name": 5, "version": None}, ["found nothing; accepted: some text @ name", "found nothing; accepted: some text @ version"]),
        ({"years": frozenset[int]()}, ["found none; accepted: the years for which the holidays are known @ years"]),
        ({"years": frozenset({1, 9999})},
            ["found 1; accepted: 2 to 9998 @ years", "found 9999; accepted: 2 to 9998 @ years"]),
        ({"years": frozenset({2026.0})}, ["found 2026.0; accepted: 2 to 9998 @ years"]),
        # a Saturday of another year, and one that is a holiday
        ({"worked": frozenset({D(2030, 1, 5)})},
            ["found 2030-01-05; accepted: days of a weekend, in the years, that are no holidays @ worked"]),
        ({"worked": frozenset({D(2026, 1, 3)}), "holidays": [D(2026, 1, 3)]},
            ["found 2026-01-03; accepted: days of a weekend, in the years, that are no holidays @ worked"]),
        ({"weekend": frozenset(range(7))}, ["found [0, 1, 2, 3, 4, 5, 6]; accepted: 0 (Monday) to 6, not all @ weekend"]),
    ],
)  # fmt: skip
def test_a_calendar_says_where_it_is_wrong(given: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        calendar(**given)
    assert caught.value.title == "the calendar cannot be used"
    assert [str(fault) for fault in caught.value.faults] == faults


def test_a_calendar_may_know_any_years_that_have_neighbours_and_rest_on_any_days() -> None:
    assert calendar(years=frozenset({2, 9998})).years == {2, 9998}
    sundays = calendar(weekend=frozenset({6}), worked=frozenset({D(2026, 1, 4)}))
    assert [sundays.is_business_day(D(2026, 1, day)) for day in (3, 4, 11)] == [True, True, False]
    assert [calendar().is_business_day(D(2026, 1, day)) for day in (2, 3, 4, 5)] == [True, False, False, True]


def test_a_holiday_is_a_day_and_may_have_a_name() -> None:
    assert calendar(D(2026, 1, 1)).holidays == (Holiday(D(2026, 1, 1), ""),)
    named = calendar(holidays={D(2026, 5, 1): "May Day", D(2026, 1, 1): "New Year"})
    assert named.holidays == (Holiday(D(2026, 1, 1), "New Year"), Holiday(D(2026, 5, 1), "May Day"))
    assert named.holiday_on(D(2026, 5, 1)) == Holiday(D(2026, 5, 1), "May Day")
    assert [named.holiday_on(D(2026, 5, day)) for day in (2, 4)] == [None, None]  # a Saturday, a Monday
    with pytest.raises(InvalidInput, match="accepted: a date without a time"):
        Holiday(datetime.datetime(2026, 1, 1))


@pytest.mark.parametrize("count", [100_001, -100_001, True, 1.0])
def test_business_days_are_counted_in_sane_numbers(count: Any) -> None:
    with pytest.raises(InvalidInput, match=f"^count: found {count}; accepted: -100000 to 100000$"):
        EASTER.add(D(2026, 4, 2), count)


@pytest.mark.parametrize("count", [100_000, -100_000])
def test_the_most_business_days_are_looked_for_until_the_years_end(count: int) -> None:
    with pytest.raises(InvalidInput, match=r"accepted: a day of a year whose holidays here \(1\) knows"):
        EASTER.add(D(2026, 4, 2), count)


def test_a_period_without_a_first_or_last_day_has_no_number_of_business_days() -> None:
    for period in (DateRange(None, D(2026, 4, 1)), DateRange(D(2026, 4, 1))):
        with pytest.raises(InvalidInput, match="has no number of days"):
            EASTER.count(period)


def test_two_calendars_together_are_named_and_versioned_by_both() -> None:
    one = calendar(holidays={D(2026, 1, 1): "New Year", D(2025, 1, 1): ""})
    other = calendar(
        name="there", version="2", years=frozenset({2026}), holidays={D(2026, 1, 1): "other words"}
    )
    both, either = one.both(other), other.either(one)
    assert (both.pinned, either.pinned) == ("here and there (1, 2)", "there or here (2, 1)")
    assert one.both(attrs.evolve(other, version="1")).pinned == "here and there (1)"
    # a holiday of a year that one of them does not know is left out; the first one's names are kept
    assert both.holidays == (Holiday(D(2026, 1, 1), "New Year"),)
    assert both.years == {2026}
    assert either.holidays == (Holiday(D(2026, 1, 1), "other words"),)


def test_a_day_that_is_worked_in_a_year_that_only_one_knows_is_left_out() -> None:
    worked = frozenset({D(2025, 1, 4), D(2026, 1, 3)})  # Saturdays
    found = calendar(worked=worked).either(calendar(years=frozenset({2026})))
    assert found.worked == {D(2026, 1, 3)}


def test_a_calendar_shows_what_it_was_made_of_and_nothing_else() -> None:
    assert repr(calendar(years=frozenset({2026}))) == (
        "BusinessCalendar(name='here', version='1', years=frozenset({2026}), holidays=(), "
        f"weekend={frozenset({5, 6})!r}, worked=frozenset())"
    )


# Japan, 2026: the Cabinet Office's list (https://www8.cao.go.jp/chosei/shukujitsu/gaiyou.html); 6 May by art. 3(2), and
# 22 September by art. 3(3), of the act on national holidays
JAPAN_2026 = "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 11-03 11-23"
# England and Wales, 2022 (https://www.gov.uk/bank-holidays, archived): the spring holiday moved to 2 June, the jubilee on
# the 3rd, the state funeral on 19 September, Christmas and New Year given on the next working days
ENGLAND_2022 = "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"
# Berlin, 2025: Feiertagsgesetz § 1, with 8 May for that year alone; Easter Sunday is 20 April
BERLIN_2025 = "01-01 03-08 04-18 04-21 05-01 05-08 05-29 06-09 10-03 12-25 12-26"
# United States, 2021: 5 U.S.C. 6103; Juneteenth, New Year's Day of 2022 and others were observed on a Friday or Monday
FEDERAL_2021 = "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"


@pytest.mark.parametrize(
    ("country", "subdivision", "year", "days"),
    [
        ("JP", None, 2026, JAPAN_2026),
        ("GB", "ENG", 2022, ENGLAND_2022),
        ("DE", "BE", 2025, BERLIN_2025),
        ("US", None, 2021, FEDERAL_2021),
    ],
)
def test_public_holidays_are_those_of_the_government(
    country: str, subdivision: str | None, year: int, days: str
) -> None:
    pytest.importorskip("holidays")
    here = public_holidays(country, year, year, subdivision=subdivision)
    all_days = [D(year, 1, 1) + DAY * number for number in range(365)]
    expected = {D.fromisoformat(f"{year}-{day}") for day in days.split()}
    found = {day for day in all_days if not here.is_business_day(day)}
    assert found == expected | {day for day in all_days if day.weekday() > 4}
    assert here.version.startswith("holidays ")


# trap 23: the Olympic year, whose holidays were moved by an act of late 2020
def test_the_holidays_of_the_olympic_year_are_those_of_the_act_and_not_of_the_rule() -> None:
    pytest.importorskip("holidays")
    here = public_holidays("JP", 2021, 2021)
    off = [D(2021, 7, 22), D(2021, 7, 23), D(2021, 8, 9)]
    assert not any(map(here.is_business_day, off))
    assert all(map(here.is_business_day, [D(2021, 7, 19), D(2021, 8, 11), D(2021, 10, 11)]))


def test_in_china_some_days_of_weekends_are_worked() -> None:
    """2024 by the notice of the State Council's General Office (2023, No. 7; recalled)."""
    pytest.importorskip("holidays")
    china = public_holidays("CN", 2024, 2024)
    worked = "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12"
    assert china.worked == {D.fromisoformat(f"2024-{day}") for day in worked.split()}
    assert china.add(D(2024, 2, 9), 1) == D(
        2024, 2, 18
    )  # a Sunday: 10 to 17 February are the Spring Festival
    assert china.with_closures({D(2024, 2, 18): "snow"}, "2").add(D(2024, 2, 9), 1) == D(2024, 2, 19)


def test_a_worked_day_of_a_weekend_is_worked_at_both_places_where_the_other_works_too() -> None:
    sunday = D(2026, 2, 15)
    china, dubai, berlin = calendar(worked=frozenset({sunday})), calendar(weekend=frozenset({4})), calendar()
    assert china.both(dubai).is_business_day(sunday)
    assert not china.both(berlin).is_business_day(sunday)
    assert china.either(berlin).is_business_day(sunday)


@pytest.mark.parametrize(
    ("country", "first", "last", "message"),
    [
        ("XX", 2026, 2026, "that the package holidays knows"),
        ("JP", 2026, 2025, "found the years 2026 to 2025"),
        ("JP", 1000, 2026, "accepted for JP: 1949 to"),
        ("JP", 1948, 1950, "accepted for JP: 1949 to"),
        ("JP", 2026, 9000, "accepted for JP: 1949 to"),
        ("JP", 1, 2026, "found the years 1 to 2026; accepted: 2 to 9998"),
        ("JP", 2026, 9999, "found the years 2026 to 9999; accepted: 2 to 9998"),
        ("JP", 2, 9998, "accepted for JP: 1949 to"),
    ],
)
def test_what_the_package_does_not_cover_is_refused(
    country: str, first: int, last: int, message: str
) -> None:
    pytest.importorskip("holidays")
    with pytest.raises(InvalidInput, match=message):
        public_holidays(country, first, last)


@pytest.mark.parametrize(("first", "last"), [(2026.0, 2026), (2026, True), ("2026", 2026)])
def test_years_of_public_holidays_are_ints(first: Any, last: Any) -> None:
    pytest.importorskip("holidays")
    with pytest.raises(InvalidInput, match="accepted: 2 to 9998"):
        public_holidays("JP", first, last)


def test_every_year_that_is_asked_for_is_covered_from_the_first_that_there_is() -> None:
    package = pytest.importorskip("holidays")
    assert public_holidays("JP", 1949, 1950).years == {1949, 1950}
    last = package.country_holidays("JP").end_year
    assert public_holidays("JP", last, last).years == {last}
    with pytest.raises(InvalidInput, match=f"accepted for JP: 1949 to {last}"):
        public_holidays("JP", last, last + 1)


def test_a_weekend_is_that_of_the_country() -> None:
    """Egypt rests on Fridays and Saturdays."""
    pytest.importorskip("holidays")
    assert public_holidays("EG", 2026, 2026).weekend == {4, 5}


QUANTLIB = {
    C.UNADJUSTED: "Unadjusted", C.FOLLOWING: "Following", C.MODIFIED_FOLLOWING: "ModifiedFollowing",
    C.PRECEDING: "Preceding", C.MODIFIED_PRECEDING: "ModifiedPreceding", C.NEAREST: "Nearest",
}  # fmt: skip


@given(st.frozensets(DAYS, max_size=40), DAYS, st.integers(-30, 30))
def test_quantlib_moves_and_counts_alike(holidays: Iterable[D], day: D, count: int) -> None:
    quantlib = pytest.importorskip("QuantLib")
    theirs = quantlib.BespokeCalendar("theirs")
    theirs.addWeekend(quantlib.Saturday)
    theirs.addWeekend(quantlib.Sunday)
    for holiday in holidays:
        theirs.addHoliday(quantlib.Date(holiday.day, holiday.month, holiday.year))
    ours, asked = calendar(*holidays), quantlib.Date(day.day, day.month, day.year)
    for convention, name in QUANTLIB.items():
        assert ours.adjusted(day, convention) == theirs.adjust(asked, getattr(quantlib, name)).to_date()
    if count:  # QuantLib moves a day off for a count of zero
        assert ours.add(day, count) == theirs.advance(asked, count, quantlib.Days).to_date()
