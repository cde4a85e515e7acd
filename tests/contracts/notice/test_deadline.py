"""Until when a notice has to be there, as contracts, courts and laws have it."""

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts.lifecycle import Course
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
from prmcore.contracts.notice.deadline import (
    READING_SOURCES,
    DeadlineStep,
    ReadDeadline,
    SendBefore,
    WhyCounted,
)
from prmcore.contracts.periods import PERIOD_RULES, PeriodRule
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
UNITED_STATES = BusinessCalendar(
    name="US", version="by hand", years=frozenset({2007}), holidays={D(2007, 9, 3): "Labor Day"}
)
LONDON = BusinessCalendar(name="Mon-Fri", version="2023", years=frozenset({2023}))


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


@pytest.mark.parametrize("reading", Reading)
@pytest.mark.parametrize("end", [D(1, 1, 1), D(1, 1, 20)])
def test_what_a_rule_counts_before_the_year_one_is_refused_too(end: D, reading: Reading) -> None:
    with pytest.raises(InvalidInput, match="the years 1 to 9999"):
        receive_by(clause("40 days", rule="jp-civil", reading=reading), end)


def test_a_clause_that_cannot_be_lists_every_fault() -> None:
    with pytest.raises(InvalidInput) as refused:
        NoticeClause(
            notice=Length.of("72 hours"), opens=Length.of("0 days"), by=("vendor", " "), effective_on=EffectiveOn.DEEMED
        )  # fmt: skip
    assert [fault.path for fault in refused.value.faults] == ["notice", "opens", "by[1]", "effective_on"]
    with pytest.raises(InvalidInput, match="found 5 months; accepted: 1 year, the notice, or longer @ opens"):
        clause("1 year", opens=Length.of("5 months"))


# by a period rule that the clause names


@pytest.mark.parametrize(
    ("notice", "event", "last_day"),
    [
        (
            "10 days",
            D(2007, 9, 11),
            D(2007, 8, 31),
        ),  # the note's: the tenth is Saturday, September 1; by Friday
        (
            "11 days",
            D(2007, 9, 14),
            D(2007, 8, 31),
        ),  # by hand: Labor Day, Monday the 3rd; back over the weekend
        ("10 days", D(2007, 8, 31), D(2007, 8, 21)),  # by hand: from Friday to Tuesday, which stays
        ("14 days", D(2007, 8, 25), D(2007, 8, 10)),  # by hand: from Saturday to Saturday, and back to Friday
    ],
)
def test_a_federal_rule_counts_on_backward_over_days_off(notice: str, event: D, last_day: D) -> None:
    """Committee notes of 2009 on FRAP 26(a)(5), in the same words as on FRCP 6(a)(5): "10 days before an event"."""
    one = clause(notice, rule="us-frcp6", reading=Reading.LITERAL)
    assert receive_by(one, event + DAY, UNITED_STATES) == last_day


def test_the_safe_day_of_a_federal_rule_is_that_of_the_clear_days() -> None:
    """By hand, 10 days to Tuesday, September 11: Saturday the 1st and Friday, August 31, which is also a day before; the whole
    of the last ten days begins on Sunday the 2nd, the day before is the 1st, and so it is Friday again."""
    found = readings("10 days", D(2007, 9, 11), UNITED_STATES, rule="us-frcp6")
    assert found == dict.fromkeys(("literal", "clear-days", "exclusive-end"), D(2007, 8, 31))
    assert readings("10 days", D(2007, 9, 11))["clear-days"] == D(2007, 8, 31)


def test_by_the_rules_of_english_courts_days_are_clear_and_a_few_of_them_business_days() -> None:
    """CPR 2.8, example (i): three days before Friday, October 20 is Monday the 16th. The whole of the last three: by hand."""
    found = readings("3 days", D(2023, 10, 20), LONDON, rule="uk-clear-days")
    assert found == {"clear-days": D(2023, 10, 16), "exclusive-end": D(2023, 10, 17)}


