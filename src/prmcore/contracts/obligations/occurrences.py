"""How an obligation stands on a day, for each of its days: upcoming, due, overdue, escalated, or done.

One function says it. What is to be told, and when, is read from the days of the same record: see `moments.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from itertools import chain, takewhile
from typing import TypeAlias

import attrs

from prmcore.contracts.obligations.model import Done, Obligation
from prmcore.values import BusinessCalendar, checked_date, moved_on

__all__ = ["Occurrence", "ObligationState", "obligations_due", "occurrence_of", "standing_of"]

_DAY = datetime.timedelta(days=1)
Shift: TypeAlias = Callable[[datetime.date], datetime.date]


class ObligationState(StrEnum):
    """How an obligation stands for one of its days."""

    UPCOMING = "upcoming"  # its day has not come
    DUE = "due"  # from its day to the last on which it is in time
    OVERDUE = "overdue"
    ESCALATED = "escalated"  # overdue for so long that somebody else is told
    DONE = "done"  # in time
    DONE_LATE = "done-late"

    @property
    def is_done(self) -> bool:
        return self in (ObligationState.DONE, ObligationState.DONE_LATE)


@attrs.frozen(kw_only=True)
class Occurrence:
    """An obligation for one of its days, and how it stands."""

    obligation: Obligation
    due: datetime.date
    last_day: datetime.date  # on which it is in time
    escalates_on: datetime.date | None  # None = nobody else is told
    state: ObligationState
    done: Done | None = None  # the earliest, as far as it was done by the day that was asked for
    changes_on: datetime.date | None = None  # when the state changes next if nobody does it; None = never

    @property
    def overdue_on(self) -> datetime.date:
        """The first day on which it is too late."""
        return self.last_day + _DAY


def occurrence_of(
    obligation: Obligation,
    due: datetime.date,
    done: Iterable[Done],
    as_of: datetime.date,
    *,
    calendar: BusinessCalendar | None = None,
) -> Occurrence:
    """How an obligation stands on a day, for one of its days; done twice is done once, on the earlier day."""
    checked_date(as_of, "as_of")
    mine = [one for one in done if (one.obligation, one.due) == (obligation.id, due) and one.on <= as_of]
    first = min(mine, key=lambda one: (one.on, one.at, one.by), default=None)
    last = moved_on(due, obligation.within, calendar)
    late = last + _DAY
    escalates = None
    if obligation.escalate_to is not None:
        escalates = moved_on(late, obligation.escalate_after, calendar)
    found = Occurrence(
        obligation=obligation, due=due, last_day=last, escalates_on=escalates, state=ObligationState.DUE, done=first
    )  # fmt: skip
    if first is not None:
        state = ObligationState.DONE if first.on <= last else ObligationState.DONE_LATE
        return attrs.evolve(found, state=state)
    if escalates is not None and escalates <= as_of:
        return attrs.evolve(found, state=ObligationState.ESCALATED)
    if late <= as_of:
        return attrs.evolve(found, state=ObligationState.OVERDUE, changes_on=escalates)
    if due <= as_of:
        return attrs.evolve(found, changes_on=late)
    return attrs.evolve(found, state=ObligationState.UPCOMING, changes_on=due)


def standing_of(
    obligation: Obligation,
    done: Iterable[Done],
    as_of: datetime.date,
    *,
    ends: datetime.date | None = None,
    calendar: BusinessCalendar | None = None,
) -> tuple[Occurrence, ...]:
    """How an obligation stands on a day: for each of its days that has come, and the next one.

    `ends` is the first day on which the agreement is over; None = it goes on.
    """
    known = tuple(done)
    past = [*obligation.days_before(checked_date(as_of, "as_of") + _DAY)]
    following = next(obligation.days_since(as_of + _DAY), None)
    days = [*reversed(past), *([] if following is None else [following])]
    return tuple(
        occurrence_of(obligation, day, known, as_of, calendar=calendar)
        for day in days
        if obligation.survives or ends is None or day < ends
    )


def obligations_due(
    obligations: Iterable[Obligation],
    done: Iterable[Done],
    as_of: datetime.date,
    *,
    ends: datetime.date | None = None,
    calendar: BusinessCalendar | None = None,
) -> tuple[Occurrence, ...]:
    """What has come and is not done on a day, by the day that it is for: due, overdue and escalated."""
    known = tuple(done)
    found = [
        one
        for obligation in obligations
        for one in standing_of(obligation, known, as_of, ends=ends, calendar=calendar)
        if one.due <= as_of and not one.state.is_done
    ]
    return tuple(sorted(found, key=lambda one: (one.due, one.obligation.id)))


def days_when(
    obligation: Obligation, shift: Shift, first: datetime.date
) -> Iterator[tuple[datetime.date, datetime.date]]:
    """From a day on, each day on which something is told of an obligation, with the day that it is about.

    `shift` says when it is told; a later day is never told of earlier.
    """
    back = takewhile(lambda due: shift(due) >= first, obligation.days_before(first))
    for due in chain(reversed(list(back)), obligation.days_since(first)):
        if (on := shift(due)) >= first:
            yield on, due
