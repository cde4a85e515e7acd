"""Periods counted by the rules of laws and courts; the table is tests/cases/contracts/periods.csv."""

import csv
import datetime
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.contracts.periods import (
    PERIOD_RULES,
    Counted,
    CountedHours,
    MonthEnd,
    PeriodRule,
    Rolls,
    WhyAmbiguous,
    WhyStepped,
    counted,
    counted_hours,
    needs_calendar,
)
from prmcore.errors import InvalidInput
from prmcore.values import BusinessCalendar, Length
from prmcore.values.wire import from_plain, to_plain

D = datetime.date
TABLE = Path(__file__).parents[2] / "cases" / "contracts" / "periods.csv"
YEARS = frozenset(range(1975, 2045))
WEEK = BusinessCalendar(name="Mon-Fri", version="1", years=YEARS)
LENGTHS = st.builds(
    lambda count, unit: Length.of(f"{count} {unit}"), st.integers(1, 40), st.sampled_from(("days", "weeks", "months", "years"))
)  # fmt: skip
DAYS = st.dates(D(2020, 1, 1), D(2025, 12, 31))
SHORT = st.builds(
    lambda count, unit: Length.of(f"{count} {unit}"), st.integers(1, 12), st.sampled_from(("days", "weeks", "months"))
)  # fmt: skip
RULES = st.sampled_from(tuple(PERIOD_RULES.values()))


def cases() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def count(
    rule: str, event: str, *lengths: str, calendar: BusinessCalendar | None = WEEK, backward: bool = False
) -> Counted:
    return counted(
        PERIOD_RULES[rule],
        D.fromisoformat(event),
        *map(Length.of, lengths),
        calendar=calendar,
        backward=backward,
    )


def whys(found: Counted) -> list[WhyAmbiguous]:
    return [one.why for one in found.ambiguities]


@pytest.mark.parametrize(
    "case", cases(), ids=lambda case: f"{case['rule']} {case['event']} {case['lengths']}"
)
def test_a_period_ends_where_its_source_says(case: dict[str, str]) -> None:
    holidays = [D.fromisoformat(day) for day in case["holidays"].split()]
    found = counted(
        PERIOD_RULES[case["rule"]],
        D.fromisoformat(case["event"]),
        *map(Length.of, case["lengths"].split(" + ")),
        calendar=attrs.evolve(WEEK, holidays=holidays) if case["rule"] != "jp-civil" else None,
        backward=case["direction"].startswith("back"),
        clear=case["direction"] == "back and clear",
        from_midnight=case["direction"] == "from midnight",
    )
    assert found.last_day == D.fromisoformat(case["last_day"])
    assert case["source"]


def test_every_rule_has_a_case_with_its_source() -> None:
    assert {case["rule"] for case in cases()} == set(PERIOD_RULES)


def test_the_earliest_hearing_after_28_clear_days_is_the_day_after_them() -> None:
    """CPR 2.8, example (ii): notice on 1 October, the earliest date of the hearing is 30 October."""
    assert count("uk-clear-days", "2023-10-01", "28 days").over_on == D(2023, 10, 30)


def test_a_day_off_moves_the_end_of_composed_periods_once() -> None:  # trap 12
    """T-85/97: 14 March 2026 is a Saturday; from a Monday in its place ten days would end on the 26th."""
    found = count("eu-court", "2026-01-14", "2 months", "10 days")
    assert [step.after for step in found.steps] == [D(2026, 1, 15), D(2026, 3, 14), D(2026, 3, 24)]


def test_months_in_a_row_are_taken_together() -> None:  # trap 1
    assert count("uk-corresponding", "2023-01-31", "1 month", "1 month").last_day == D(2023, 3, 31)


def test_a_week_ends_on_the_weekday_of_the_event() -> None:  # trap 13
    found = count("eu-1182-71", "1998-03-16", "3 weeks")
    assert (found.event.weekday(), found.last_day.weekday()) == (0, 0)


