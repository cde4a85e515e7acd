"""What is due of an agreement: cases by hand, and laws that hold it to the state."""

import datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.contracts.lifecycle import (
    ENDED,
    AgreementAction,
    AgreementState,
    AgreementStep,
    Course,
    Due,
    DueKind,
    Purpose,
    Reminders,
    due,
    next_action_on,
    standing,
)
from prmcore.contracts.notice import NoticeClause, Reading
from prmcore.contracts.terms import RenewalClause, RenewalKind, TermClause, Timetable
from prmcore.errors import InvalidInput
from prmcore.testing._lifecycle import lives
from prmcore.values import Length

D = datetime.date
A = AgreementAction
K = DueKind
DAY = datetime.timedelta(days=1)
TOLD = Reminders(
    before_deadline=(Length.of("30 days"), Length.of("1 week")), before_end=(Length.of("1 month"),),
    owner="channel-manager", escalate_to="director",
)  # fmt: skip


def step(action: A, on: D, **more: object) -> AgreementStep:
    at = datetime.datetime.combine(on, datetime.time(12), datetime.UTC)
    return AgreementStep(action=action, on=on, at=at, by="clerk", **more)  # type: ignore[arg-type]


def course(start: D, length: str, kind: RenewalKind, days: str | None, at_most: int | None = None) -> Course:
    table = Timetable(
        clause=TermClause(start=start, length=Length.of(length)),
        renewal=RenewalClause(kind=kind, at_most=at_most),
    )
    clauses = () if days is None else (NoticeClause(notice=Length.of(days), reading=Reading.EXCLUSIVE_END),)
    return Course(agreement="a-1", timetable=table, notices=clauses)


YEARLY = course(D(2025, 1, 1), "1 year", RenewalKind.AUTOMATIC, "90 days")
SIGNED = (step(A.APPROVE, D(2024, 12, 1)), step(A.SIGN, D(2024, 12, 15)))
NOTICE = step(A.GIVE_NOTICE, D(2025, 9, 1), purpose=Purpose.STOP_RENEWAL, last_term=0)


def seen(found: tuple[Due, ...]) -> list[tuple[K, D, int | None]]:
    return [(one.kind, one.on, one.term) for one in found]


def test_a_year_of_an_agreement_that_renews_itself() -> None:
    # 90 days before the end of 31 December: 2 October is the last day for a notice
    by_day = [
        one
        for day in range(400)
        for one in due(
            YEARLY,
            SIGNED,
            D(2024, 12, 20) + DAY * (day + 1),
            after=D(2024, 12, 20) + DAY * day,
            reminders=TOLD,
        )
    ]
    assert seen(tuple(by_day)) == [
        (K.STARTED, D(2025, 1, 1), 0),
        (K.STOP_SOON, D(2025, 9, 2), 0),
        (K.STOP_SOON, D(2025, 9, 25), 0),
        (K.STOP_LAST_DAY, D(2025, 10, 2), 0),
        (K.RENEWAL_CERTAIN, D(2025, 10, 3), 1),
        (K.RENEWAL_STARTED, D(2026, 1, 1), 1),
    ]
    assert [one.escalate_to for one in by_day] == [None, None, None, "director", None, None]
    assert {one.owner for one in by_day} == {"channel-manager"}


def test_a_run_that_missed_years_tells_each_renewal_and_no_reminder_that_came_too_late() -> None:
    # trap 25: term by term
    found = due(YEARLY, SIGNED, D(2027, 9, 10), after=D(2025, 9, 1), reminders=TOLD)
    assert seen(found) == [
        (K.RENEWAL_CERTAIN, D(2025, 10, 3), 1),
        (K.RENEWAL_STARTED, D(2026, 1, 1), 1),
        (K.RENEWAL_CERTAIN, D(2026, 10, 3), 2),
        (K.RENEWAL_STARTED, D(2027, 1, 1), 2),
        (K.STOP_SOON, D(2027, 9, 2), 2),
    ]


def test_nothing_is_due_twice() -> None:
    assert due(YEARLY, SIGNED, D(2027, 9, 10), after=D(2027, 9, 10), reminders=TOLD) == ()