def test_in_japan_days_that_are_counted_back_are_clear() -> None:  # trap 10
    """Daishin-in, July 15, 1935: fourteen days between the notice and the day; June 28, 2026 less 14 is the 14th."""
    found = readings("2 weeks", D(2026, 6, 28), rule="jp-civil")
    assert found == {"clear-days": D(2026, 6, 13), "exclusive-end": D(2026, 6, 14)}


def test_in_germany_a_sunday_does_not_move_a_notice_that_protects() -> None:  # trap 11
    """BGH, III ZR 172/04, NJW 2005, 1354, going on from BGHZ 59, 265: BGB 193 does not apply. 28 February 2027 is a Sunday."""
    assert readings("6 months", D(2026, 9, 30), rule="de-bgb-187-1")["exclusive-end"] == D(2026, 3, 31)
    assert readings("1 month", D(2027, 3, 31), PLAIN, rule="de-bgb-187-1")["exclusive-end"] == D(2027, 2, 28)


def test_by_the_rule_of_the_union_a_sunday_stays_and_two_days_hold_two_working_days() -> None:
    """Regulation 1182/71, art. 3(4), last sentence, and 3(5) (recalled). By hand: of the two days before Monday, March 16,
    2026 none is a working day; with Friday and Thursday there are two."""
    literal = partial(clause, rule="eu-1182-71", reading=Reading.LITERAL)
    assert receive_by(literal("15 days"), D(2026, 3, 17), PLAIN) == D(2026, 3, 1)
    assert receive_by(literal("2 days"), D(2026, 3, 17), PLAIN) == D(2026, 3, 12)


def test_the_reading_that_a_contract_states_goes_before_its_rule() -> None:
    one = clause("2 weeks", rule="jp-civil", reading=Reading.LITERAL)
    found = notice_deadline(one, D(2026, 6, 29), zone="Asia/Tokyo")
    assert (found.receive_by, found.open_until, found.is_against_rule) == (
        D(2026, 6, 14),
        D(2026, 6, 14),
        True,
    )
    agreeing = attrs.evolve(one, reading=Reading.CLEAR_DAYS)
    assert not notice_deadline(agreeing, D(2026, 6, 29), zone="Asia/Tokyo").is_against_rule


def test_a_deadline_by_a_rule_cites_it_and_each_reading_shows_how_it_was_counted() -> None:
    found = notice_deadline(
        clause("10 days", rule="us-frcp6"), D(2007, 9, 12), zone="America/New_York", calendar=UNITED_STATES
    )
    assert found.rule is PERIOD_RULES["us-frcp6"]
    counted = found.readings[0].counted
    assert counted is not None
    assert [(step.why.value, step.after) for step in counted.steps] == [
        ("event-excluded", D(2007, 9, 10)), ("counted", D(2007, 9, 1)), ("rolled", D(2007, 8, 31)),
    ]  # fmt: skip
    assert (counted.rule.source, counted.calendar) == (
        "Federal Rules of Civil Procedure, rule 6(a)",
        "US (by hand)",
    )


def test_the_first_day_for_a_notice_is_not_moved_by_days_off() -> None:
    """By hand: 20 days before Friday, August 31, 2007 is Saturday the 11th; 10 days before it Tuesday the 21st."""
    one = clause("10 days", opens=Length.of("20 days"), rule="us-frcp6", reading=Reading.LITERAL)
    found = notice_deadline(one, D(2007, 9, 1), zone="UTC", calendar=UNITED_STATES)
    assert (found.opens, found.receive_by) == (D(2007, 8, 11), D(2007, 8, 21))


def test_a_renewal_is_not_certain_before_the_last_day_by_the_rule_is_over() -> None:
    """By hand, 90 days to Thursday, 31 December 2026: Friday, 2 October, and with the 2nd off Thursday the 1st."""
    table = Timetable(
        clause=TermClause(start=D(2026, 1, 1), length=Length.of("1 year")),
        renewal=RenewalClause(kind=RenewalKind.AUTOMATIC),
    )
    closed = PLAIN.with_closures({D(2026, 10, 2): "closed"}, "by hand, 2")
    for calendar, last_day in ((PLAIN, D(2026, 10, 2)), (closed, D(2026, 10, 1))):
        course = Course(
            agreement="A-1",
            timetable=table,
            calendar=calendar,
            notices=(clause("90 days", rule="us-frcp6"),),
        )
        assert course.last_day_to_stop(table.term(0)) == last_day