@pytest.mark.parametrize(
    ("rule", "last_day"),
    [("de-bgb-187-1", D(2026, 3, 1)), ("eu-1182-71", D(2026, 3, 1)), ("us-frcp6", D(2026, 2, 27))],
)
def test_counted_back_no_day_is_moved_forward(rule: str, last_day: datetime.date) -> None:  # trap 11
    """15 days before 16 March 2026 is Sunday 1 March. BGH NJW 2005, 1354; Regulation 1182/71, 3(4); FRCP 6(a)(5)."""
    assert count(rule, "2026-03-16", "15 days", backward=True).last_day == last_day


def test_28_february_is_a_month_end_for_some_and_not_for_others() -> None:  # trap 6
    ends = {
        rule: count(rule, "2023-02-28", "1 month").last_day
        for rule in ("jp-civil", "euipo-cdr56", "eu-1182-71")
    }
    assert ends == {"jp-civil": D(2023, 3, 31), "euipo-cdr56": D(2023, 3, 31), "eu-1182-71": D(2023, 3, 28)}


def test_the_third_werktag_counts_a_saturday_unless_it_is_the_last_one() -> None:
    """BGH, April 27, 2005, VIII ZR 206/04 (recalled); February 3, 2024 and August 1, 2026 are Saturdays."""
    werktage = attrs.evolve(WEEK, name="Mon-Sat", weekend=frozenset({6}))
    third = Length.of("3 business days")
    rule = PERIOD_RULES["de-bgb-187-2"]
    assert counted(rule, D(2026, 8, 1), third, calendar=werktage).last_day == D(2026, 8, 4)
    assert counted(rule, D(2024, 2, 1), third, calendar=werktage).last_day == D(2024, 2, 5)


def test_a_japanese_period_moves_where_a_calendar_says_that_it_is_the_custom() -> None:
    """Art. 142; 7 March 2026 is a Saturday."""
    with_custom, without = (count("jp-civil", "2026-02-28", "1 week", calendar=one) for one in (WEEK, None))
    assert (with_custom.last_day, with_custom.calendar, whys(with_custom)) == (
        D(2026, 3, 9),
        "Mon-Fri (1)",
        [],
    )
    assert (without.last_day, whys(without)) == (D(2026, 3, 7), [WhyAmbiguous.CUSTOM_UNKNOWN])


def test_whether_a_japanese_day_moves_that_is_counted_back_is_disputed() -> None:
    """A week lies between 22 and 14 March 2026, a Saturday."""
    found = count("jp-civil", "2026-03-22", "1 week", backward=True)
    assert (found.last_day, whys(found)) == (D(2026, 3, 14), [WhyAmbiguous.ROLL_BACK_DISPUTED])
    assert found.ambiguities[0].other == D(2026, 3, 13)


@pytest.mark.parametrize(
    ("rule", "event", "last_day", "other"),
    [  # by hand: Japan from the event or from the first counted day; elsewhere subtracted, or the latest that is over in time
        ("jp-civil", "2023-03-01", D(2023, 1, 28), D(2023, 1, 31)),
        ("jp-civil", "2023-03-31", D(2023, 2, 27), D(2023, 2, 28)),
        ("uk-corresponding", "2023-02-28", D(2023, 1, 28), D(2023, 1, 31)),
    ],
)
def test_months_counted_back_in_two_ways_give_the_earlier_day_and_say_the_other(
    rule: str, event: str, last_day: datetime.date, other: datetime.date
) -> None:
    found = count(rule, event, "1 month", calendar=None, backward=True)
    assert found.last_day == last_day
    assert found.ambiguities[0] == attrs.evolve(
        found.ambiguities[0], why=WhyAmbiguous.MONTHS_BACK, other=other
    )


def test_a_clear_month_counted_back_in_two_ways_gives_the_earlier_day_and_says_the_other() -> None:
    """By hand: a month before 31 March is 28 February, the act a day earlier. Done on 28 February it is in time as well:
    the month that runs from it is over on 28 March, before the event."""
    rule = PERIOD_RULES["uk-corresponding"]
    found = counted(rule, D(2023, 3, 31), Length.of("1 month"), backward=True, clear=True)
    assert found.last_day == D(2023, 2, 27)
    assert [one.other for one in found.ambiguities if one.why is WhyAmbiguous.MONTHS_BACK] == [D(2023, 2, 28)]


