"""Business hours: worked out on the wall clock by hand, and held against a counter of minutes.

The changes of clocks are those of the IANA time zone database: Berlin on 29 March and 25 October 2026 at 01:00 UTC; St. John's
until 2011 at 00:01 of its own clock, so that a minute of a new day was followed by an hour of the old one; Apia had no
30 December 2011.
"""

import pickle
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.values import (
    BusinessHours,
    Opening,
    checked_instant,
    checked_zone,
    clock_in,
    day_in,
    first_instant,
    zone_named,
)
from prmcore.values.business_hours import last_second
from prmcore.values.wire import from_plain, to_plain

H, M = timedelta(hours=1), timedelta(minutes=1)
NINE_TO_FIVE = {day: [(time(9), time(17))] for day in range(5)}
AROUND_THE_CLOCK = {day: [(time(), time())] for day in range(7)}
OFFICE = BusinessHours(
    zone="Europe/Berlin",
    week=NINE_TO_FIVE,
    years=frozenset({2026}),
    holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}),
)  # Good Friday and Easter Monday


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def hours(zone: str, week: dict[int, list[tuple[time, time]]], *years: int) -> BusinessHours:
    return BusinessHours(zone=zone, week=week, years=frozenset(years or (2026,)))


@pytest.mark.parametrize(
    ("start", "time", "end"),
    [
        ("2026-04-01T10:00+02:00", 3 * H, "2026-04-01T13:00+02:00"),
        (
            "2026-04-01T10:00+02:00",
            7 * H,
            "2026-04-01T17:00+02:00",
        ),  # the end of that day, not the next morning
        ("2026-04-01T10:00+02:00", 7 * H + M, "2026-04-02T09:01+02:00"),
        ("2026-04-02T16:00+02:00", 2 * H, "2026-04-07T10:00+02:00"),  # over Easter
        ("2026-04-04T12:00+02:00", H, "2026-04-07T10:00+02:00"),  # begun on a Saturday
        ("2026-03-27T16:00+01:00", 2 * H, "2026-03-30T10:00+02:00"),  # the clock went forward on Sunday
        ("2026-04-04T12:00+02:00", 0 * H, "2026-04-04T12:00+02:00"),
    ],
)
def test_a_deadline_is_found_on_the_wall_clock(start: str, time: timedelta, end: str) -> None:
    found = OFFICE.add(at(start), time)
    assert found == at(end)
    assert found.tzinfo is UTC
    assert OFFICE.between(at(start), at(end)) == time


def test_seventy_two_business_hours_are_three_days_of_an_office_that_never_closes_on_weekdays() -> None:
    """As compliance.ai has it: 72 business hours (3 business days). Of eight hours a day they are nine days."""
    never_closed = hours("UTC", {day: [(time(), time())] for day in range(5)})
    friday = at("2026-06-05T15:00+00:00")
    assert never_closed.add(friday, 72 * H) == at("2026-06-10T15:00+00:00")  # Wednesday
    assert hours("UTC", NINE_TO_FIVE).add(friday, 72 * H) == at(
        "2026-06-18T15:00+00:00"
    )  # 2 + 8 * 8 + 6 hours


def test_a_day_has_as_many_hours_as_its_clock_shows() -> None:
    berlin = hours("Europe/Berlin", AROUND_THE_CLOCK)
    for day, length in ((28, 24), (29, 23), (30, 24)):
        start = datetime(2026, 3, day, tzinfo=ZoneInfo("Europe/Berlin"))
        end = datetime(2026, 3, day + 1, tzinfo=ZoneInfo("Europe/Berlin"))
        assert berlin.between(start, end) == length * H
    start, end = (datetime(2026, 10, day, tzinfo=ZoneInfo("Europe/Berlin")) for day in (25, 26))
    assert berlin.between(start, end) == 25 * H


def test_an_hour_shown_twice_counts_twice_and_one_left_out_does_not() -> None:
    night = hours("Europe/Berlin", {6: [(time(1), time(4))]})
    assert night.between(at("2026-03-28T00:00+01:00"), at("2026-03-30T00:00+02:00")) == 2 * H
    assert night.between(at("2026-10-24T00:00+02:00"), at("2026-10-26T00:00+01:00")) == 4 * H
    half_past = hours("Europe/Berlin", {6: [(time(2, 30), time(2, 45))]})
    assert half_past.between(at("2026-03-28T00:00+01:00"), at("2026-03-30T00:00+02:00")) == 0 * H
    assert half_past.between(at("2026-10-24T00:00+02:00"), at("2026-10-26T00:00+01:00")) == 30 * M