def test_after_a_notice_the_end_is_told_and_no_renewal() -> None:
    found = due(YEARLY, (*SIGNED, NOTICE), D(2026, 6, 1), after=D(2025, 9, 1), reminders=TOLD)
    assert seen(found) == [(K.ENDED, D(2026, 1, 1), 0)]
    soon = due(YEARLY, (*SIGNED, NOTICE), D(2025, 12, 5), after=D(2025, 9, 1), reminders=TOLD)
    assert [(one.kind, one.on, one.until) for one in soon] == [(K.END_SOON, D(2025, 12, 1), D(2025, 12, 31))]


def test_a_notice_that_comes_later_takes_back_what_was_to_come() -> None:
    assert next_action_on(YEARLY, SIGNED, after=D(2025, 8, 31)) == D(2025, 10, 2)
    assert next_action_on(YEARLY, (*SIGNED, NOTICE), after=D(2025, 8, 31)) == D(2026, 1, 1)


def test_of_what_is_over_nothing_becomes_due() -> None:
    over = (*SIGNED, step(A.TERMINATE, D(2025, 4, 1)))
    assert next_action_on(YEARLY, over, after=D(2025, 4, 1)) is None
    assert next_action_on(YEARLY, (), after=D(2025, 4, 1)) is None


def test_an_item_has_the_same_id_whenever_it_is_found() -> None:
    early = due(YEARLY, SIGNED, D(2025, 10, 3), after=D(2025, 10, 2))
    late = due(YEARLY, SIGNED, D(2027, 1, 1), after=D(2025, 5, 1))
    assert early[0].id == late[0].id == "a-1|renewal-certain|1|2025-10-03"
    assert len({one.id for one in late}) == len(late)


def test_a_reminder_that_cannot_be_counted_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        Reminders(before_end=(Length.of("2 hours"),), before_deadline=(Length.of("0 days"),), owner="")
    assert [fault.path for fault in caught.value.faults] == ["before_deadline[0]", "before_end[0]", "owner"]


# laws


@given(lives(), st.integers(1, 300), st.integers(1, 300))
def test_two_runs_tell_what_one_would_have(
    case: tuple[Course, tuple[AgreementStep, ...], D], first: int, second: int
) -> None:
    paper, steps, day = case
    middle, last = day + DAY * first, day + DAY * (first + second)
    both = due(paper, steps, middle, after=day) + due(paper, steps, last, after=middle)
    whole = due(paper, steps, last, after=day)
    kept = {DueKind.STOP_LAST_DAY}  # of these one run leaves out what is too late by then
    assert [one for one in both if one.kind not in kept] == [one for one in whole if one.kind not in kept]
    assert set(whole) <= set(both)


@given(lives())
def test_the_next_day_is_the_first_on_which_something_is_due(
    case: tuple[Course, tuple[AgreementStep, ...], D],
) -> None:
    paper, steps, day = case
    found = next_action_on(paper, steps, after=day, reminders=TOLD)
    if found is None:
        assert due(paper, steps, day + DAY * 3000, after=day, reminders=TOLD) == ()
    else:
        assert due(paper, steps, found - DAY, after=day, reminders=TOLD) == ()
        assert {one.on for one in due(paper, steps, found, after=day, reminders=TOLD)} == {found}