def test_practice_without_a_law_says_so() -> None:
    found = count("contract-practice", "2023-01-31", "1 month", calendar=None)
    assert (found.last_day, whys(found), found.calendar) == (D(2023, 2, 28), [WhyAmbiguous.AS_DRAFTED], None)


def test_every_step_starts_where_the_one_before_it_ended() -> None:
    found = count("eu-1182-71", "2026-03-06", "2 days")
    assert [(step.why, step.after) for step in found.steps] == [
        (WhyStepped.EVENT_EXCLUDED, D(2026, 3, 7)),
        (WhyStepped.COUNTED, D(2026, 3, 8)),
        (WhyStepped.ROLLED, D(2026, 3, 9)),
        (WhyStepped.FEW_BUSINESS_DAYS, D(2026, 3, 10)),
    ]


@given(RULES, DAYS, SHORT, SHORT)
def test_a_longer_period_never_ends_earlier(
    rule: PeriodRule, event: datetime.date, one: Length, more: Length
) -> None:
    if (one.months is None) == (more.months is None):
        short, long = sorted((one, more), key=lambda length: length.months or length.days or 0)
        ends = [counted(rule, event, length, calendar=WEEK).last_day for length in (short, long)]
        if not rule.short_days:
            assert ends == sorted(ends)


@given(RULES, DAYS, SHORT)
def test_the_other_ways_back_are_never_earlier_than_the_day_that_is_given(
    rule: PeriodRule, event: datetime.date, length: Length
) -> None:
    found = counted(rule, event, length, calendar=WEEK, backward=True)
    later = [one.other for one in found.ambiguities if one.why is WhyAmbiguous.MONTHS_BACK]
    assert all(
        other is not None and found.unmoved < other <= found.unmoved + datetime.timedelta(3)
        for other in later
    )
    assert found.last_day < event


@given(RULES, DAYS, SHORT, st.booleans())
def test_a_rule_and_a_counted_period_go_through_plain_values_without_loss(
    rule: PeriodRule, event: datetime.date, length: Length, backward: bool
) -> None:
    found = counted(rule, event, length, calendar=WEEK, backward=backward)
    assert from_plain(to_plain(found), Counted) == found
    assert from_plain(to_plain(rule), PeriodRule) == rule


@given(DAYS, LENGTHS)
def test_japan_counts_full_days_between_the_event_and_the_act(event: datetime.date, length: Length) -> None:
    if length.days is not None:
        found = counted(PERIOD_RULES["jp-civil"], event, length, backward=True)
        assert (event - found.last_day).days - 1 == length.days


# bad input


def test_what_cannot_be_counted_is_listed_whole() -> None:
    with pytest.raises(InvalidInput) as refused:
        counted(PERIOD_RULES["us-frcp6"], D(2026, 1, 1), Length.of("3 hours"), from_midnight=True, clear=True)
    assert [fault.path for fault in refused.value.faults] == [
        "lengths[0]",
        "calendar",
        "from_midnight",
        "clear",
    ]


def test_a_period_without_a_length_is_refused() -> None:
    with pytest.raises(InvalidInput, match="one or more lengths @ lengths"):
        counted(PERIOD_RULES["jp-civil"], D(2026, 1, 1))


def test_a_rule_that_needs_a_calendar_says_so() -> None:
    with pytest.raises(InvalidInput, match="a business calendar, which us-frcp6 asks for here @ calendar"):
        count("us-frcp6", "2026-01-01", "3 days", calendar=None)


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("length", ["9000 years", "99999 weeks", "99999 months"])
def test_a_period_that_leaves_the_calendar_is_refused(length: str, backward: bool) -> None:
    with pytest.raises(InvalidInput, match="years 1 to 9999"):
        count(
            "uk-corresponding",
            "1000-01-01" if backward else "9000-01-01",
            length,
            calendar=None,
            backward=backward,
        )