def test_the_same_time_so_many_business_days_later() -> None:
    assert OFFICE.add_days(at("2026-04-01T15:30+02:00"), 3) == at(
        "2026-04-08T15:30+02:00"
    )  # 2, 7 and 8 April
    assert OFFICE.add_days(at("2026-03-27T15:30+01:00"), 1) == at("2026-03-30T15:30+02:00")
    assert OFFICE.add_days(at("2026-04-04T15:30+02:00"), 0) == at("2026-04-04T15:30+02:00")


def test_a_day_that_a_place_left_out_has_no_business_time() -> None:
    apia = hours("Pacific/Apia", AROUND_THE_CLOCK, 2011, 2012)
    assert (
        apia.between(at("2011-12-29T00:00-10:00"), at("2012-01-01T00:00+14:00")) == 48 * H
    )  # the 29th and the 31st


def test_holidays_of_a_year_that_nobody_gave_are_not_guessed() -> None:
    last = at("2026-12-31T16:00+01:00")
    assert OFFICE.add(last, H) == at("2026-12-31T17:00+01:00")
    with pytest.raises(
        InvalidInput, match="found 2027-01-01; accepted: a day of a year whose holidays are known: 2026"
    ):
        OFFICE.add(last, H + M)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="accepted: a datetime with its time zone"):
        OFFICE.add(datetime(2026, 4, 1), H)
    with pytest.raises(InvalidInput, match="accepted: a datetime with its time zone"):
        checked_instant(date(2026, 4, 1))
    assert day_in("Asia/Tokyo", at("2026-03-31T16:00+00:00")) == date(2026, 4, 1)


def test_hours_that_cannot_be_are_refused_all_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        BusinessHours(
            zone="../etc/passwd", years=frozenset({2026, 0}), holidays=frozenset({date(2025, 1, 1)}),
            week={0: [(time(9), time(12)), (time(11), time(17))]},
        )  # fmt: skip
    assert sorted(fault.path for fault in caught.value.faults) == ["holidays", "week", "years", "zone"]
    for weekday, opens, closes in (
        (7, time(9), time(17)),
        (0, time(17), time(9)),
        (0, time(9, tzinfo=UTC), time(17)),
    ):
        with pytest.raises(InvalidInput):
            Opening(weekday, opens, closes)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"weekday": 7}, ["found 7; accepted: 0 (Monday) to 6 (Sunday) @ weekday"]),
        ({"weekday": -1}, ["found -1; accepted: 0 (Monday) to 6 (Sunday) @ weekday"]),
        ({"weekday": True}, ["found True; accepted: 0 (Monday) to 6 (Sunday) @ weekday"]),
        ({"opens": "09:00"}, ["found '09:00'; accepted: a time without a zone, of whole seconds @ opens"]),
        (
            {"weekday": None, "opens": time(9, 0, 0, 1), "closes": time(17, tzinfo=UTC)},
            [
                "found None; accepted: 0 (Monday) to 6 (Sunday) @ weekday",
                "found datetime.time(9, 0, 0, 1); accepted: a time without a zone, of whole seconds @ opens",
                "found datetime.time(17, 0, tzinfo=datetime.tim; accepted: a time without a zone, of whole seconds @ closes",
            ],
        ),
    ],
)  # fmt: skip
def test_all_that_is_wrong_with_an_opening_is_said_at_once(given: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        Opening(**{"weekday": 6, "opens": time(9), "closes": time(17), **given})
    assert caught.value.title == "the opening cannot be used"
    assert [str(fault) for fault in caught.value.faults] == faults


@pytest.mark.parametrize("closes", [time(9), time(8, 59, 59)])
def test_an_opening_closes_after_it_opens(closes: time) -> None:
    with pytest.raises(
        InvalidInput, match=f"^closes: found {closes}; accepted: later than 09:00:00, or 00:00$"
    ):
        Opening(0, time(9), closes)
    assert Opening(0, time(9), time(9, 0, 1)).closes == time(9, 0, 1)
    assert Opening(0, time(), time()).closes == time()  # the whole day


NINE_TO_NOON = (time(9), time(12))


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"zone": "Mars/Olympus"}, ["found 'Mars/Olympus'; accepted: a zone of the IANA database, such as 'Asia/Tokyo' (where "
            "the system has no such database, the package tzdata brings it) @ zone"]),
        ({"week": {}}, ["found no opening; accepted: one at least @ week"]),
        ({"week": {4: [(time(11, 59, 59), time(17)), NINE_TO_NOON]}}, ["two openings of weekday 4 overlap at 11:59:59 @ week"]),
        ({"week": {4: [(time(9), time()), (time(17), time(18))]}}, ["two openings of weekday 4 overlap at 17:00:00 @ week"]),
        ({"years": frozenset[int]()}, ["found none; accepted: the years for which the holidays are known @ years"]),
        ({"years": frozenset({1})}, ["found 1; accepted: 2 to 9998 @ years"]),
        ({"years": frozenset({9999})}, ["found 9999; accepted: 2 to 9998 @ years"]),
        ({"years": frozenset({True, "2026"})}, ["found '2026'; accepted: 2 to 9998 @ years", "found True; accepted: 2 to 9998 @ years"]),
        ({"holidays": frozenset({date(2025, 1, 1)})}, ["2025-01-01 is of a year that is not among the years @ holidays"]),
        ({"holidays": frozenset({datetime(2026, 1, 1)})},
            ["the day: found datetime.datetime(2026, 1, 1, 0, 0); accepted: a date without a time @ holidays"]),
    ],
)  # fmt: skip
def test_hours_say_where_they_are_wrong(given: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        BusinessHours(**{"zone": "UTC", "week": {0: [NINE_TO_NOON]}, "years": frozenset({2026}), **given})
    assert caught.value.title == "the business hours cannot be used"
    assert [str(fault) for fault in caught.value.faults] == faults


def test_openings_may_follow_one_another_and_are_put_in_order() -> None:
    afternoon = (time(12), time(17))
    by_day = hours("UTC", {1: [afternoon, NINE_TO_NOON], 0: [NINE_TO_NOON]}, 2, 9998)
    openings = [Opening(1, *afternoon), Opening(1, *NINE_TO_NOON), Opening(0, *NINE_TO_NOON)]
    assert by_day.week == (openings[2], openings[1], openings[0])
    assert BusinessHours(zone="UTC", week=openings, years=frozenset({2, 9998})) == by_day
    assert by_day.holidays == frozenset()


def test_a_day_is_a_business_day_where_something_is_open() -> None:
    """A Thursday, Good Friday and a Saturday."""
    days = (date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 4))
    assert [OFFICE.is_business_day(day) for day in days] == [True, False, False]


