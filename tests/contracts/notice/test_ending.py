"""When a notice without any reason ends an agreement, as the law of agents and contracts have it."""

import datetime
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.contracts.notice import (
    ConvenienceClause,
    NoticeEnding,
    NoticeStage,
    ToEndOf,
    ending,
    receive_by_for,
)
from prmcore.contracts.periods import PERIOD_RULES, PeriodRule, counted
from prmcore.errors import InvalidInput
from prmcore.testing import strategies
from prmcore.testing._notice import business_calendars, convenience_clauses
from prmcore.testing._periods import period_rules
from prmcore.testing._terms import starts
from prmcore.values import BusinessCalendar, Length

D = datetime.date
DAY = datetime.timedelta(days=1)
PLAIN = BusinessCalendar(name="Mon-Fri", version="by hand", years=frozenset(range(2024, 2031)))
BGB, JAPAN = PERIOD_RULES["de-bgb-187-1"], PERIOD_RULES["jp-civil"]


def clause(*stages: tuple[int, str], to: ToEndOf = ToEndOf.DAY) -> ConvenienceClause:
    return ConvenienceClause(
        stages=tuple(
            NoticeStage(notice=Length.of(notice), from_year=year, to_end_of=to) for year, notice in stages
        )
    )


AGENT = clause((1, "1 month"), (2, "2 months"), (3, "3 months"), (6, "6 months"), to=ToEndOf.MONTH)
"""HGB 89(1): one month in the first year, two in the second, three in the third to the fifth, six after five years; "only
for the end of a calendar month" (read at dejure.org)."""


@pytest.mark.parametrize(
    ("received", "year", "over", "last_day"),
    [  # by hand; the agreement runs from 1 January 2024
        (D(2024, 1, 15), 1, D(2024, 2, 15), D(2024, 2, 29)),
        (D(2024, 1, 31), 1, D(2024, 2, 29), D(2024, 2, 29)),  # BGB 188(3): no 31st, so the last day
        (D(2024, 2, 1), 1, D(2024, 3, 1), D(2024, 3, 31)),  # a day later, and a month more
        (D(2024, 12, 31), 1, D(2025, 1, 31), D(2025, 1, 31)),
        (D(2025, 1, 1), 2, D(2025, 3, 1), D(2025, 3, 31)),
        (D(2025, 6, 30), 2, D(2025, 8, 30), D(2025, 8, 31)),  # a Sunday, and it ends there
        (D(2026, 1, 31), 3, D(2026, 4, 30), D(2026, 4, 30)),
        (D(2028, 12, 31), 5, D(2029, 3, 31), D(2029, 3, 31)),
        (D(2029, 1, 1), 6, D(2029, 7, 1), D(2029, 7, 31)),
    ],
)
def test_a_commercial_agent_has_more_notice_from_year_to_year(
    received: D, year: int, over: D, last_day: D
) -> None:
    found = ending(AGENT, received, started=D(2024, 1, 1), rule=BGB)
    assert (found.year, found.counted.last_day, found.last_day) == (year, over, last_day)
    assert found.ends == last_day + DAY
    assert "BGB, s. 187(1), 188" in found.counted.rule.source


def test_no_day_off_moves_the_end_of_a_notice_into_the_next_month() -> None:  # trap 11
    """28 February 2026 is a Saturday. Moved to Monday, 2 March, as BGB 193 would, the notice would end on 31 March. BGH, III ZR
    172/04, NJW 2005, 1354: BGB 193 applies to periods of notice neither directly nor by analogy."""
    found = ending(AGENT, D(2026, 1, 28), started=D(2026, 1, 1), rule=BGB, calendar=PLAIN)
    assert (found.last_day, found.counted.calendar) == (D(2026, 2, 28), None)


@pytest.mark.parametrize(
    ("received", "notice", "last_day"),
    [
        (
            D(2026, 1, 30),
            "1 month",
            D(2026, 2, 28),
        ),  # office-furuki.info: the 31st counts first, February has none
        (D(2024, 1, 30), "1 month", D(2024, 2, 29)),  # the same, of a leap year
        (D(2026, 3, 30), "1 month", D(2026, 4, 30)),  # the same
        (
            D(2026, 11, 30),
            "3 months",
            D(2027, 2, 28),
        ),  # by hand: from 1 December on, to the day before 1 March
        (D(2026, 11, 29), "3 months", D(2027, 2, 28)),  # by hand: from the 30th on; February has none
        (D(2026, 11, 28), "3 months", D(2027, 2, 28)),  # by hand: from the 29th on; February has none
        (
            D(2026, 11, 27),
            "3 months",
            D(2027, 2, 27),
        ),  # by hand: from the 28th on, to the day before the 28th
    ],
)
def test_in_japan_the_day_of_receipt_does_not_count_and_months_end_the_day_before(
    received: D, notice: str, last_day: D
) -> None:
    """Civil Code, art. 140 and 143(2); a declaration takes effect when it is there, art. 97(1) (recalled)."""
    found = ending(clause((1, notice)), received, started=D(2020, 4, 1), rule=JAPAN)
    assert found.last_day == last_day