def test_a_rule_that_cannot_be_is_refused_with_every_fault() -> None:
    with pytest.raises(InvalidInput) as refused:
        PeriodRule(
            id="", jurisdiction=" ", source="", short_days=-1, no_end_on=frozenset({7}), hours_roll=True
        )
    assert [fault.path for fault in refused.value.faults] == [
        "id", "jurisdiction", "source", "short_days", "no_end_on", "hours_roll",
    ]  # fmt: skip


def test_a_rule_of_ones_own_is_written_in_words() -> None:
    written = {
        "id": "house", "jurisdiction": "the parties", "source": "clause 12.3", "month_end": "sticky", "rolls": "onward",
    }  # fmt: skip
    rule = from_plain(written, PeriodRule)
    assert (rule.month_end, rule.rolls) == (MonthEnd.STICKY, Rolls.ONWARD)
    assert counted(rule, D(2023, 2, 28), Length.of("2 months"), calendar=WEEK).last_day == D(2023, 5, 1)


# hours


def hours(rule: str, event: str, length: str, zone: str, calendar: BusinessCalendar | None = WEEK) -> str:
    at = datetime.datetime.fromisoformat(event)
    return counted_hours(
        PERIOD_RULES[rule], at, Length.of(length), zone=zone, calendar=calendar
    ).ends.isoformat()


def test_hours_elapse_while_clocks_change() -> None:
    """FRCP 6, committee note of 2009 (recalled): 72 hours from Friday 10:23 EDT end on Monday at 9:23 EST."""
    assert (
        hours("us-frcp6", "2007-11-02T10:23-04:00", "72 hours", "America/New_York")
        == "2007-11-05T14:23:00+00:00"
    )


def test_hours_that_end_on_a_day_off_end_at_the_same_time_by_the_clock() -> None:
    """FRCP 6(a)(2)(C): Saturday 7 March 2026 10:00 EST; on Monday the clocks have changed to EDT."""
    assert (
        hours("us-frcp6", "2026-03-05T10:00-05:00", "48 hours", "America/New_York")
        == "2026-03-09T14:00:00+00:00"
    )


def test_in_japan_hours_count_at_once() -> None:
    """Civil Code, art. 139."""
    assert (
        hours("jp-civil", "2026-03-07T10:23+09:00", "3 hours", "Asia/Tokyo", None)
        == "2026-03-07T04:23:00+00:00"
    )


def test_in_the_union_the_hour_of_the_event_does_not_count() -> None:
    """Regulation 1182/71, art. 3(1) and 3(2)(a)."""
    assert (
        hours("eu-1182-71", "2026-03-07T10:23+01:00", "3 hours", "Europe/Paris", None)
        == "2026-03-07T13:00:00+00:00"
    )


def test_a_rule_that_does_not_speak_of_hours_is_not_asked_for_them() -> None:
    with pytest.raises(InvalidInput) as refused:
        hours("de-bgb-187-1", "2026-03-07T10:23+01:00", "3 days", "Europe/Berlin")
    assert [fault.path for fault in refused.value.faults] == ["length", "rule"]


# step by step


def stepped(found: Counted) -> list[tuple[str, D, D, str | None]]:
    return [
        (one.why.value, one.before, one.after, str(one.length) if one.length else None) for one in found.steps
    ]


