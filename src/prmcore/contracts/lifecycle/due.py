"""What is due of an agreement: the days on which its state changes, those on which somebody is told beforehand, and those of
its obligations and minimums.

All of it is read from `standing` and from how the commitments stand: no second set of rules says when something happens. Whoever
asks names the day up to which he was told, so that a run twice on one day tells nothing twice, and a run that missed days
tells all of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from enum import StrEnum
from heapq import merge
from operator import attrgetter

import attrs

from prmcore.contracts.lifecycle.model import ENDED, AgreementState, AgreementStep
from prmcore.contracts.lifecycle.standing import Course, Standing, standing
from prmcore.contracts.obligations import NO_COMMITMENTS, Commitments, Moment, Stretch, moments
from prmcore.errors import Faults
from prmcore.values import Length, Text, Unit, checked_date, checked_id, moved_on, natural_key

__all__ = ["Due", "DueKind", "Reminders", "due", "next_action_on"]

_S = AgreementState
_ON = attrgetter("on")
_DAY = datetime.timedelta(days=1)


class DueKind(StrEnum):
    """What becomes due of an agreement."""

    STARTED = "started"  # the first term
    STOP_SOON = "stop-soon"  # the last day on which the next term can safely be stopped is near
    STOP_LAST_DAY = "stop-last-day"
    RENEWAL_CERTAIN = "renewal-certain"
    RENEWAL_STARTED = "renewal-started"
    END_SOON = "end-soon"
    ENDED = "ended"
    # of obligations and minimums: see `obligations.MomentKind`
    OBLIGATION_SOON = "obligation-soon"
    OBLIGATION_DUE = "obligation-due"
    OBLIGATION_OVERDUE = "obligation-overdue"
    OBLIGATION_ESCALATED = "obligation-escalated"
    MINIMUM_ENDED = "minimum-ended"
    CURE_LAST_DAY = "cure-last-day"
    CURE_ENDED = "cure-ended"


@attrs.frozen(kw_only=True)
class Reminders:
    """How long before somebody is told, and who."""

    before_deadline: tuple[Length, ...] = ()  # before the last day on which the next term can be stopped
    before_end: tuple[Length, ...] = ()  # before the first day on which it is over
    owner: str | None = None  # who is told; None = whoever asks
    escalate_to: str | None = None  # who is told besides on the last day; None = nobody

    def __attrs_post_init__(self) -> None:
        faults = Faults("the reminders cannot be used")
        for name in ("before_deadline", "before_end"):
            for place, length in enumerate(getattr(self, name)):
                if not length.count or length.unit in (Unit.HOURS, Unit.BUSINESS_DAYS):
                    faults.add(
                        f"found {length}; accepted: 1 or more days, weeks, months or years",
                        f"{name}[{place}]",
                    )
        for name in ("owner", "escalate_to"):
            if getattr(self, name) is not None:
                with faults.within(name):
                    checked_id(getattr(self, name))
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Due:
    """One thing to tell, or to do; the same for the same event, whoever asks."""

    agreement: str
    kind: DueKind
    on: datetime.date  # since when
    # that it is about: the one that runs, is certain, or begins; None = of an end before all terms, and of commitments
    term: int | None = None
    until: datetime.date | None = None  # of what can still be done: the last day for it
    owner: str | None = None
    escalate_to: str | None = None
    subject: str | None = None  # the id of the obligation, or the key of the minimum; None = the agreement
    day: datetime.date | None = None  # that the obligation is due, or the last day of the minimum's year
    what: Text | None = None  # the obligation in people's words

    @property
    def id(self) -> str:
        """A natural key: the agreement, what it is, its term or what it is about, and its day."""
        about = (str(self.term),) if self.subject is None else (self.subject, str(self.day))
        return natural_key(self.agreement, self.kind, *about, self.on.isoformat())


_NOTHING = Reminders()
_UNSIGNED = frozenset({_S.DRAFT, _S.NEGOTIATION, _S.APPROVED, _S.ABANDONED})  # nobody is bound


def due(
    course: Course,
    steps: Sequence[AgreementStep],
    as_of: datetime.date,
    *,
    after: datetime.date,
    reminders: Reminders = _NOTHING,
    commitments: Commitments = NO_COMMITMENTS,
    before: Standing | None = None,
) -> tuple[Due, ...]:
    """All that became due after a day and by another one, in its order; what it is too late to do is left out.

    `after` is the day up to which everything has been told, and `before` how it stood then by the paper that an amendment has
    replaced on the next day; None = by the same course. Of commitments, what was done or measured by `as_of` is left
    out, too; they bind from the signature on, and while the agreement holds. Refused: those of another agreement.
    """
    checked_date(as_of, "as_of")
    found: list[Due] = []
    for one in _items(course, steps, after, reminders, commitments, as_of, before):
        if one.on > as_of:
            break
        found.append(one)
    return tuple(one for one in found if one.until is None or one.until >= as_of)


def next_action_on(
    course: Course,
    steps: Sequence[AgreementStep],
    *,
    after: datetime.date,
    reminders: Reminders = _NOTHING,
    commitments: Commitments = NO_COMMITMENTS,
    before: Standing | None = None,
) -> datetime.date | None:
    """The next day after a day on which something becomes due, as things stand; None = nothing will. For `before` see `due`."""
    return next((one.on for one in _items(course, steps, after, reminders, commitments, None, before)), None)


def _items(
    course: Course,
    steps: Sequence[AgreementStep],
    after: datetime.date,
    reminders: Reminders,
    commitments: Commitments,
    known_on: datetime.date | None,
    before: Standing | None,
) -> Iterator[Due]:
    """What becomes due after a day, without end where the agreement has none: from one change to the next.

    What was done by `known_on` is left out; None = by the day on which it would be told.
    """
    commitments.check_agreement(course.agreement)
    now = standing(course, steps, checked_date(after, "after"))
    if before is not None:
        now = attrs.evolve(before, changes_on=after + _DAY)
    later = sorted({one.on for one in steps if one.on > after})
    while True:
        taken = next((day for day in later if day > now.on), None)  # a step may change what was to come
        changes_on = min((day for day in (now.changes_on, taken) if day is not None), default=None)
        first = max(now.on, after + _DAY)
        told = (
            one
            for one in _beforehand(now, reminders)
            if first <= one.on and (changes_on is None or one.on < changes_on)
        )
        yield from merge(
            told, _committed(course, now, first, changes_on, reminders, commitments, known_on), key=_ON
        )
        if changes_on is None:
            return
        then = standing(course, steps, changes_on)
        kind = _kind(now, then)
        if kind is not None:
            yield _due(then, kind, changes_on, now if kind is DueKind.ENDED else then, reminders)
        now = then


def _committed(
    course: Course,
    now: Standing,
    first: datetime.date,
    stop: datetime.date | None,
    reminders: Reminders,
    commitments: Commitments,
    known_on: datetime.date | None,
) -> Iterator[Due]:
    """What is told of obligations and minimums while the agreement stands so."""
    if now.state in _UNSIGNED or (stop is not None and stop <= first):
        return iter(())
    stretch = Stretch(
        timetable=course.timetable, first=first, stop=stop, calendar=course.calendar, known_on=known_on,
        ends=None if now.state is _S.SUSPENDED else now.ends,  # which may move from day to day
    )  # fmt: skip
    return (_due_at(now.agreement, one, reminders) for one in moments(commitments, stretch))


def _due_at(agreement: str, one: Moment, reminders: Reminders) -> Due:
    return Due(
        agreement=agreement, kind=DueKind(one.kind.value), on=one.on, until=one.until, subject=one.subject, day=one.day,
        what=one.what, owner=one.owner or reminders.owner, escalate_to=one.escalate_to,
    )  # fmt: skip


def _kind(before: Standing, after: Standing) -> DueKind | None:
    """What the change from one day to the next is called; None = somebody's step, which that one knows of."""
    if after.state in ENDED:
        return None if before.state in ENDED else DueKind.ENDED
    if after.term is None:
        return None
    if before.term is None:
        return DueKind.STARTED
    if after.term.number != before.term.number:
        return DueKind.RENEWAL_STARTED
    return DueKind.RENEWAL_CERTAIN if after.state is _S.RENEWED and before.state is _S.ACTIVE else None