@pytest.mark.parametrize(
    ("to", "last_day"),
    [
        (ToEndOf.DAY, D(2026, 11, 15)), (ToEndOf.MONTH, D(2026, 11, 30)),
        (ToEndOf.QUARTER, D(2026, 12, 31)), (ToEndOf.YEAR, D(2026, 12, 31)),
    ],
)  # fmt: skip
def test_three_months_from_receipt_and_then_to_the_end_of_something(to: ToEndOf, last_day: D) -> None:
    found = ending(clause((1, "3 months"), to=to), D(2026, 8, 15), started=D(2026, 1, 1))
    assert (found.counted.last_day, found.last_day) == (D(2026, 11, 15), last_day)


def test_a_length_that_is_over_on_the_last_day_of_a_quarter_ends_with_it() -> None:
    quarter = clause((1, "3 months"), to=ToEndOf.QUARTER)
    days = [
        ending(quarter, day, started=D(2026, 1, 1)).ends
        for day in (D(2026, 6, 30), D(2026, 7, 1), D(2026, 9, 30))
    ]
    assert days == [D(2026, 10, 1), D(2027, 1, 1), D(2027, 1, 1)]


def test_business_days_of_notice_are_counted_by_the_calendar() -> None:
    """Five from Friday, 30 January 2026: Friday, 6 February."""
    five = clause((1, "5 business days"))
    assert ending(five, D(2026, 1, 30), started=D(2026, 1, 1), calendar=PLAIN).last_day == D(2026, 2, 6)
    for refused in (ending, receive_by_for):
        with pytest.raises(
            InvalidInput, match="accepted: a business calendar, which contract-practice asks for"
        ):
            refused(five, D(2026, 1, 30), started=D(2026, 1, 1))


def test_a_year_of_the_agreement_that_began_on_a_leap_day_begins_in_march() -> None:
    """BGB 188(2), (3): the first year from 29 February 2024 is over on 28 February 2025."""
    years = [
        ending(AGENT, day, started=D(2024, 2, 29)).year
        for day in (D(2025, 2, 28), D(2025, 3, 1), D(2028, 2, 28), D(2028, 2, 29))
    ]
    assert years == [1, 2, 4, 5]


def test_the_second_year_of_an_agreement_of_a_leap_day_begins_on_the_1st_of_march() -> None:
    """Received that day, a month is over on 1 April, and the agreement a day later; a day before it were three months."""
    less = clause((1, "3 months"), (2, "1 month"))
    assert receive_by_for(less, D(2025, 4, 2), started=D(2024, 2, 29)) == D(2025, 3, 1)
    assert receive_by_for(less, D(2025, 4, 1), started=D(2024, 2, 29)) == D(2024, 12, 31)


@pytest.mark.parametrize("name", ["received", "started"])
def test_a_day_that_is_no_date_is_named(name: str) -> None:
    days: Any = {"received": D(2025, 1, 1), "started": D(2024, 1, 1), name: "2024-01-01"}
    with pytest.raises(InvalidInput, match=rf"\b{name}\b"):
        ending(AGENT, **days)


def test_a_notice_before_the_agreement_began_is_one_of_its_first_year() -> None:
    assert ending(AGENT, D(2023, 12, 20), started=D(2024, 1, 1)).stage.notice == Length.of("1 month")


# the way back


@pytest.mark.parametrize(
    ("ends", "received"),
    [  # by hand; the agreement runs from 1 January 2024
        (D(2026, 7, 1), D(2026, 3, 31)),  # three months to 30 June
        (
            D(2026, 6, 30),
            D(2026, 2, 28),
        ),  # over a day earlier: it has to end with May; 28 February and three months
        (
            D(2029, 7, 1),
            D(2028, 12, 31),
        ),  # asks for six months from 1 January 2029 on; three do on the day before
        (D(2029, 8, 1), D(2029, 1, 31)),
        (D(2024, 2, 1), None),  # 1 January and a month is 1 February, so the end of February
        (D(2024, 3, 1), D(2024, 1, 31)),
    ],
)
def test_a_notice_has_to_be_there_by_a_day_for_the_agreement_to_be_over_by_another(
    ends: D, received: D | None
) -> None:
    assert receive_by_for(AGENT, ends, started=D(2024, 1, 1), rule=BGB) == received