ASKS: list[Callable[..., object]] = [receive_by, open_until, partial(notice_deadline, zone="UTC")]


@pytest.mark.parametrize("ask", ASKS)
def test_a_rule_that_needs_a_calendar_is_refused_without_one(ask: Callable[..., object]) -> None:
    with pytest.raises(
        InvalidInput, match="accepted: a business calendar, which us-frcp6 asks for here @ calendar"
    ):
        ask(clause("10 days", rule="us-frcp6"), NEW_YEAR)


@pytest.mark.parametrize("ask", ASKS)
def test_a_rule_that_is_not_known_is_refused_where_it_is_used(ask: Callable[..., object]) -> None:
    with pytest.raises(
        InvalidInput, match="unknown period rule 'jp-civl'; did you mean 'jp-civil'"
    ) as refused:
        ask(clause("10 days", rule="jp-civl"), NEW_YEAR)
    assert "rule" in str(refused.value)


@pytest.mark.parametrize("ask", ASKS)
def test_a_program_may_bring_its_own_rule(ask: Callable[..., object]) -> None:
    own = PeriodRule(id="ours", jurisdiction="none", source="annex B", clear_back=True, is_law=False)
    found = ask(clause("90 days", rule="ours"), NEW_YEAR, rules={"ours": own})
    if isinstance(found, NoticeDeadline):
        assert [one.reading for one in found.readings] == [Reading.CLEAR_DAYS, Reading.EXCLUSIVE_END]
    else:  # the last ninety days of the year begin on October 3
        assert found in (D(2026, 10, 1), D(2026, 10, 2))


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
        if one.counted is not None:  # its steps have laws of their own
            assert one.counted.event in (found.last_day_of_term, found.end)
            assert (one.steps, one.counted.last_day) == ((), one.last_day)
            continue
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


@settings(max_examples=200, deadline=None)
@given(notice_clauses(), starts())
def test_without_a_calendar_the_quick_answers_are_refused_when_the_whole_explanation_is(
    one: NoticeClause, end: D
) -> None:
    plain = attrs.evolve(one, effective_on=EffectiveOn.RECEIPT)  # no way of sending asks for a calendar

    def answers(ask: Callable[[], object]) -> object:
        try:
            return ask()
        except InvalidInput as refused:
            return "accepted: a business calendar" in str(refused)

    found = answers(partial(notice_deadline, plain, end, zone="UTC"))
    whole = (found.receive_by, found.open_until) if isinstance(found, NoticeDeadline) else (True, True)
    assert (answers(partial(receive_by, plain, end)), answers(partial(open_until, plain, end))) == whole


@settings(max_examples=150, deadline=None)
@given(notice_clauses(), starts(), business_calendars())
def test_a_clause_that_names_what_contracts_mostly_mean_reads_as_one_that_names_nothing(
    one: NoticeClause, end: D, calendar: BusinessCalendar
) -> None:
    def days(rule: str | None) -> list[tuple[Reading, D | None, D]]:
        named = attrs.evolve(one, rule=rule)
        found = notice_deadline(named, end, zone="UTC", calendar=calendar)
        return [(each.reading, each.opens, each.last_day) for each in found.readings]

    assert days("contract-practice") == days(None)


@settings(max_examples=150, deadline=None)
@given(notice_clauses(), starts(), business_calendars())
def test_a_rule_never_leaves_less_time_to_prepare_than_the_clause_alone(
    one: NoticeClause, end: D, calendar: BusinessCalendar
) -> None:
    assert receive_by(one, end, calendar) <= receive_by(attrs.evolve(one, rule=None), end, calendar)


# its parts


@pytest.mark.parametrize("record", [DeadlineStep, NoticeDeadline, ReadDeadline, SendBefore])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))