@pytest.mark.parametrize(
    ("rule", "options", "lengths", "steps"),
    [
        ("de-bgb-187-1", {}, ["1 week"],
         [("event-excluded", "06", "07", None), ("counted", "06", "13", "1 week")]),
        ("de-bgb-187-2", {}, ["1 week"],
         [("event-counted", "06", "06", None), ("counted", "05", "12", "1 week")]),
        ("jp-civil", {"from_midnight": True}, ["3 days"],
         [("event-counted", "06", "06", None), ("counted", "05", "08", "3 days"), ("rolled", "08", "09", None)]),
        ("us-frcp6", {}, ["1 day", "1 day"],
         [("event-excluded", "06", "07", None), ("counted", "06", "07", "1 day"), ("counted", "07", "08", "1 day"),
          ("rolled", "08", "09", None)]),
        ("uk-corresponding", {"backward": True, "clear": True}, ["3 days"],
         [("event-excluded", "06", "05", None), ("counted", "06", "03", "3 days"), ("clear", "03", "02", None)]),
        ("jp-civil", {"backward": True}, ["3 days"],  # its days are clear
         [("event-excluded", "06", "05", None), ("counted", "06", "03", "3 days"), ("clear", "03", "02", None)]),
    ],
)  # fmt: skip
def test_each_step_says_from_which_day_to_which_it_leads_and_by_which_length(
    rule: str, options: dict[str, bool], lengths: list[str], steps: list[tuple[str, str, str, str | None]]
) -> None:
    """From Friday, 6 March 2026, by hand."""
    event = D(2026, 3, 6)
    found = counted(PERIOD_RULES[rule], event, *map(Length.of, lengths), calendar=WEEK, **options)
    assert stepped(found) == [
        (why, D(2026, 3, int(a)), D(2026, 3, int(b)), length) for why, a, b, length in steps
    ]
    assert (found.rule, found.event, found.lengths) == (
        PERIOD_RULES[rule],
        event,
        tuple(map(Length.of, lengths)),
    )
    assert found.first_day == D(2026, 3, int(steps[0][2]))
    assert found.backward is ("backward" in options)
    unmoved = [step.after for step in found.steps if step.why is not WhyStepped.ROLLED][-1]
    assert (found.unmoved, found.last_day) == (unmoved, found.steps[-1].after)


@pytest.mark.parametrize(
    ("rule", "event", "length", "backward", "last_day"),
    [  # by hand; 2026-03-09 and 2026-03-16 are Mondays
        ("eu-1182-71", "2026-03-09", "1 day", False, "2026-03-10"),  # of one day nothing is asked
        ("eu-1182-71", "2026-03-16", "1 day", True, "2026-03-15"),  # a Sunday, and it stays
        ("eu-1182-71", "2026-03-16", "2 days", True, "2026-03-12"),  # of two days none is worked, with Friday and Thursday two are
        ("eu-1182-71", "2026-03-16", "3 days", True, "2026-03-12"),  # Friday only, so Thursday, too
        ("eu-1182-71", "2026-03-16", "4 days", True, "2026-03-12"),  # Friday and Thursday: enough
        ("eu-1182-71", "2026-03-12", "2 days", False, "2026-03-16"),  # Friday, Saturday to Monday
        ("eu-1182-71", "2026-03-11", "2 days", False, "2026-03-13"),
        ("euipo-cdr56", "2023-02-28", "1 month", True, "2023-01-31"),  # from a month's last day to a month's last day
        ("euipo-cdr56", "2023-02-27", "1 month", True, "2023-01-27"),
        ("euipo-cdr56", "2023-04-30", "1 month", False, "2023-05-31"),
        ("euipo-cdr56", "2023-04-29", "1 month", False, "2023-05-29"),
        ("uk-clear-days", "2026-03-12", "5 days", False, "2026-03-19"),  # five days are business days
        ("uk-clear-days", "2026-03-12", "6 days", False, "2026-03-18"),  # six are not
        ("uk-clear-days", "2026-03-12", "1 week", False, "2026-03-19"),
        ("uk-clear-days", "2026-03-16", "1 day", True, "2026-03-12"),  # Friday is clear
        ("us-frcp6", "2026-03-17", "1 day", True, "2026-03-16"),
        ("us-frcp6", "2026-03-16", "1 day", True, "2026-03-13"),  # on over Sunday and Saturday
        ("de-bgb-187-2", "2026-01-31", "1 month", False, "2026-03-02"),  # 28 February is a Saturday
        ("de-bgb-187-2", "2026-01-30", "1 month", False, "2026-03-02"),
    ],
)  # fmt: skip
def test_a_period_ends_by_its_rule(rule: str, event: str, length: str, backward: bool, last_day: str) -> None:
    assert str(count(rule, event, length, backward=backward).last_day) == last_day


