"""Until when a notice has to be there, as contracts, courts and laws have it."""

import datetime
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts.notice import (
    Channel,
    DeemedReceipt,
    EffectiveOn,
    NoticeClause,
    NoticeDeadline,
    Reading,
    notice_deadline,
    open_until,
    receive_by,
)
from prmcore.contracts.terms import (
    RenewalClause,
    RenewalKind,
    RenewalStage,
    TermClause,
    Timetable,
    renewals_until,
)
from prmcore.errors import InvalidInput
from prmcore.testing import strategies
from prmcore.testing._notice import business_calendars, notice_clauses
from prmcore.testing._terms import starts
from prmcore.values import BusinessCalendar, Length, day_in

D = datetime.date
DAY = datetime.timedelta(days=1)
TICK = datetime.timedelta(microseconds=1)
NEW_YEAR = D(2027, 1, 1)
PLAIN = BusinessCalendar(name="Mon-Fri", version="by hand", years=frozenset(range(2025, 2033)))


def clause(notice: str, **more: object) -> NoticeClause:
    return NoticeClause(notice=Length.of(notice), **more)  # type: ignore[arg-type]


def readings(notice: str, last: D, calendar: BusinessCalendar | None = None, **more: object) -> dict[str, D]:
    found = notice_deadline(clause(notice, **more), last + DAY, zone="UTC", calendar=calendar)
    return {one.reading.value: one.last_day for one in found.readings}


def test_clear_days_are_one_day_before_the_subtraction() -> None:  # trap 10
    """Sykes (CUAD): "ninety (90) days" before December 31 is, in its own words, "on or before October 1"; amagi prints 2 October."""
    found = readings("90 days", D(2026, 12, 31))
    assert (found["clear-days"], found["literal"]) == (D(2026, 10, 1), D(2026, 10, 2))


@pytest.mark.parametrize(
    ("notice", "last", "exclusive", "literal"),
    [
        ("6 months", D(2026, 9, 30), D(2026, 3, 31), D(2026, 3, 30)),  # German practice; domain file, section 2.5
        ("9 months", D(2031, 2, 28), D(2030, 5, 31), D(2030, 5, 28)),  # amagi prints 28 May
        ("1 month", D(2027, 1, 31), D(2026, 12, 31), D(2026, 12, 31)),  # kündigungsfrist.org: a year from 1 February
        ("3 months", D(2027, 1, 31), D(2026, 10, 31), D(2026, 10, 31)),  # the same
        ("1 month", D(2027, 7, 14), D(2027, 6, 14), D(2027, 6, 14)),  # the same: from 15 July
        ("3 months", D(2027, 7, 14), D(2027, 4, 14), D(2027, 4, 14)),  # the same
    ],
)  # fmt: skip
def test_months_are_counted_from_the_first_day_after_the_term_not_from_its_last(
    notice: str, last: D, exclusive: D, literal: D
) -> None:  # trap 7
    found = readings(notice, last)
    assert (found["exclusive-end"], found["literal"]) == (exclusive, literal)


@pytest.mark.parametrize(
    ("notice", "days"),
    [  # literal, clear, exclusive end; by hand. 31 March 2028 is a Friday, 1 April a Saturday
        ("30 days", (D(2028, 3, 1), D(2028, 2, 29), D(2028, 3, 1))),
        ("2 weeks", (D(2028, 3, 17), D(2028, 3, 16), D(2028, 3, 17))),
        ("1 month", (D(2028, 2, 29), D(2028, 2, 28), D(2028, 2, 29))),
        ("1 year", (D(2027, 3, 31), D(2027, 3, 30), D(2027, 3, 31))),
        ("5 business days", (D(2028, 3, 24), D(2028, 3, 23), D(2028, 3, 26))),  # clear: 24 and 27 to 30
    ],
)
def test_each_unit_has_its_three_readings(notice: str, days: tuple[D, D, D]) -> None:
    assert tuple(readings(notice, D(2028, 3, 31), PLAIN).values()) == days


def test_business_days_are_not_calendar_days() -> None:  # trap 15
    """Ten before Friday 18 December 2026: Friday the 4th when nothing is off, Thursday the 3rd when the 8th is (Spain)."""
    spain = PLAIN.with_closures({D(2026, 12, 8): "Inmaculada"}, "by hand, 2")
    assert readings("10 days", D(2026, 12, 18))["literal"] == D(2026, 12, 8)
    assert readings("10 business days", D(2026, 12, 18), PLAIN)["literal"] == D(2026, 12, 4)
    assert readings("10 business days", D(2026, 12, 18), spain)["literal"] == D(2026, 12, 3)
    with pytest.raises(InvalidInput, match="accepted: a business calendar, to count 10 business days"):
        receive_by(clause("10 business days"), D(2026, 12, 19))