def test_a_deadline_keeps_what_it_was_asked_and_what_it_rests_on() -> None:
    """30 clear days to 31 December 2026: 30 November, a Monday; in Tokyo that day is over at 15:00 UTC."""
    one = clause("30 days", reading=Reading.CLEAR_DAYS)
    assert notice_deadline(one, NEW_YEAR, zone="Asia/Tokyo", calendar=PLAIN) == NoticeDeadline(
        clause=one, end=NEW_YEAR, zone="Asia/Tokyo", recommended=D(2026, 11, 30), send_before=(),
        instant=datetime.datetime(2026, 11, 30, 15, tzinfo=datetime.UTC), calendar="Mon-Fri (by hand)", rule=None,
        readings=(
            ReadDeadline(
                reading=Reading.CLEAR_DAYS, opens=None, last_day=D(2026, 11, 30), counted=None,
                steps=(
                    DeadlineStep(why=WhyCounted.SUBTRACTED, before=D(2026, 12, 31), after=D(2026, 12, 1)),
                    DeadlineStep(why=WhyCounted.DAY_BEFORE, before=D(2026, 12, 1), after=D(2026, 11, 30)),
                ),
            ),
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reading", "steps"),
    [
        (Reading.LITERAL, [("subtracted", D(2026, 12, 31), D(2026, 12, 1))]),
        (Reading.EXCLUSIVE_END, [("day-after", D(2026, 12, 31), NEW_YEAR), ("subtracted", NEW_YEAR, D(2026, 12, 2)),
                                 ("day-before", D(2026, 12, 2), D(2026, 12, 1))]),
    ],
)  # fmt: skip
def test_each_reading_shows_its_steps(reading: Reading, steps: list[tuple[str, D, D]]) -> None:
    (read,) = notice_deadline(clause("30 days", reading=reading), NEW_YEAR, zone="UTC").readings
    assert [(step.why.value, step.before, step.after) for step in read.steps] == steps


def test_a_day_is_in_time_from_the_first_to_the_last() -> None:
    bounded = ReadDeadline(reading=Reading.LITERAL, opens=D(2026, 7, 4), last_day=D(2026, 10, 2))
    days = (D(2026, 7, 3), D(2026, 7, 4), D(2026, 10, 2), D(2026, 10, 3))
    assert [day in bounded for day in days] == [False, True, True, False]
    assert [day in attrs.evolve(bounded, opens=None) for day in days] == [True, True, True, False]


def test_a_deadline_is_disputed_where_its_readings_have_different_last_days() -> None:
    found = notice_deadline(clause("90 days"), NEW_YEAR, zone="UTC")
    assert (found.is_disputed, found.opens, found.last_day_of_term, found.is_against_rule) == (
        True, None, D(2026, 12, 31), False,
    )  # fmt: skip
    assert (found.receive_by, found.open_until) == (D(2026, 10, 1), D(2026, 10, 2))
    assert READING_SOURCES.keys() == set(Reading)


@pytest.mark.parametrize(
    ("effective_on", "channels", "sent"),
    [
        (EffectiveOn.RECEIPT, ("post", "courier"), []),
        (EffectiveOn.DISPATCH, ("post", "courier"), [("post", "2026-12-01T00:00"), ("courier", "2026-12-01T00:00")]),
        (EffectiveOn.DEEMED, ("post", "courier"), [("post", "2026-11-28T00:00")]),  # to be there on the 30th, 3 days before
        (EffectiveOn.DISPATCH, (), []),
    ],
)  # fmt: skip
def test_until_when_it_has_to_be_sent_hangs_on_what_counts(
    effective_on: EffectiveOn, channels: tuple[str, ...], sent: list[tuple[str, str]]
) -> None:
    rule = DeemedReceipt(id="x", after=Length.of("3 days"))
    ways = tuple(Channel(id=way, deemed=rule if way == "post" else None) for way in channels)
    one = clause("30 days", reading=Reading.CLEAR_DAYS, effective_on=effective_on, channels=ways)
    found = notice_deadline(one, NEW_YEAR, zone="UTC").send_before
    assert [(way.channel, f"{way.at:%Y-%m-%dT%H:%M}") for way in found] == sent


@pytest.mark.parametrize(
    ("notice", "reading", "received", "open"),
    [  # before 31 March 2028, by hand
        ("1 month", None, D(2028, 2, 28), D(2028, 2, 29)),
        ("1 month", Reading.EXCLUSIVE_END, D(2028, 2, 29), D(2028, 2, 29)),
        ("30 days", None, D(2028, 2, 29), D(2028, 3, 1)),
        ("30 days", Reading.LITERAL, D(2028, 3, 1), D(2028, 3, 1)),
        ("5 business days", None, D(2028, 3, 23), D(2028, 3, 26)),
        ("5 business days", Reading.LITERAL, D(2028, 3, 24), D(2028, 3, 24)),
        ("5 business days", Reading.EXCLUSIVE_END, D(2028, 3, 26), D(2028, 3, 26)),
    ],
)
def test_the_quick_answers_are_the_earliest_and_the_latest_reading(
    notice: str, reading: Reading | None, received: D, open: D
) -> None:
    one = clause(notice, reading=reading)
    assert (receive_by(one, D(2028, 4, 1), PLAIN), open_until(one, D(2028, 4, 1), PLAIN)) == (received, open)


def test_of_months_the_latest_reading_may_be_the_whole_of_the_last_ones() -> None:
    """Six months to 30 September: subtracted 30 March, and there before the last six months 31 March."""
    assert open_until(clause("6 months"), D(2026, 10, 1)) == D(2026, 3, 31)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"end": datetime.datetime(2027, 1, 1)}, "end: found datetime.datetime(2027, 1, 1, 0, 0); accepted: a date without a time"),
        ({"zone": "Tokyo"}, "found 'Tokyo'; accepted: a zone of the IANA database"),
    ],
)  # fmt: skip
def test_a_deadline_is_asked_for_a_day_at_a_place(options: dict[str, Any], message: str) -> None:
    asked: dict[str, Any] = {"end": NEW_YEAR, "zone": "UTC", **options}
    with pytest.raises(InvalidInput) as refused:
        notice_deadline(clause("30 days"), asked.pop("end"), **asked)
    assert message in str(refused.value)