def test_where_a_later_year_asks_for_less_it_decides() -> None:
    """A year of notice in the first year, a month after: who waits until 2027 is out earlier."""
    falling = clause((1, "12 months"), (2, "1 month"))
    assert ending(falling, D(2026, 12, 31), started=D(2026, 1, 1)).ends == D(2028, 1, 1)
    assert receive_by_for(falling, D(2027, 3, 1), started=D(2026, 1, 1)) == D(2027, 1, 31)
    assert receive_by_for(falling, D(2027, 1, 15), started=D(2026, 1, 1)) == D(2026, 1, 14)


def test_the_way_back_does_not_ask_for_the_calendar_of_the_next_year() -> None:
    """By Thursday, 31 December 2026 the five are the 25th and the 28th to the 31st, after Thursday the 24th."""
    only = BusinessCalendar(name="Mon-Fri", version="2026", years=frozenset({2026}))
    found = receive_by_for(
        clause((1, "5 business days")), D(2027, 1, 1), started=D(2026, 1, 1), calendar=only
    )
    assert found == D(2026, 12, 24)


@pytest.mark.parametrize("notice", ["72 hours", "0 days"])
def test_a_length_that_no_rule_counts_in_days_is_refused(notice: str) -> None:
    for refused in (ending, receive_by_for):
        with pytest.raises(InvalidInput, match=f"found {notice}; accepted: 1 or more days"):
            refused(clause((1, notice)), D(2026, 1, 30), started=D(2026, 1, 1))


def test_an_end_outside_the_years_is_refused() -> None:
    for notice in ("1 day", "9000 years"):
        with pytest.raises(InvalidInput, match="9999"):
            ending(clause((1, notice), to=ToEndOf.YEAR), D(9999, 1, 1), started=D(2026, 1, 1))
    late = ConvenienceClause(
        stages=(
            NoticeStage(notice=Length.of("1 day")),
            NoticeStage(notice=Length.of("2 days"), from_year=10**9),
        )
    )
    assert receive_by_for(late, D(2026, 2, 1), started=D(2026, 1, 1)) == D(2026, 1, 30)


# laws


@settings(max_examples=150, deadline=None)
@given(strategies.of(NoticeEnding))
def test_an_agreement_never_ends_before_the_length_is_over(found: NoticeEnding) -> None:
    assert found.received <= found.counted.last_day <= found.last_day < found.ends
    assert found.counted.last_day == found.counted.unmoved
    assert found.stage in found.clause.stages


@settings(max_examples=150, deadline=None)
@given(convenience_clauses(), starts(), st.integers(1, 60), period_rules(), business_calendars())
def test_a_later_receipt_has_no_earlier_end_within_a_stage(
    one: ConvenienceClause, received: D, more: int, rule: PeriodRule, calendar: BusinessCalendar
) -> None:
    def ends(day: D) -> D:
        first = attrs.evolve(one, stages=one.stages[:1])
        return ending(first, day, started=received, rule=rule, calendar=calendar).ends

    assert ends(received) <= ends(received + DAY * more)


@settings(max_examples=150, deadline=None)
@given(convenience_clauses(), starts(), st.integers(0, 2500), period_rules(), business_calendars())
def test_the_way_back_finds_the_last_day_that_still_does(
    one: ConvenienceClause, started: D, days: int, rule: PeriodRule, calendar: BusinessCalendar
) -> None:
    def ends(day: D) -> D:
        return ending(one, day, started=started, rule=rule, calendar=calendar).ends

    there = started + DAY * days
    by = ends(there)
    found = receive_by_for(one, by, started=started, rule=rule, calendar=calendar)
    assert found is not None
    assert found >= there
    assert ends(found) <= by
    later = [found + DAY * more for more in (1, 2, 3, 7, 30, 365)]
    assert all(ends(day) > by for day in later if day < by)


@settings(max_examples=100, deadline=None)
@given(starts(), st.integers(1, 24), period_rules(), business_calendars())
def test_to_the_end_of_a_day_it_is_the_counted_period_before_days_off(
    received: D, months: int, rule: PeriodRule, calendar: BusinessCalendar
) -> None:
    length = Length.of(f"{months} months")
    found = ending(clause((1, str(length))), received, started=received, rule=rule)
    assert found.last_day == counted(rule, received, length, calendar=calendar).unmoved


def test_the_end_is_written_with_the_names_of_its_parts_and_keeps_what_it_rests_on() -> None:
    assert all(field.kw_only for field in attrs.fields(NoticeEnding))
    found = ending(AGENT, D(2025, 6, 30), started=D(2024, 1, 1), rule=BGB)
    assert (found.clause, found.received, found.started, found.stage) == (
        AGENT, D(2025, 6, 30), D(2024, 1, 1), AGENT.stages[1],
    )  # fmt: skip
    assert (found.counted.event, found.counted.lengths) == (D(2025, 6, 30), (Length.of("2 months"),))


