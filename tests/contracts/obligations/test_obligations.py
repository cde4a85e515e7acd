"""Obligations on a day: cases by hand, and laws."""

import datetime
from itertools import islice
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.contracts.obligations import (
    Commitments,
    Done,
    Obligation,
    ObligationState,
    obligations_due,
    occurrence_of,
    said_of_occurrence,
    standing_of,
)
from prmcore.decisions.explain import put_into_words
from prmcore.errors import InvalidInput
from prmcore.testing._obligations import obligations
from prmcore.values import BusinessCalendar, DateRange, Length, Roll, Schedule, Text

D = datetime.date
S = ObligationState
DAY = datetime.timedelta(days=1)
REPORT = Obligation(
    id="sales-report", agreement="a-1", what=Text.of("Sales report", ja="販売報告", zh="销售报告"), by="distributor",
    every=Schedule(anchor=D(2025, 12, 31), step=Length.of("1 month"), roll=Roll.of("month end")),
    during=DateRange(D(2026, 1, 1), D(2026, 7, 1)), within=Length.of("10 days"), escalate_to="director",
    escalate_after=Length.of("2 weeks"), owner="channel-manager",
)  # fmt: skip
INSURANCE = Obligation(
    id="insurance", agreement="a-1", what=Text.of("Proof of insurance"), by="distributor", on=D(2026, 3, 1)
)


def done(due: D, on: D, of: Obligation = REPORT) -> Done:
    at = datetime.datetime.combine(on, datetime.time(12), datetime.UTC)
    return Done(obligation=of.id, due=due, on=on, at=at, by="clerk", evidence="r-17")


def state(due: D, as_of: D, *by: Done, of: Obligation = REPORT) -> tuple[S, D | None]:
    found = occurrence_of(of, due, by, as_of)
    return found.state, found.changes_on


def test_an_obligation_of_each_month_end_goes_back_to_the_31st_after_february() -> None:
    assert [one.due for one in standing_of(REPORT, (), D(2026, 12, 31))] == [
        D(2026, 1, 31), D(2026, 2, 28), D(2026, 3, 31), D(2026, 4, 30), D(2026, 5, 31), D(2026, 6, 30),
    ]  # fmt: skip


def test_it_is_upcoming_then_due_then_overdue_then_escalated() -> None:
    # due on 28 February, in time for 10 days until 10 March, and for 2 weeks from 11 March nobody else is told
    due = D(2026, 2, 28)
    assert state(due, D(2026, 2, 27)) == (S.UPCOMING, D(2026, 2, 28))
    assert state(due, D(2026, 2, 28)) == (S.DUE, D(2026, 3, 11))
    assert state(due, D(2026, 3, 10)) == (S.DUE, D(2026, 3, 11))
    assert state(due, D(2026, 3, 11)) == (S.OVERDUE, D(2026, 3, 25))
    assert state(due, D(2026, 3, 24)) == (S.OVERDUE, D(2026, 3, 25))
    assert state(due, D(2026, 3, 25)) == (S.ESCALATED, None)


def test_a_milestone_without_grace_is_overdue_on_the_day_after_and_escalates_to_nobody() -> None:
    assert state(D(2026, 3, 1), D(2026, 3, 1), of=INSURANCE) == (S.DUE, D(2026, 3, 2))
    assert state(D(2026, 3, 1), D(2029, 1, 1), of=INSURANCE) == (S.OVERDUE, None)


def test_what_is_done_in_the_grace_is_in_time_and_a_day_later_too_late() -> None:
    due = D(2026, 2, 28)
    assert state(due, D(2026, 5, 1), done(due, D(2026, 3, 10)))[0] is S.DONE
    assert state(due, D(2026, 5, 1), done(due, D(2026, 3, 11)))[0] is S.DONE_LATE


def test_what_was_done_later_than_the_day_that_is_asked_for_is_not_seen() -> None:
    assert state(D(2026, 2, 28), D(2026, 3, 15), done(D(2026, 2, 28), D(2026, 3, 16)))[0] is S.OVERDUE


def test_done_for_one_month_is_not_done_for_another() -> None:
    assert state(D(2026, 2, 28), D(2026, 3, 1), done(D(2026, 1, 31), D(2026, 2, 1)))[0] is S.DUE


def test_done_twice_is_done_once_on_the_earlier_day() -> None:
    first, second = done(D(2026, 2, 28), D(2026, 3, 9)), done(D(2026, 2, 28), D(2026, 4, 9))
    found = occurrence_of(REPORT, D(2026, 2, 28), (second, first), D(2026, 5, 1))
    assert (found.state, found.done) == (S.DONE, first)
    kept = Commitments(obligations=(REPORT,)).with_done(first)
    assert kept.with_done(second) is kept
    assert kept.done == (first,)


def test_what_is_due_is_all_that_has_come_and_is_not_done() -> None:
    found = obligations_due([REPORT, INSURANCE], [done(D(2026, 1, 31), D(2026, 2, 1))], D(2026, 3, 12))
    assert [(one.obligation.id, one.due, one.state) for one in found] == [
        ("sales-report", D(2026, 2, 28), S.OVERDUE),
        ("insurance", D(2026, 3, 1), S.OVERDUE),
    ]