def test_a_deadline_on_a_sunday_stays_there_and_the_friday_before_is_recommended() -> None:  # trap 11
    """Not extended to Monday: BGH, NJW 2005, 1354 on BGB 193. 28 February 2027 is a Sunday; kündigungsfrist.org says so, too."""
    one = clause("1 month", reading=Reading.EXCLUSIVE_END)
    found = notice_deadline(one, D(2027, 4, 1), zone="Europe/Berlin", calendar=PLAIN)
    assert (found.receive_by, found.recommended) == (D(2027, 2, 28), D(2027, 2, 26))
    assert found.instant == datetime.datetime(2027, 2, 28, 23, tzinfo=datetime.UTC)
    assert found.calendar == "Mon-Fri (by hand)"


def test_without_a_calendar_no_day_is_recommended() -> None:
    found = notice_deadline(clause("90 days"), NEW_YEAR, zone="UTC")
    assert (found.recommended, found.calendar) == (None, None)


@pytest.mark.parametrize(
    ("zone", "end", "last_day", "instant"),
    [
        ("America/Sao_Paulo", D(2018, 12, 5), D(2018, 11, 3), "2018-11-04T03:00+00:00"),  # no midnight on the 4th
        ("Pacific/Apia", D(2012, 1, 29), D(2011, 12, 28), "2011-12-29T10:00+00:00"),
        ("Pacific/Apia", D(2012, 1, 30), D(2011, 12, 29), "2011-12-30T10:00+00:00"),  # the 31st follows on the 29th
        ("Pacific/Apia", D(2012, 1, 31), D(2011, 12, 30), "2011-12-30T10:00+00:00"),  # a day that never was
        ("Asia/Tokyo", D(2026, 5, 2), D(2026, 3, 31), "2026-03-31T15:00+00:00"),
    ],
)  # fmt: skip
def test_the_deadline_is_the_first_instant_of_the_next_day_at_the_place(
    zone: str, end: D, last_day: D, instant: str
) -> None:
    """30 clear days before the last day; offsets by the IANA database."""
    found = notice_deadline(clause("30 days", reading=Reading.CLEAR_DAYS), end, zone=zone)
    assert (found.receive_by, found.instant) == (last_day, datetime.datetime.fromisoformat(instant))


def test_a_window_opens_when_no_reading_finds_it_too_early() -> None:
    """Between 6 and 3 months before 31 December: from 1 July (the last six months) to 29 September (three clear ones)."""
    found = notice_deadline(clause("3 months", opens=Length.of("6 months")), NEW_YEAR, zone="UTC")
    assert [(str(one.opens), str(one.last_day)) for one in found.readings] == [
        ("2026-06-30", "2026-09-30"), ("2026-06-29", "2026-09-29"), ("2026-07-01", "2026-09-30"),
    ]  # fmt: skip
    assert (found.opens, found.receive_by, found.open_until) == (
        D(2026, 7, 1),
        D(2026, 9, 29),
        D(2026, 9, 30),
    )


def test_a_reading_that_the_contract_states_leaves_no_other() -> None:
    found = notice_deadline(clause("6 months", reading=Reading.LITERAL), D(2026, 10, 1), zone="UTC")
    assert (found.receive_by, found.is_disputed, len(found.readings)) == (D(2026, 3, 30), False, 1)


def test_a_renewal_is_not_certain_on_the_last_day_for_a_notice() -> None:  # trap 8
    """90 days to 31 December 2026, read in any way: until 2 October, in Berlin until 22:00 UTC; OCA renews on that day."""
    table = Timetable(
        clause=TermClause(start=D(2026, 1, 1), length=Length.of("1 year")),
        renewal=RenewalClause(kind=RenewalKind.AUTOMATIC),
    )
    over = datetime.datetime(2026, 10, 2, 22, tzinfo=datetime.UTC)
    ask = partial(
        renewals_until, "A-1", table, deadline=partial(open_until, clause("90 days")), zone="Europe/Berlin"
    )
    assert ask(over - TICK) == ()
    assert [(one.stage, one.at) for one in ask(over)] == [(RenewalStage.CERTAIN, over)]