def test_it_is_open_from_its_first_second_to_the_one_before_its_last() -> None:
    clock = ("08:59:59", "09:00:00", "16:59:59", "17:00:00")
    assert [OFFICE.is_open(at(f"2026-04-01T{time}+02:00")) for time in clock] == [False, True, True, False]


def test_business_time_does_not_run_backwards() -> None:
    noon = at("2026-04-01T12:00+02:00")
    assert OFFICE.between(noon, noon) == timedelta()
    with pytest.raises(
        InvalidInput,
        match=r"^end: found 2026-04-01 09:59:59\+00:00; accepted: 2026-04-01 10:00:00\+00:00 or later$",
    ):
        OFFICE.between(noon, noon - timedelta(seconds=1))
    naive = datetime(2026, 4, 1)
    for start, end, name in ((naive, noon, "start"), (noon, naive, "end")):
        with pytest.raises(
            InvalidInput, match=f"^{name}: found .*; accepted: a datetime with its time zone$"
        ):
            OFFICE.between(start, end)


@pytest.mark.parametrize("wrong", [timedelta(microseconds=-1), 5, None])
def test_no_time_below_zero_is_added(wrong: Any) -> None:
    with pytest.raises(InvalidInput, match=r"^time: found .*; accepted: a timedelta of zero or more$"):
        OFFICE.add(at("2026-04-01T12:00+02:00"), wrong)