@pytest.mark.parametrize(
    ("rule", "lengths", "backward", "needed"),
    [
        ("uk-corresponding", ["30 days"], False, False),
        ("uk-corresponding", ["1 month", "1 business day"], False, True),
        ("uk-clear-days", ["5 days"], False, True),
        ("uk-clear-days", ["6 days"], True, False),
        ("uk-clear-days", ["1 week"], False, False),
        ("us-frcp6", ["30 days"], True, True),
        ("de-bgb-187-1", ["30 days"], False, True),
        ("de-bgb-187-1", ["30 days"], True, False),
        ("eu-1182-71", ["30 days"], True, True),  # at least two business days
        ("jp-civil", ["30 days"], False, False),
    ],
)
def test_a_calendar_is_needed_where_the_last_day_hangs_on_it(
    rule: str, lengths: list[str], backward: bool, needed: bool
) -> None:
    given_lengths = tuple(map(Length.of, lengths))
    assert needs_calendar(PERIOD_RULES[rule], given_lengths, backward) is needed
    if needed:
        with pytest.raises(InvalidInput) as refused:
            count(rule, "2026-03-16", *lengths, calendar=None, backward=backward)
        assert list(map(str, refused.value.faults)) == [
            f"found none; accepted: a business calendar, which {rule} asks for here @ calendar"
        ]
    else:
        assert count(rule, "2026-03-16", *lengths, calendar=None, backward=backward).calendar is None
    pinned = count(rule, "2026-03-16", *lengths, backward=backward).calendar
    assert pinned == ("Mon-Fri (1)" if needed or rule == "jp-civil" else None)


CALENDARLESS = "found {}; accepted: 1 or more days, business days, weeks, months or years @ lengths[{}]"
NO_FIRST_DAY = "of a period counted forward, by a rule that can count the first day @ from_midnight"
CLEAR_FORWARD = "found yes; accepted: of a period counted back; forward, ask for over_on @ clear"


@pytest.mark.parametrize(
    ("rule", "lengths", "options", "faults"),
    [
        ("uk-corresponding", [], {}, ["found none; accepted: one or more lengths @ lengths"]),
        ("uk-corresponding", ["1 day", "0 days", "1 hour"], {},
         [CALENDARLESS.format("0 days", 1), CALENDARLESS.format("1 hour", 2)]),
        ("uk-corresponding", ["1 day"], {"from_midnight": True}, [f"found yes with uk-corresponding; accepted: {NO_FIRST_DAY}"]),
        ("jp-civil", ["1 day"], {"from_midnight": True, "backward": True}, [f"found yes with jp-civil; accepted: {NO_FIRST_DAY}"]),
        ("jp-civil", ["1 day"], {"clear": True}, [CLEAR_FORWARD]),
        ("jp-civil", ["1 day"], {"from_midnight": True}, []),
        ("de-bgb-187-2", ["1 day"], {"from_midnight": True}, []),
        ("jp-civil", ["1 day"], {"clear": True, "backward": True}, []),
    ],
)  # fmt: skip
def test_what_is_asked_of_a_rule_that_it_cannot_do_is_refused(
    rule: str, lengths: list[str], options: dict[str, bool], faults: list[str]
) -> None:
    def ask() -> Counted:
        return counted(PERIOD_RULES[rule], D(2026, 3, 9), *map(Length.of, lengths), calendar=WEEK, **options)

    if not faults:
        assert ask().event == D(2026, 3, 9)
        return
    with pytest.raises(InvalidInput) as refused:
        ask()
    assert list(map(str, refused.value.faults)) == faults


def test_an_event_is_a_day_without_a_time() -> None:
    with pytest.raises(InvalidInput, match=r"^event: found"):
        counted(PERIOD_RULES["uk-corresponding"], datetime.datetime(2026, 1, 1), Length.of("1 day"))
    with pytest.raises(InvalidInput) as refused:
        count("uk-corresponding", "9999-12-31", "1 day", calendar=None)
    assert (
        str(refused.value)
        == "event: found 9999-12-31; accepted: a day whose period lies in the years 1 to 9999"
    )


def test_of_a_japanese_period_counted_back_to_a_day_that_is_worked_nothing_is_disputed() -> None:
    assert whys(count("jp-civil", "2026-03-20", "1 week", backward=True)) == []  # Thursday the 12th
    assert whys(count("us-frcp6", "2026-03-16", "1 day", backward=True)) == []  # the rule says where it goes


