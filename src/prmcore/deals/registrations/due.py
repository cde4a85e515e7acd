"""What is due of registrations at an instant: missed reviews, protection that ends soon or has ended, answers that did not come.

What is due is derived from the records: a run that comes days later finds all of it, and a run after what was due is done
finds nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from enum import StrEnum

import attrs

from prmcore.deals.registrations.actions import answer_until, review_deadline, waits_until
from prmcore.deals.registrations.model import WAITING, Registration, RegistrationAction, RegistrationState
from prmcore.deals.registrations.policy import Missed, RegistrationPolicy
from prmcore.decisions.timeline import next_after
from prmcore.values import checked_instant, first_instant, natural_key

__all__ = ["RUNNING", "Due", "DueKind", "due", "next_action_at"]

RUNNING = WAITING | {RegistrationState.APPROVED}  # in these something becomes due, in others nothing
_DAY = datetime.timedelta(days=1)
_TICK = datetime.timedelta(microseconds=1)


class DueKind(StrEnum):
    """What becomes due of a registration."""

    REVIEW_OVERDUE = "review-overdue"
    ENDING = "ending"  # protection, soon
    EXTENSION_WAITING = "extension-waiting"  # protection would have ended, but an extension is asked for
    ENDED = "ended"  # protection, or the time to wait for it
    ANSWER_OVERDUE = "answer-overdue"


@attrs.frozen(kw_only=True)
class Due:
    """One thing to do or to tell; its id is what it is about, so that it is told once."""

    id: str
    kind: DueKind
    registration: str
    partner: str
    since: datetime.datetime  # when it became due
    until: datetime.date | None = None  # the first day that is no longer protected
    action: RegistrationAction | None = None  # what is to be done; None = to be told only


def due(
    registrations: Iterable[Registration], policy: RegistrationPolicy, at: datetime.datetime
) -> tuple[Due, ...]:
    """All that is due at an instant, in the order in which it became due.

    Of several reminders that have come, the last one stands for all.
    """
    instant = checked_instant(at)
    found = [
        one for registration in registrations for one in _of(registration, policy) if one.since <= instant
    ]
    latest = {(one.registration, one.kind): one for one in sorted(found, key=lambda one: one.since)}
    ended = {one.registration for one in found if one.kind in (DueKind.ENDED, DueKind.EXTENSION_WAITING)}
    left = [one for one in latest.values() if one.kind is not DueKind.ENDING or one.registration not in ended]
    return tuple(sorted(left, key=lambda one: (one.since, one.id)))


def next_action_at(
    registration: Registration, policy: RegistrationPolicy, after: datetime.datetime
) -> datetime.datetime | None:
    """The next instant after `after` at which something becomes due; None when nothing will, as things stand."""
    instant = checked_instant(after)
    coming = next_after(((one.since, one) for one in _of(registration, policy)), instant)
    return None if coming is None else coming[0]


def _of(registration: Registration, policy: RegistrationPolicy) -> Iterator[Due]:
    """Whatever becomes due of a registration as it stands, now or later."""
    if registration.state not in RUNNING:
        return
    deadline = review_deadline(registration, policy)
    if deadline is not None and policy.review is not None:
        action = {
            Missed.ESCALATE: RegistrationAction.ESCALATE,
            Missed.APPROVE: RegistrationAction.APPROVE,
        }.get(policy.review.when_missed)
        was_escalated = any(step.action is RegistrationAction.ESCALATE for step in registration.turn)
        if action is not RegistrationAction.ESCALATE or not was_escalated:
            yield _due(
                registration, DueKind.REVIEW_OVERDUE, deadline + _TICK, deadline.isoformat(), action=action
            )
    if registration.state is RegistrationState.APPROVED:
        yield from _of_protection(registration, policy)
    else:
        yield from _of_waiting(registration, policy)


def _of_waiting(registration: Registration, policy: RegistrationPolicy) -> Iterator[Due]:
    """That it waits in vain, or that the partner's answer did not come: whichever is first, since it expires once."""
    answer, until = answer_until(registration, policy), waits_until(registration, policy)
    if answer is not None and (until is None or answer <= until):
        since = first_instant(policy.zone, answer)
        yield _due(
            registration, DueKind.ANSWER_OVERDUE, since, answer.isoformat(), action=RegistrationAction.EXPIRE
        )
    elif until is not None:
        yield _ended(registration, policy, until)


def _of_protection(registration: Registration, policy: RegistrationPolicy) -> Iterator[Due]:
    until = registration.protection.until if registration.protection is not None else None
    if until is None:
        return
    approved = registration.approved_at
    for days in policy.reminder_days:
        since = first_instant(policy.zone, until - days * _DAY)
        if approved is not None and since > approved:  # a shorter protection has no use for it
            yield _due(registration, DueKind.ENDING, since, until.isoformat(), str(days), until=until)
    if registration.extension_asked is not None:
        since = first_instant(policy.zone, until)
        yield _due(registration, DueKind.EXTENSION_WAITING, since, until.isoformat(), until=until)
    else:
        yield _ended(registration, policy, until)


def _ended(registration: Registration, policy: RegistrationPolicy, until: datetime.date) -> Due:
    return _due(
        registration, DueKind.ENDED, first_instant(policy.zone, until), until.isoformat(), until=until,
        action=RegistrationAction.EXPIRE,
    )  # fmt: skip


def _due(
    registration: Registration,
    kind: DueKind,
    since: datetime.datetime,
    *key: str,
    until: datetime.date | None = None,
    action: RegistrationAction | None = None,
) -> Due:
    return Due(
        id=natural_key(registration.id, kind, *key), kind=kind, registration=registration.id, partner=registration.partner,
        since=since, until=until, action=action,
    )  # fmt: skip