@pytest.mark.parametrize("reading", [None, *Reading])
def test_what_reaches_before_the_year_one_is_said_with_its_length(reading: Reading | None) -> None:
    for ask in (receive_by, open_until):
        with pytest.raises(
            InvalidInput, match=r"^40 days before 0001-02-01 reach outside the years 1 to 9999$"
        ):
            ask(clause("40 days", reading=reading), D(1, 2, 1))
    with pytest.raises(InvalidInput, match=r"^1 day before 0001-01-01 reach outside the years 1 to 9999$"):
        receive_by(clause("1 day", reading=Reading.LITERAL, rule="uk-corresponding"), D(1, 1, 1))


def test_a_window_by_a_rule_opens_as_each_reading_has_it() -> None:
    """By hand: 180 days before 31 December 2026 is 4 July, in clear days the 3rd; the last 180 days begin on the 5th."""
    one = clause("90 days", opens=Length.of("180 days"), rule="uk-corresponding")
    found = notice_deadline(one, NEW_YEAR, zone="UTC")
    assert [(read.reading, read.opens, read.last_day) for read in found.readings] == [
        (Reading.LITERAL, D(2026, 7, 4), D(2026, 10, 2)),
        (Reading.CLEAR_DAYS, D(2026, 7, 3), D(2026, 10, 1)),
        (Reading.EXCLUSIVE_END, D(2026, 7, 5), D(2026, 10, 2)),
    ]
    assert all(read.counted is not None and read.steps == () for read in found.readings)


def test_a_calendar_that_could_only_add_doubts_is_not_asked_for_its_years() -> None:
    """Japan counts a week without one; the calendar knows nothing of 2026."""
    for ask in (receive_by, open_until):
        assert ask(clause("1 week", rule="jp-civil"), D(2026, 6, 29), LONDON) in (
            D(2026, 6, 20),
            D(2026, 6, 21),
        )