@pytest.mark.parametrize("wrong", [-1, 10_001, True, 1.0])
def test_business_days_are_added_in_sane_numbers(wrong: Any) -> None:
    noon = at("2026-04-01T12:00+02:00")
    with pytest.raises(InvalidInput, match=f"^days: found {wrong}; accepted: 0 to 10000$"):
        OFFICE.add_days(noon, wrong)
    always = hours("UTC", AROUND_THE_CLOCK, *range(2000, 2029))
    assert always.add_days(at("2000-01-01T12:00+00:00"), 10_000) == at("2027-05-19T12:00+00:00")


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-10-24T02:30+02:00", 1, "2026-10-25T02:30+02:00"),  # shown twice: the first of the two
        ("2026-10-25T02:30+01:00", 371, "2027-10-31T02:30+02:00"),  # begun in the second, too
        ("2026-03-28T02:30+01:00", 1, "2026-03-29T03:30+02:00"),  # left out: as late as if it were not
    ],
)
def test_the_time_of_day_is_kept_where_the_clock_is_changed(start: str, days: int, end: str) -> None:
    berlin = hours("Europe/Berlin", AROUND_THE_CLOCK, 2026, 2027)
    assert berlin.add_days(at(start), days) == at(end)
    assert berlin.add_days(at(start), days).tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ("9999-12-29T23:00+00:00", "found 9999-12-29; accepted: a day of a year whose holidays are known: 2025, 2026"),
        ("9999-12-30T00:00+00:00", "time: found 1:00:00; accepted: what ends within the years 1 to 9999"),
    ],
)  # fmt: skip
def test_no_time_ends_beyond_the_last_day_of_all(start: str, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        hours("UTC", AROUND_THE_CLOCK, 2026, 2025).add(at(start), H)
    assert str(caught.value) == message


def test_an_instant_is_one_of_the_years_that_there_are() -> None:
    first = datetime(1, 1, 1, tzinfo=timezone(H))
    with pytest.raises(
        InvalidInput,
        match=r"^at: found 0001-01-01 00:00:00\+01:00; accepted: an instant of the years 1 to 9999$",
    ):
        checked_instant(first)
    with pytest.raises(InvalidInput, match=r"^at: found 5; accepted: a datetime with its time zone$"):
        checked_instant(5)
    with pytest.raises(
        InvalidInput, match=r"^day: found 0001-01-01 00:00:00.*; accepted: an instant of the years"
    ):
        first_instant("Asia/Tokyo", date.min)


@pytest.mark.parametrize("key", ["Europe/Berlin", "UTC", "Etc/GMT+9", "America/Argentina/Buenos_Aires"])
def test_a_zone_is_one_that_the_database_has(key: str) -> None:
    assert checked_zone(key) == key


@pytest.mark.parametrize(
    "key", ["", "Mars/Olympus", "Europe", "../UTC", "/etc/passwd", "UTC\n", None, 5, b"UTC"]
)
def test_what_is_no_zone_is_refused(key: Any) -> None:
    with pytest.raises(InvalidInput, match=r"accepted: a zone of the IANA database, such as 'Asia/Tokyo'"):
        checked_zone(key)


def test_utc_needs_no_database_of_zones() -> None:
    assert zone_named("UTC") is UTC
    assert zone_named("Asia/Tokyo") == ZoneInfo("Asia/Tokyo")


def test_a_day_ends_at_its_last_second_by_the_clock_of_the_place() -> None:
    assert last_second("Asia/Tokyo", date(2026, 3, 31)) == at("2026-03-31T14:59:59+00:00")
    assert last_second("Europe/Berlin", date(2026, 3, 29)) == at(
        "2026-03-29T21:59:59+00:00"
    )  # summer by then


def test_hours_are_stored_and_pickled() -> None:
    assert from_plain(to_plain(OFFICE), BusinessHours) == OFFICE
    assert pickle.loads(pickle.dumps(OFFICE)) == OFFICE
    assert to_plain(OFFICE.week[0]) == {"weekday": 0, "opens": "09:00:00", "closes": "17:00:00"}


# laws, where clocks are changed

_TIMES = st.integers(0, 96).map(lambda quarter: (quarter, time(quarter // 4 % 24, quarter % 4 * 15)))


@st.composite
def weeks(draw: st.DrawFn) -> dict[int, list[tuple[time, time]]]:
    found = {}
    for weekday in range(7):
        edges = sorted(draw(st.lists(st.integers(0, 96), max_size=4, unique=True)))
        clock = [time(edge // 4 % 24, edge % 4 * 15) for edge in edges]
        found[weekday] = list(zip(clock[::2], clock[1::2], strict=False))
    found[0] = found[0] or [(time(9), time(17))]
    return found


PLACES = (
    ("Europe/Berlin", at("2026-03-27T00:00+00:00")), ("Europe/Berlin", at("2026-10-23T00:00+00:00")),
    ("America/St_Johns", at("2010-11-05T00:00+00:00")), ("Australia/Lord_Howe", at("2026-04-03T00:00+00:00")),
    ("Asia/Kathmandu", at("2026-04-03T00:00+00:00")), ("Pacific/Apia", at("2011-12-28T00:00+00:00")),
)  # fmt: skip


@st.composite
def offices(draw: st.DrawFn) -> tuple[BusinessHours, datetime]:
    zone, start = draw(st.sampled_from(PLACES))
    holidays = frozenset(
        start.date() + timedelta(days=number) for number in draw(st.sets(st.integers(0, 6), max_size=2))
    )
    years = frozenset(range(start.year - 1, start.year + 3))
    return BusinessHours(zone=zone, week=draw(weeks()), years=years, holidays=holidays), start


def minutes(zone: str, hours: BusinessHours, start: datetime, count: int) -> list[bool]:
    """Minute by minute: what the clock shows, and whether that is within an opening of that day."""
    found = []
    for number in range(count):
        local = (start + number * M).astimezone(ZoneInfo(zone))
        shown = local.hour * 60 + local.minute
        openings = [
            one for one in hours.week if one.weekday == local.weekday() and local.date() not in hours.holidays
        ]
        spans = [
            (one.opens.hour * 60 + one.opens.minute, (one.closes.hour * 60 + one.closes.minute) or 1440)
            for one in openings
        ]
        found.append(any(opens <= shown < closes for opens, closes in spans))
    return found


@settings(max_examples=25)
@given(offices(), st.integers(0, 1440), st.integers(0, 4 * 1440), st.integers(0, 1200))
def test_business_time_is_what_a_counter_of_minutes_finds(
    office: tuple[BusinessHours, datetime], skipped: int, length: int, wanted: int
) -> None:
    hours, begin = office
    start = begin + skipped * M
    is_open = minutes(hours.zone, hours, start, length)
    assert hours.between(start, start + length * M) == sum(is_open) * M
    assert not length or hours.is_open(start) is is_open[0]
    if 0 < wanted <= sum(is_open):
        places = [number for number, one in enumerate(is_open) if one]
        assert hours.add(start, wanted * M) == start + (places[wanted - 1] + 1) * M


spans = st.timedeltas(timedelta(), timedelta(days=4))


@given(offices(), spans, spans, spans)
def test_adding_twice_is_adding_once_and_between_takes_it_back(
    office: tuple[BusinessHours, datetime], skipped: timedelta, first: timedelta, second: timedelta
) -> None:
    hours, begin = office
    start = begin + skipped
    after = hours.add(start, first)
    assert hours.between(start, after) == first
    assert hours.add(after, second) == hours.add(start, first + second)
    assert start <= after <= hours.add(start, first + second)
    assert hours.add(start, first) <= hours.add(start + second, first)


# the first instant of a day


@pytest.mark.parametrize(
    ("zone", "day", "began"),
    [
        # at 1:00 summer time (05:00 UTC) the clock went back to 0:00 of the same day, which had begun an hour before
        ("America/Havana", date(2024, 11, 3), "2024-11-03T04:00+00:00"),
        ("Atlantic/Azores", date(2024, 10, 27), "2024-10-27T00:00+00:00"),
        # at 0:01 of the new day (02:31 UTC) the clock went back to 23:01: the old day is over with the second midnight
        ("America/St_Johns", date(2006, 10, 29), "2006-10-29T03:30+00:00"),
        # at 0:00 the clock went back to 23:00, so that midnight came once, an hour later
        ("America/Sao_Paulo", date(2018, 2, 18), "2018-02-18T03:00+00:00"),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00+00:00"),  # left out: that of the next day
        ("UTC", date(2026, 1, 1), "2026-01-01T00:00+00:00"),
    ],
)
def test_a_day_begins_when_the_one_before_is_over(zone: str, day: date, began: str) -> None:
    assert first_instant(zone, day) == datetime.fromisoformat(began)


@given(
    st.sampled_from(("America/Havana", "America/St_Johns", "America/Sao_Paulo", "Pacific/Apia", "Asia/Amman", "Asia/Tokyo")),
    st.dates(date(2000, 1, 1), date(2030, 12, 31)),
)  # fmt: skip
def test_before_its_first_instant_it_is_an_earlier_day_and_never_again_after_it(zone: str, day: date) -> None:
    began = first_instant(zone, day)
    assert day_in(zone, began - timedelta(seconds=1)) < day
    assert all(day_in(zone, began + 5 * M * step) >= day for step in range(24))


def test_the_clock_of_a_place_is_said_with_its_zone() -> None:
    assert (
        clock_in("America/St_Johns", datetime.fromisoformat("2026-01-01T00:00+00:00"))
        == "2025-12-31 20:30 America/St_Johns"
    )