def test_without_a_rule_it_is_counted_as_contracts_mostly_mean_it() -> None:
    found = ending(clause((1, "1 month")), D(2026, 1, 31), started=D(2026, 1, 1))
    assert (found.counted.rule.id, found.last_day) == ("contract-practice", D(2026, 2, 28))
    assert receive_by_for(clause((1, "1 month")), D(2026, 3, 1), started=D(2026, 1, 1)) == D(2026, 1, 31)


@pytest.mark.parametrize("rule", ["eu-1182-71", "us-frcp6", "de-bgb-187-2"])
def test_a_rule_that_moves_the_end_of_an_act_does_not_move_that_of_a_notice(rule: str) -> None:
    """Two days from Thursday 26 February 2026: Saturday the 28th; where the first day counts Friday the 27th."""
    found = ending(clause((1, "2 days")), D(2026, 2, 26), started=D(2026, 1, 1), rule=PERIOD_RULES[rule])
    assert found.last_day == D(2026, 2, 27 if rule == "de-bgb-187-2" else 28)
    by = receive_by_for(clause((1, "2 days")), found.ends, started=D(2026, 1, 1), rule=PERIOD_RULES[rule])
    assert by == D(2026, 2, 26)


@pytest.mark.parametrize(
    ("started", "day", "year"),
    [
        (D(2024, 4, 15), D(2024, 4, 14), 1), (D(2024, 4, 15), D(2024, 4, 15), 1), (D(2024, 4, 15), D(2025, 4, 14), 1),
        (D(2024, 4, 15), D(2025, 4, 15), 2), (D(2024, 4, 15), D(2025, 3, 20), 1), (D(2024, 4, 15), D(2025, 5, 1), 2),
        (D(2024, 4, 15), D(2020, 1, 1), 1),
    ],
)  # fmt: skip
def test_a_year_of_the_agreement_begins_on_the_day_on_which_it_began(started: D, day: D, year: int) -> None:
    assert ending(AGENT, day, started=started).year == year


@pytest.mark.parametrize(
    ("to", "ends", "received"),
    [  # one day of notice; by hand
        (ToEndOf.DAY, D(2026, 5, 16), D(2026, 5, 14)),
        (ToEndOf.MONTH, D(2026, 6, 1), D(2026, 5, 30)),  # over with May
        (ToEndOf.MONTH, D(2026, 5, 31), D(2026, 4, 29)),  # a day earlier: with April
        (ToEndOf.QUARTER, D(2026, 7, 1), D(2026, 6, 29)),
        (ToEndOf.QUARTER, D(2026, 6, 30), D(2026, 3, 30)),
        (ToEndOf.QUARTER, D(2026, 5, 15), D(2026, 3, 30)),
        (ToEndOf.YEAR, D(2027, 1, 1), D(2026, 12, 30)),
        (ToEndOf.YEAR, D(2026, 12, 31), D(2025, 12, 30)),
    ],
)
def test_the_way_back_goes_to_the_last_end_of_its_kind(to: ToEndOf, ends: D, received: D) -> None:
    assert receive_by_for(clause((1, "1 day"), to=to), ends, started=D(2025, 1, 1)) == received


@pytest.mark.parametrize(
    ("ends", "received"),
    [  # two weeks from 1 February 2026 on: received that day it is over with the 15th
        (D(2026, 2, 16), D(2026, 2, 1)), (D(2026, 2, 15), None), (D(2026, 2, 1), None),
    ],
)  # fmt: skip
def test_no_notice_is_in_time_before_the_agreement_began(ends: D, received: D | None) -> None:
    assert receive_by_for(clause((1, "2 weeks")), ends, started=D(2026, 2, 1)) == received


@pytest.mark.parametrize("name", ["ends", "started"])
def test_a_day_of_the_way_back_that_is_no_date_is_named(name: str) -> None:
    days: Any = {"ends": D(2025, 1, 1), "started": D(2024, 1, 1), name: "2024-01-01"}
    with pytest.raises(InvalidInput, match=rf"^{name}: found"):
        receive_by_for(AGENT, **days)


def test_a_notice_that_is_over_on_the_last_day_of_all_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        ending(clause((1, "1 day")), D(9999, 12, 30), started=D(2026, 1, 1))
    assert (
        str(refused.value)
        == "received: found 9999-12-30; accepted: a day whose notice is over in the year 9999"
    )
    assert ending(clause((1, "1 day")), D(9999, 12, 29), started=D(2026, 1, 1)).ends == D.max
    stages = clause((1, "1 day"), (7974, "2 days"), (7975, "3 days"))  # the year 9999, and the one after it
    assert receive_by_for(stages, D(9999, 6, 1), started=D(2026, 1, 1)) == D(9999, 5, 29)