def _beforehand(now: Standing, reminders: Reminders) -> Iterator[Due]:
    """What is told while the agreement stands so, in its order; what should have been told before that is left out."""
    found: list[Due] = []
    if now.state is _S.ACTIVE and now.safe_until is not None:
        last = now.safe_until  # whoever relies on a later one relies on a reading
        found += [
            _told(now, DueKind.STOP_SOON, moved_on(last, one, back=True), last, reminders)
            for one in reminders.before_deadline
        ]
        found.append(_told(now, DueKind.STOP_LAST_DAY, last, last, reminders))
    if now.is_in_force and now.ends is not None:
        last = now.ends - _DAY
        found += [
            _told(now, DueKind.END_SOON, moved_on(now.ends, one, back=True), last, reminders)
            for one in reminders.before_end
        ]
    return iter(sorted(set(found), key=lambda one: (one.on, one.kind)))  # 30 days and a month may be one day


def _told(now: Standing, kind: DueKind, on: datetime.date, until: datetime.date, reminders: Reminders) -> Due:
    return attrs.evolve(_due(now, kind, on, now, reminders), until=until)


def _due(now: Standing, kind: DueKind, on: datetime.date, about: Standing, reminders: Reminders) -> Due:
    term = None if about.term is None else about.term.number
    escalate_to = reminders.escalate_to if kind is DueKind.STOP_LAST_DAY else None
    return Due(
        agreement=now.agreement, kind=kind, on=on,
        term=term + 1 if kind is DueKind.RENEWAL_CERTAIN and term is not None else term,
        owner=reminders.owner, escalate_to=escalate_to,
    )  # fmt: skip