def test_where_dispatch_counts_it_may_be_sent_until_the_deadline() -> None:
    one = clause(
        "2 weeks", effective_on=EffectiveOn.DISPATCH, channels=(Channel(id="post"), Channel(id="email"))
    )
    found = notice_deadline(one, NEW_YEAR, zone="Asia/Tokyo")
    assert [(way.channel, way.at) for way in found.send_before] == [
        ("post", found.instant),
        ("email", found.instant),
    ]


def test_where_receipt_counts_nobody_can_say_when_to_send() -> None:
    rule = DeemedReceipt(id="x", after=Length.of("2 days"))
    one = clause("2 weeks", channels=(Channel(id="post", deemed=rule),))
    assert notice_deadline(one, NEW_YEAR, zone="UTC").send_before == ()


@pytest.mark.parametrize(
    ("end", "notice"), [(D(1, 2, 1), "40 days"), (D(1, 2, 1), "2 months"), (D(1, 1, 1), "1 day")]
)
@pytest.mark.parametrize("reading", [None, *Reading])
def test_what_lies_before_the_year_one_is_refused(end: D, notice: str, reading: Reading | None) -> None:
    with pytest.raises(InvalidInput, match="outside the years 1 to 9999"):
        receive_by(clause(notice, reading=reading), end)


def test_a_clause_that_cannot_be_lists_every_fault() -> None:
    with pytest.raises(InvalidInput) as refused:
        NoticeClause(
            notice=Length.of("72 hours"), opens=Length.of("0 days"), by=("vendor", " "), effective_on=EffectiveOn.DEEMED
        )  # fmt: skip
    assert [fault.path for fault in refused.value.faults] == ["notice", "opens", "by[1]", "effective_on"]
    with pytest.raises(InvalidInput, match="found 5 months; accepted: 1 year, the notice, or longer @ opens"):
        clause("1 year", opens=Length.of("5 months"))


# laws


@settings(max_examples=150, deadline=None)
@given(strategies.of(NoticeDeadline))
def test_the_safe_day_is_no_later_than_any_reading(found: NoticeDeadline) -> None:
    assert all(found.receive_by <= one.last_day <= found.open_until for one in found.readings)
    assert all(found.opens is None or one.opens is None or one.opens <= found.opens for one in found.readings)
    assert found.recommended is not None
    assert found.recommended <= found.receive_by


@settings(max_examples=200, deadline=None)
@given(notice_clauses(), starts(), business_calendars())
def test_the_quick_answer_is_that_of_the_whole_explanation(
    one: NoticeClause, end: D, calendar: BusinessCalendar
) -> None:
    found = notice_deadline(one, end, zone="UTC", calendar=calendar)
    assert receive_by(one, end, calendar) == found.receive_by
    assert open_until(one, end, calendar) == found.open_until


@settings(max_examples=100, deadline=None)
@given(strategies.of(NoticeDeadline))
def test_the_steps_lead_from_the_last_day_of_the_term_to_the_deadline(found: NoticeDeadline) -> None:
    for one in found.readings:
        days = [found.last_day_of_term, *(step.after for step in one.steps)]
        assert [step.before for step in one.steps] == days[:-1]
        assert days[-1] == one.last_day


@settings(max_examples=100, deadline=None)
@given(strategies.of(NoticeDeadline))
def test_before_the_instant_it_is_the_safe_day_at_the_latest_and_from_it_on_a_later_one(
    found: NoticeDeadline,
) -> None:
    assert day_in(found.zone, found.instant - TICK) <= found.receive_by < day_in(found.zone, found.instant)


@settings(max_examples=100, deadline=None)
@given(notice_clauses(), starts(), business_calendars(), st.integers(1, 60))
def test_a_later_end_has_no_earlier_deadline(
    one: NoticeClause, end: D, calendar: BusinessCalendar, more: int
) -> None:
    assert receive_by(one, end, calendar) <= receive_by(one, end + DAY * more, calendar)


@settings(max_examples=60)
@given(starts(), st.integers(1, 400))
def test_four_hundred_years_later_the_deadline_is_four_hundred_years_later(end: D, days: int) -> None:
    """146,097 days: the Gregorian calendar repeats itself."""
    for one in (clause(f"{days} days"), clause(f"{days % 24 + 1} months")):
        assert receive_by(one, end + DAY * 146_097) == receive_by(one, end) + DAY * 146_097