def test_after_the_end_only_what_survives_it_has_days() -> None:
    surviving = Obligation(
        id="return-stock", agreement="a-1", what=Text.of("Return the stock"), by="distributor", on=D(2026, 5, 1), survives=True
    )  # fmt: skip
    ends = D(2026, 4, 1)
    found = obligations_due([REPORT, surviving], [], D(2026, 6, 1), ends=ends)
    assert [one.due for one in found] == [D(2026, 1, 31), D(2026, 2, 28), D(2026, 3, 31), D(2026, 5, 1)]


def test_a_grace_of_business_days_is_counted_by_the_calendar() -> None:
    # due on Thursday 30 April 2026; Friday 1 May is a day off here, and so is the weekend: 2 business days end on 5 May
    calendar = BusinessCalendar(
        name="office", version="1", years=frozenset({2026}), holidays={D(2026, 5, 1): "Labour Day"}
    )
    one = Obligation(
        id="payment", agreement="a-1", what=Text.of("Payment"), by="distributor", on=D(2026, 4, 30),
        within=Length.of("2 business days"),
    )  # fmt: skip
    assert occurrence_of(one, D(2026, 4, 30), (), D(2026, 5, 1), calendar=calendar).last_day == D(2026, 5, 5)
    with pytest.raises(
        InvalidInput, match="calendar: found none; accepted: a business calendar, to count 2 business days"
    ):
        occurrence_of(one, D(2026, 4, 30), (), D(2026, 5, 1))


def test_it_is_said_in_three_languages() -> None:
    one = occurrence_of(REPORT, D(2026, 2, 28), (), D(2026, 3, 11))
    words = [put_into_words(said_of_occurrence(one), locale).text for locale in ("en", "ja", "zh")]
    assert words == [
        "Sales report: to be done by distributor, overdue since March 11, 2026",
        "販売報告：distributorの義務、2026年3月11日から期限超過",
        "销售报告：由distributor履行，自2026年3月11日起逾期",
    ]


def test_all_that_is_wrong_with_an_obligation_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        Obligation(
            id="o", agreement="", what=Text.of("x"), by="distributor", within=Length.of("3 hours"),
            before=(Length.of("0 days"),), escalate_after=Length.of("1 day"),
        )  # fmt: skip
    assert {fault.path for fault in caught.value.faults} == {
        "agreement", "on", "within", "before[0]", "escalate_after",
    }  # fmt: skip


@pytest.mark.parametrize("missing", ["id", "agreement", "by"])
def test_an_obligation_says_which_it_is_of_what_and_whose(missing: str) -> None:
    given: dict[str, Any] = {"id": "o", "agreement": "a", "by": "distributor", missing: None}
    with pytest.raises(InvalidInput) as caught:
        Obligation(what=Text.of("x"), on=D(2026, 1, 1), **given)
    assert [fault.path for fault in caught.value.faults] == [missing]


@pytest.mark.parametrize("on", ["2026-01-01", datetime.datetime(2026, 1, 1)])
def test_an_obligation_is_for_a_date_without_a_time(on: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        attrs.evolve(INSURANCE, on=on)
    assert [fault.path for fault in caught.value.faults] == ["on"]


def test_a_schedule_counts_from_its_anchor_unless_its_days_are_said() -> None:
    monthly = attrs.evolve(REPORT, during=DateRange(None, None))
    assert next(monthly.days_since(D(2025, 1, 1))) == D(2025, 12, 31)
    assert next(REPORT.days_since(D(2025, 1, 1))) == D(2026, 1, 31)


def test_commitments_refuse_what_is_of_nothing_here() -> None:
    other = Obligation(id="o", agreement="b", what=Text.of("x"), by="distributor", on=D(2026, 1, 1))
    with pytest.raises(InvalidInput) as caught:
        Commitments(
            obligations=(REPORT, other),
            done=(done(D(2026, 2, 27), D(2026, 3, 1)), done(D(2026, 3, 1), D(2026, 3, 1), INSURANCE)),
        )
    assert [fault.path for fault in caught.value.faults] == [
        "obligations[1].agreement", "done[0].due", "done[1].obligation",
    ]  # fmt: skip


# laws


@given(obligations(), st.dates(D(2023, 1, 1), D(2029, 1, 1)))
def test_days_before_and_since_are_all_days(one: Obligation, day: D) -> None:
    before, since = list(one.days_before(day)), list(islice(one.days_since(day), 40))
    assert all(found < day for found in before)
    assert all(found >= day for found in since)
    whole = list(islice(one.days_since(D.min), len(before) + len(since)))
    assert [*reversed(before), *since] == whole
    assert all(one.has(found) for found in whole)


@given(obligations(), st.dates(D(2024, 1, 1), D(2028, 1, 1)))
def test_the_state_stays_until_the_day_that_it_names(one: Obligation, day: D) -> None:
    for found in standing_of(one, (), day)[-3:]:
        if found.changes_on is None:
            assert occurrence_of(one, found.due, (), day + 1000 * DAY).state is found.state
            continue
        assert occurrence_of(one, found.due, (), found.changes_on - DAY).state is found.state
        assert occurrence_of(one, found.due, (), found.changes_on).state is not found.state
