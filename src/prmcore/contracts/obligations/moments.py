"""When somebody is told of an obligation or a minimum: the days on which it changes how it stands, and reminders before.

All of it is read from `occurrence_of` and `judged_minimums`, so that what is told never differs from how it stands.
`lifecycle/due.py` puts it beside what is due of the agreement itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from enum import StrEnum
from functools import partial
from heapq import merge
from itertools import dropwhile, groupby

import attrs

from prmcore.contracts.obligations.commitments import Commitments
from prmcore.contracts.obligations.minimums import CommitmentPeriod
from prmcore.contracts.obligations.model import Obligation
from prmcore.contracts.obligations.occurrences import Occurrence, days_when, occurrence_of
from prmcore.contracts.obligations.shortfalls import MinimumOutcome
from prmcore.contracts.terms import Timetable
from prmcore.values import BusinessCalendar, Text, moved_on

__all__ = ["Moment", "MomentKind", "Stretch", "moments"]

_DAY = datetime.timedelta(days=1)
_O = MinimumOutcome


class MomentKind(StrEnum):
    """What is told; `DueKind` has each of these."""

    OBLIGATION_SOON = "obligation-soon"
    OBLIGATION_DUE = "obligation-due"
    OBLIGATION_OVERDUE = "obligation-overdue"
    OBLIGATION_ESCALATED = "obligation-escalated"
    MINIMUM_ENDED = "minimum-ended"  # a year is over, and has to be measured
    CURE_LAST_DAY = "cure-last-day"  # on which what is missing can be made up for
    CURE_ENDED = "cure-ended"  # and it was not, as far as anybody knows


@attrs.frozen(kw_only=True)
class Moment:
    """One thing to be told on a day."""

    kind: MomentKind
    on: datetime.date
    subject: str  # the id of the obligation, or the key of the minimum
    day: datetime.date  # that the obligation is due; the last day of the year of the minimum
    until: datetime.date | None = None  # the last day on which it is in time; None = it is too late
    what: Text | None = None  # in people's words; None = the key says it
    owner: str | None = None
    escalate_to: str | None = None


@attrs.frozen(kw_only=True)
class Stretch:
    """Days on which the agreement stands in one way, and what is known of it then."""

    timetable: Timetable
    first: datetime.date
    stop: datetime.date | None  # the first day after; None = they go on
    ends: (
        datetime.date | None
    )  # the first day on which the agreement is over; None = it goes on, or nobody knows
    calendar: BusinessCalendar | None = None
    known_on: datetime.date | None = (
        None  # what was done by this day is not told; None = by the day of each moment
    )

    def known(self, on: datetime.date) -> datetime.date:
        return on if self.known_on is None else max(on, self.known_on)

    def is_over(self, day: datetime.date) -> bool:
        """Whether the stretch is over on a day."""
        return self.stop is not None and self.stop <= day


def moments(commitments: Commitments, stretch: Stretch) -> Iterator[Moment]:
    """All moments of a stretch in their order; without end where it has none."""
    streams = [
        *(found for one in commitments.obligations for found in _of_obligation(one, commitments, stretch)),
        *(found for key in commitments.minimums for found in _of_minimum(key, commitments, stretch)),
    ]
    merged = merge(*streams, key=lambda one: (one.on, one.kind, one.subject, one.day))
    return (one for one, _ in groupby(merged))  # 30 days before and a month before may be one day


def _of_obligation(one: Obligation, commitments: Commitments, stretch: Stretch) -> Iterator[Iterator[Moment]]:
    """A stream for each kind, and for each length before the day."""
    calendar = stretch.calendar

    def late(due: datetime.date) -> datetime.date:
        return moved_on(due, one.within, calendar) + _DAY

    def very_late(due: datetime.date) -> datetime.date:
        return moved_on(late(due), one.escalate_after, calendar)

    told = partial(_told, one, commitments, stretch)
    for length in one.before:
        yield told(MomentKind.OBLIGATION_SOON, partial(moved_on, length=length, back=True))
    yield told(MomentKind.OBLIGATION_DUE, partial(moved_on, length=None))
    yield told(MomentKind.OBLIGATION_OVERDUE, late)
    if one.escalate_to is not None:
        yield told(MomentKind.OBLIGATION_ESCALATED, very_late)


def _told(
    one: Obligation,
    commitments: Commitments,
    stretch: Stretch,
    kind: MomentKind,
    shift: Callable[[datetime.date], datetime.date],
) -> Iterator[Moment]:
    """The days on which one kind of thing is told, of what is not done by then and is due while the agreement holds."""
    for on, due in days_when(one, shift, stretch.first):
        is_unbound = stretch.ends is not None and stretch.ends <= due and not one.survives
        if is_unbound or stretch.is_over(on):
            return
        found = occurrence_of(one, due, commitments.done, stretch.known(on), calendar=stretch.calendar)
        if not found.state.is_done:
            yield _moment(kind, on, found)


def _moment(kind: MomentKind, on: datetime.date, found: Occurrence) -> Moment:
    one = found.obligation
    is_in_time = kind in (MomentKind.OBLIGATION_SOON, MomentKind.OBLIGATION_DUE)
    return Moment(
        kind=kind, on=on, subject=one.id, day=found.due, what=one.what, owner=one.owner,
        until=found.last_day if is_in_time else None,
        escalate_to=one.escalate_to if kind is MomentKind.OBLIGATION_ESCALATED else None,
    )  # fmt: skip


def _of_minimum(key: str, commitments: Commitments, stretch: Stretch) -> Iterator[Iterator[Moment]]:
    """A stream for each kind; of what cannot be made up for the first only."""
    told = partial(_told_of_minimum, key, commitments, stretch)
    yield told(MomentKind.MINIMUM_ENDED, lambda one: one.end)
    cure = commitments.minimums[key].cure
    if cure is not None and cure.count:
        yield told(MomentKind.CURE_LAST_DAY, lambda one: one.cure_ends - _DAY)
        yield told(MomentKind.CURE_ENDED, lambda one: one.cure_ends)


def _told_of_minimum(
    key: str,
    commitments: Commitments,
    stretch: Stretch,
    kind: MomentKind,
    day: Callable[[CommitmentPeriod], datetime.date],
) -> Iterator[Moment]:
    periods = commitments.periods(key, stretch.timetable, ends=stretch.ends, calendar=stretch.calendar)
    for one in dropwhile(lambda one: day(one) < stretch.first, periods):
        on = day(one)
        if stretch.is_over(on):
            return
        judged = commitments.judged(
            key, stretch.timetable, stretch.known(on), ends=stretch.ends, calendar=stretch.calendar
        )[one.number]
        if judged.outcome in _WAITING[kind] and (
            kind is not MomentKind.MINIMUM_ENDED or judged.measured is None
        ):
            until = on if kind is MomentKind.CURE_LAST_DAY else None
            yield Moment(kind=kind, on=on, subject=key, day=one.end - _DAY, until=until)


_WAITING = {
    MomentKind.MINIMUM_ENDED: frozenset({_O.UNKNOWN}),
    MomentKind.CURE_LAST_DAY: frozenset({_O.CURABLE, _O.UNKNOWN}),
    MomentKind.CURE_ENDED: frozenset({_O.SHORT, _O.UNKNOWN}),
}