@given(lives())
def test_state_and_due_agree_from_one_day_to_the_next(
    case: tuple[Course, tuple[AgreementStep, ...], D],
) -> None:
    # trap 9: no state that no query gives
    paper, steps, day = case
    before, after = standing(paper, steps, day), standing(paper, steps, day + DAY)
    kinds = {one.kind for one in due(paper, steps, day + DAY, after=day)} - {DueKind.STOP_LAST_DAY}
    expected = set()
    if after.state in ENDED and before.state not in ENDED:
        expected = {DueKind.ENDED}
    elif after.term is not None and before.term is None:
        expected = {DueKind.STARTED}
    elif after.term is not None and before.term is not None and after.term.number > before.term.number:
        expected = {DueKind.RENEWAL_STARTED}
    elif (before.state, after.state) == (AgreementState.ACTIVE, AgreementState.RENEWED):
        expected = {DueKind.RENEWAL_CERTAIN}
    assert kinds == expected


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        *(({name: (Length.of("1 week"), Length.of(length))},
           [f"found {length}; accepted: 1 or more days, weeks, months or years @ {name}[1]"])
          for name in ("before_deadline", "before_end") for length in ("0 days", "1 hour", "1 business day")),
        *(({name: " x"}, [f"found ' x'; accepted: an id without outer blanks, in Unicode NFC @ {name}"])
          for name in ("owner", "escalate_to")),
    ],
)  # fmt: skip
def test_reminders_that_cannot_be_are_refused_at_their_part(parts: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        Reminders(**parts)
    assert list(map(str, refused.value.faults)) == faults


def test_each_item_says_until_when_something_can_be_done_and_who_is_told() -> None:
    """2 October 2025 is the last day for a notice; the notice of September ends it with the year."""
    items = [
        *due(YEARLY, SIGNED, D(2025, 9, 20), after=D(2025, 8, 31), reminders=TOLD),
        *due(YEARLY, SIGNED, D(2025, 10, 2), after=D(2025, 9, 30), reminders=TOLD),
        *due(YEARLY, (*SIGNED, NOTICE), D(2025, 12, 1), after=D(2025, 11, 30), reminders=TOLD),
    ]
    who = {"agreement": "a-1", "owner": "channel-manager", "term": 0}
    assert items == [
        Due(kind=K.STOP_SOON, on=D(2025, 9, 2), until=D(2025, 10, 2), **who),  # type: ignore[arg-type]
        Due(kind=K.STOP_LAST_DAY, on=D(2025, 10, 2), until=D(2025, 10, 2), escalate_to="director", **who),  # type: ignore[arg-type]
        Due(kind=K.END_SOON, on=D(2025, 12, 1), until=D(2025, 12, 31), **who),  # type: ignore[arg-type]
    ]


def test_reminders_of_one_day_are_told_once_in_their_order() -> None:
    """30 days and a month before 2 October are 2 September; so is the day on which somebody asks from."""
    twice = Reminders(before_deadline=(Length.of("1 week"), Length.of("30 days"), Length.of("1 month")))
    found = due(YEARLY, SIGNED, D(2025, 9, 30), after=D(2025, 9, 1), reminders=twice)
    assert [(one.kind, one.on) for one in found] == [
        (K.STOP_SOON, D(2025, 9, 2)),
        (K.STOP_SOON, D(2025, 9, 25)),
    ]
    assert due(YEARLY, SIGNED, D(2025, 9, 24), after=D(2025, 9, 2), reminders=twice) == ()


def test_what_is_too_late_is_left_out_from_the_day_after() -> None:
    days = [due(YEARLY, SIGNED, D(2025, 10, day), after=D(2025, 10, 1), reminders=TOLD) for day in (2, 3)]
    assert [[one.kind for one in found] for found in days] == [[K.STOP_LAST_DAY], [K.RENEWAL_CERTAIN]]


def test_the_end_of_what_never_began_is_of_no_term() -> None:
    over = (*SIGNED, step(A.TERMINATE, D(2024, 12, 20)))
    assert seen(due(YEARLY, over, D(2025, 6, 1), after=D(2024, 12, 16))) == [(K.ENDED, D(2024, 12, 20), None)]


def test_days_without_a_time_are_asked_for() -> None:
    moment = datetime.datetime(2025, 1, 1)
    with pytest.raises(InvalidInput, match=r"^as_of: found"):
        due(YEARLY, SIGNED, moment, after=D(2025, 1, 1))
    with pytest.raises(InvalidInput, match=r"^after: found"):
        next_action_on(YEARLY, SIGNED, after=moment)


def test_who_is_told_of_a_paper_that_was_replaced_hears_what_the_new_one_changes_on_its_first_day() -> None:
    before = standing(YEARLY, SIGNED, D(2025, 10, 10))
    fixed = course(D(2025, 1, 1), "9 months", RenewalKind.FIXED, None)
    assert seen(due(fixed, SIGNED, D(2025, 10, 11), after=D(2025, 10, 10), before=before)) == [
        (K.ENDED, D(2025, 10, 11), 0)
    ]
    assert next_action_on(fixed, SIGNED, after=D(2025, 10, 10), before=before) == D(2025, 10, 11)
    assert next_action_on(fixed, SIGNED, after=D(2025, 10, 10)) is None


@pytest.mark.parametrize("record", [Due, Reminders])
def test_each_record_is_written_with_the_names_of_its_parts(record: Any) -> None:
    assert all(field.kw_only for field in attrs.fields(record))