# hours, step by step


def hours_of(rule: str, event: str, length: str, zone: str) -> CountedHours:
    at = datetime.datetime.fromisoformat(event)
    return counted_hours(PERIOD_RULES[rule], at, Length.of(length), zone=zone, calendar=WEEK)


def test_counted_hours_keep_all_that_they_rest_on() -> None:
    """Thursday 5 March 2026, 10:00 in New York and 48 hours: Saturday, so Monday at 10:00, by then in summer time."""
    found = hours_of("us-frcp6", "2026-03-05T10:00-05:00", "48 hours", "America/New_York")
    utc = datetime.UTC
    assert found == CountedHours(
        rule=PERIOD_RULES["us-frcp6"], zone="America/New_York", event=datetime.datetime(2026, 3, 5, 15, tzinfo=utc),
        length=Length.of("48 hours"), begins=datetime.datetime(2026, 3, 5, 15, tzinfo=utc),
        elapsed=datetime.datetime(2026, 3, 7, 15, tzinfo=utc), ends=datetime.datetime(2026, 3, 9, 14, tzinfo=utc),
        calendar="Mon-Fri (1)",
    )  # fmt: skip
    on_friday = hours_of("us-frcp6", "2026-03-05T10:00-05:00", "24 hours", "America/New_York")
    assert (on_friday.ends, on_friday.calendar) == (on_friday.elapsed, "Mon-Fri (1)")
    assert hours_of("jp-civil", "2026-03-06T10:00+09:00", "24 hours", "Asia/Tokyo").calendar is None


@pytest.mark.parametrize(
    ("event", "zone", "begins"),
    [
        (
            "2026-03-07T10:00:00+01:00",
            "Europe/Paris",
            "2026-03-07T10:00+00:00",
        ),  # the hour of the event does not count
        ("2026-03-07T10:59:59.999999+01:00", "Europe/Paris", "2026-03-07T10:00+00:00"),
        ("2026-03-07T11:00:00+01:00", "Europe/Paris", "2026-03-07T11:00+00:00"),
        ("2026-03-07T10:23:45+05:30", "Asia/Kolkata", "2026-03-07T05:30+00:00"),  # 11:00 there
    ],
)
def test_hours_of_the_union_begin_with_the_next_one_of_the_clock(event: str, zone: str, begins: str) -> None:
    found = hours_of("eu-1182-71", event, "2 hours", zone)
    start = datetime.datetime.fromisoformat(begins)
    assert (found.begins, found.ends) == (start, start + datetime.timedelta(hours=2))


@pytest.mark.parametrize(
    ("rule", "length", "faults"),
    [
        (
            "us-frcp6",
            "3 hours",
            ["found none; accepted: a business calendar, which us-frcp6 asks for here @ calendar"],
        ),
        ("jp-civil", "0 hours", ["found 0 hours; accepted: 1 or more hours @ length"]),
        ("jp-civil", "1 day", ["found 1 day; accepted: 1 or more hours @ length"]),
        ("eu-court", "1 hour", ["found eu-court; accepted: a rule that speaks of hours @ rule"]),
    ],
)
def test_hours_that_cannot_be_counted_are_refused(rule: str, length: str, faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        hours(rule, "2026-03-05T10:00+00:00", length, "UTC", None)
    assert list(map(str, refused.value.faults)) == faults


def test_hours_are_counted_from_an_instant_at_a_place() -> None:
    one = Length.of("1 hour")
    with pytest.raises(InvalidInput, match=r"^event: found"):
        counted_hours(PERIOD_RULES["jp-civil"], datetime.datetime(2026, 1, 1), one, zone="Asia/Tokyo")
    with pytest.raises(InvalidInput, match="accepted: a zone of the IANA database"):
        hours("jp-civil", "2026-03-05T10:00+00:00", "1 hour", "Tokyo")
    with pytest.raises(
        InvalidInput, match=r"^event: found .*; accepted: one whose hours lie in the years 1 to 9999$"
    ):
        hours("jp-civil", "9999-12-31T23:00+00:00", "1 hour", "UTC")
