"""What is due of a registration, and when: worked out by hand from the day on which each clause counts."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import attrs
import pytest

from prmcore.deals.registrations import (
    REGISTRATION_MOVES,
    RUNNING,
    Deal,
    Due,
    DueKind,
    Missed,
    Place,
    ProtectedFrom,
    Protection,
    ProtectionWindow,
    Registration,
    RegistrationAction,
    RegistrationPolicy,
    RegistrationState,
    RegistrationStep,
    Review,
    Revision,
    Scope,
    Term,
    due,
    next_action_at,
)
from prmcore.errors import InvalidInput
from prmcore.values import BusinessHours

A, S = RegistrationAction, RegistrationState
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
OFFICE = BusinessHours(
    zone="UTC", week={day: [(time(9), time(17))] for day in range(5)}, years=frozenset({2026})
)
REVIEW = Review(hours=OFFICE, within=16)
TOKYO = RegistrationPolicy(zone="Asia/Tokyo", answer=Term(days=14), reminder_days=(30, 7))
FOREVER = datetime(2026, 12, 31, tzinfo=UTC)
ENDS = Protection(start=date(2026, 3, 2), anchor=date(2026, 3, 2), terms=(Term(days=90),))  # until 31 May


def one(*actions: RegistrationAction, name: str = "R-1", **known: Any) -> Registration:
    """With steps of one day after the other, the first at the beginning."""
    state, steps = S.DRAFT, []
    for number, action in enumerate(actions):
        state = REGISTRATION_MOVES[state, action]
        steps.append(RegistrationStep(action=action, after=state, at=AT + number * DAY, by="kim"))
    return Registration(
        id=name, program="acme", partner="P-1", revisions=(Revision(deal=Deal(customer="Contoso"), at=AT, by="sato"),),
        account="A-1", scope=Scope(), place=Place(AT, 1), steps=tuple(steps), **known,
    )  # fmt: skip


SUBMITTED = one(A.SUBMIT)
RETURNED = one(A.SUBMIT, A.RETURN)
APPROVED = one(A.SUBMIT, A.APPROVE, protection=ENDS)


def test_what_is_due_is_given_by_name() -> None:
    assert all(field.kw_only for field in attrs.fields(Due))


def test_something_becomes_due_while_it_waits_or_is_approved() -> None:
    assert {S.SUBMITTED, S.UNDER_REVIEW, S.RETURNED, S.QUEUED, S.APPROVED} == RUNNING
    over = one(A.SUBMIT, A.APPROVE, A.CONVERT, protection=ENDS)
    assert due([over, one()], TOKYO, FOREVER) == ()


@pytest.mark.parametrize(
    ("missed", "action"),
    [(Missed.ESCALATE, A.ESCALATE), (Missed.APPROVE, A.APPROVE), (Missed.NOTHING, None)],
)
def test_a_review_is_overdue_an_instant_after_its_end(
    missed: Missed, action: RegistrationAction | None
) -> None:
    """Sixteen business hours from Monday at nine end on Tuesday at 17:00."""
    policy = RegistrationPolicy(review=attrs.evolve(REVIEW, when_missed=missed))
    end = datetime(2026, 3, 3, 17, tzinfo=UTC)
    told = Due(
        id="R-1|review-overdue|2026-03-03T17:00:00+00:00", kind=DueKind.REVIEW_OVERDUE, registration="R-1", partner="P-1",
        since=end + TICK, action=action,
    )  # fmt: skip
    assert due([SUBMITTED], policy, end) == ()
    assert due([SUBMITTED], policy, end + TICK) == (told,)
    escalated = one(A.SUBMIT, A.REVIEW, A.ESCALATE)
    assert due([escalated], policy, FOREVER) == (() if missed is Missed.ESCALATE else (told,))
    assert due([one(A.SUBMIT, A.REVIEW, A.ESCALATE, A.RETURN, A.RESUBMIT)], policy, FOREVER) != ()


def test_an_answer_is_overdue_from_the_first_instant_of_its_day() -> None:
    """Returned on 3 March at nine in UTC, 18:00 in Tokyo; fourteen days: until 17 March, there from 15:00 of the 16th."""
    since = datetime(2026, 3, 16, 15, tzinfo=UTC)
    assert due([RETURNED], TOKYO, since - TICK) == ()
    assert due([RETURNED], TOKYO, since) == (
        Due(
            id="R-1|answer-overdue|2026-03-17", kind=DueKind.ANSWER_OVERDUE, registration="R-1", partner="P-1",
            since=since, action=A.EXPIRE,
        ),
    )  # fmt: skip
    assert due([RETURNED], attrs.evolve(TOKYO, answer=None), FOREVER) == ()


def test_what_waits_ends_with_its_window() -> None:
    """Thirty days from 2 March: until 1 April, in Tokyo from 15:00 of 31 March."""
    window = ProtectionWindow(starts=ProtectedFrom.SUBMISSION, term=Term(days=30))
    policy = attrs.evolve(TOKYO, protection=window)
    since = datetime(2026, 3, 31, 15, tzinfo=UTC)
    ended = Due(
        id="R-1|ended|2026-04-01", kind=DueKind.ENDED, registration="R-1", partner="P-1", since=since,
        until=date(2026, 4, 1), action=A.EXPIRE,
    )  # fmt: skip
    assert due([SUBMITTED], policy, since) == (ended,)
    assert due([one(A.SUBMIT, A.QUEUE)], policy, since) == (ended,)
    assert due([SUBMITTED], policy, since - TICK) == ()
    assert due([SUBMITTED], TOKYO, FOREVER) == ()  # a window from its approval does not run yet
    late = attrs.evolve(policy, answer=Term(days=90))
    assert due([RETURNED], late, FOREVER) == (ended,)


REMINDER = Due(
    id="R-1|ending|2026-05-31|7", kind=DueKind.ENDING, registration="R-1", partner="P-1",
    since=datetime(2026, 5, 23, 15, tzinfo=UTC), until=date(2026, 5, 31),
)  # fmt: skip


def test_of_two_reminders_the_last_one_stands_for_both() -> None:
    """Thirty and seven days before 31 May: 1 and 24 May, in Tokyo from 15:00 of the day before."""
    first = attrs.evolve(REMINDER, id="R-1|ending|2026-05-31|30", since=datetime(2026, 4, 30, 15, tzinfo=UTC))
    assert due([APPROVED], TOKYO, first.since - TICK) == ()
    assert due([APPROVED], TOKYO, first.since) == (first,)
    assert due([APPROVED], TOKYO, REMINDER.since) == (REMINDER,)


def test_a_reminder_that_would_come_with_the_approval_is_not_given() -> None:
    """Thirty days before 2 April is 3 March, in Tokyo from 15:00 of 2 March: approved at nine on the 3rd it is over."""
    short = Protection(start=date(2026, 3, 3), anchor=date(2026, 3, 3), terms=(Term(days=30),))
    held = one(A.SUBMIT, A.APPROVE, protection=short)
    assert due([held], TOKYO, datetime(2026, 3, 20, tzinfo=UTC)) == ()
    exactly = attrs.evolve(
        held, steps=(attrs.evolve(held.steps[-1], at=datetime(2026, 3, 2, 15, tzinfo=UTC)),)
    )
    assert due([exactly], TOKYO, datetime(2026, 3, 20, tzinfo=UTC)) == ()
    before = attrs.evolve(
        exactly, steps=(attrs.evolve(exactly.steps[0], at=datetime(2026, 3, 2, 14, tzinfo=UTC)),)
    )
    assert [found.id for found in due([before], TOKYO, datetime(2026, 3, 20, tzinfo=UTC))] == [
        "R-1|ending|2026-04-02|30"
    ]


def test_a_protection_that_ended_is_told_instead_of_its_reminders() -> None:
    since = datetime(2026, 5, 30, 15, tzinfo=UTC)
    ended = attrs.evolve(
        REMINDER, id="R-1|ended|2026-05-31", kind=DueKind.ENDED, since=since, action=A.EXPIRE
    )
    assert due([APPROVED], TOKYO, since - TICK) == (REMINDER,)
    assert due([APPROVED], TOKYO, since) == (ended,)
    asked = one(A.SUBMIT, A.APPROVE, A.ASK_EXTENSION, protection=ENDS)
    waiting = attrs.evolve(
        ended, id="R-1|extension-waiting|2026-05-31", kind=DueKind.EXTENSION_WAITING, action=None
    )
    assert due([asked], TOKYO, since) == (waiting,)
    endless = attrs.evolve(APPROVED, protection=attrs.evolve(ENDS, terms=()))
    assert due([endless, attrs.evolve(APPROVED, protection=None)], TOKYO, FOREVER) == ()


def test_what_is_due_comes_in_the_order_in_which_it_became_due_and_of_one_instant_by_id() -> None:
    later = one(A.SUBMIT, A.RETURN, name="R-0")
    found = due([one(A.SUBMIT, A.APPROVE, name="R-3", protection=ENDS), later, RETURNED], TOKYO, FOREVER)
    assert [told.id for told in found] == [
        "R-0|answer-overdue|2026-03-17", "R-1|answer-overdue|2026-03-17", "R-3|ended|2026-05-31",
    ]  # fmt: skip


def test_the_end_of_one_registration_leaves_the_reminder_of_another() -> None:
    ending = attrs.evolve(ENDS, terms=(Term(days=93),))  # until 3 June: seven days before, 27 May
    other = one(A.SUBMIT, A.APPROVE, name="R-2", protection=ending)
    found = due([APPROVED, other], TOKYO, datetime(2026, 5, 31, tzinfo=UTC))
    assert [told.id for told in found] == ["R-2|ending|2026-06-03|7", "R-1|ended|2026-05-31"]


def test_a_review_that_is_late_and_a_window_that_ended_are_both_told() -> None:
    window = ProtectionWindow(starts=ProtectedFrom.SUBMISSION, term=Term(days=30))
    policy = RegistrationPolicy(review=REVIEW, protection=window)
    assert [told.kind for told in due([SUBMITTED], policy, FOREVER)] == [
        DueKind.REVIEW_OVERDUE,
        DueKind.ENDED,
    ]


def test_the_next_instant_is_the_first_after_the_one_that_is_asked_for() -> None:
    first, last = datetime(2026, 4, 30, 15, tzinfo=UTC), datetime(2026, 5, 30, 15, tzinfo=UTC)
    assert next_action_at(APPROVED, TOKYO, AT) == first
    assert next_action_at(APPROVED, TOKYO, first) == REMINDER.since
    assert next_action_at(APPROVED, TOKYO, REMINDER.since) == last
    assert next_action_at(APPROVED, TOKYO, last) is None
    with pytest.raises(InvalidInput, match="time zone"):
        next_action_at(APPROVED, TOKYO, datetime(2026, 3, 2))
    with pytest.raises(InvalidInput, match="time zone"):
        due([], TOKYO, datetime(2026, 3, 2))
