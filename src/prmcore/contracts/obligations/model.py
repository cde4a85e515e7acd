"""What somebody has to do by a day, and that it was done; how much was bought or done in a year, and what was let go.

All of it is given by people or systems, and kept as it came. How it stands on a day is read from it: `occurrences.py`,
`shortfalls.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import attrs

from prmcore.errors import Faults, InvalidInput
from prmcore.values import (
    DateRange,
    Length,
    Money,
    Schedule,
    Text,
    Unit,
    checked_date,
    checked_id,
    checked_instant,
    natural_key,
)

__all__ = ["Done", "Measured", "Obligation", "Waiver"]

_DAY = datetime.timedelta(days=1)
_EVER = DateRange()
_UNITS = frozenset({Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS})


@attrs.frozen(kw_only=True)
class Obligation:
    """Something that a party has to do: once, on the day of a milestone, or on each day of a schedule.

    It binds as long as the agreement holds, and so has no day on or after its end, unless it survives it.
    """

    id: str
    agreement: str
    what: Text
    by: str  # the role that has to do it
    on: datetime.date | None = None  # of a milestone, its only day; one of the two
    every: Schedule | None = None
    during: DateRange = _EVER  # in which days of the schedule count; without a start, from its anchor on
    within: Length | None = None  # after the day, in which it is still in time; None = by the end of the day
    before: tuple[Length, ...] = ()  # how long before the day somebody is reminded
    owner: str | None = None  # who sees to it; None = whoever is told of the agreement
    escalate_to: str | None = None  # who is told when it stays undone; None = nobody
    escalate_after: Length | None = None  # that it is overdue; None = at once
    survives: bool = False  # the end of the agreement

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the obligation {self.id!r:.60} cannot be used")
        for name in ("id", "agreement", "by", "owner", "escalate_to"):
            value = getattr(self, name)
            if value is not None or name in ("id", "agreement", "by"):
                with faults.within(name):
                    checked_id(value)
        if (self.on is None) is (self.every is None):
            faults.add("found both, or neither; accepted: one day or a schedule", "on")
        if self.on is not None:
            with faults.within("on"):
                checked_date(self.on)
            if self.during != _EVER:
                faults.add(f"found {self.during}; goes with a schedule", "during")
        end = self.during.end
        if self.every is not None and end is not None and end <= self._first(self.every):
            faults.add(
                f"found {self.during}; accepted: days after {self._first(self.every)}, the anchor", "during"
            )
        if self.escalate_after is not None and self.escalate_to is None:
            faults.add(f"found {self.escalate_after}, and nobody who is told", "escalate_after")
        for name in ("within", "escalate_after"):
            length = getattr(self, name)
            if length is not None and length.unit is Unit.HOURS:
                faults.add(f"found {length}; accepted: days, business days, weeks, months or years", name)
        for place, length in enumerate(self.before):
            if length.unit not in _UNITS or not length.count:
                faults.add(
                    f"found {length}; accepted: 1 or more days, weeks, months or years", f"before[{place}]"
                )
        faults.raise_if_any()

    def days_since(self, day: datetime.date) -> Iterator[datetime.date]:
        """Its days from one day on, in their order; without end where the schedule has none."""
        if self.every is None:
            return iter(one for one in (self.on,) if one is not None and one >= day)
        return _days(self.every, self._bounds(self.every), max(day, self._first(self.every)), 1)

    def days_before(self, day: datetime.date) -> Iterator[datetime.date]:
        """Its days before one day, the latest first."""
        if self.every is None:
            return iter(one for one in (self.on,) if one is not None and one < day)
        return _days(self.every, self._bounds(self.every), day, -1)

    def has(self, day: datetime.date) -> bool:
        """Whether it has to be done for this day."""
        return next(self.days_since(day), None) == day

    def _first(self, every: Schedule) -> datetime.date:
        return every.date(0) if self.during.start is None else self.during.start

    def _bounds(self, every: Schedule) -> DateRange:
        return DateRange(self._first(every), self.during.end)


def _days(every: Schedule, bounds: DateRange, day: datetime.date, step: int) -> Iterator[datetime.date]:
    """The dates on and after a day, or before it, within bounds, up to where the calendar ends."""
    try:
        number = every.number_at(day)
        if step > 0 and every.date(number) < day:
            number += 1
        if step < 0 and every.date(number) >= day:
            number -= 1
        while True:
            found = every.date(number)
            if bounds.end is not None and found >= bounds.end:
                if step > 0:
                    return
            elif bounds.start is not None and found < bounds.start:
                return
            else:
                yield found
            number += step
    except InvalidInput:  # outside the years 1 to 9999
        return


@attrs.frozen(kw_only=True)
class Done:
    """That an obligation was fulfilled for one of its days."""

    obligation: str
    due: datetime.date  # the day that it is for
    on: datetime.date  # on which it was done, in the agreement's zone
    at: datetime.datetime  # when that became known here
    by: str
    evidence: str | None = None  # where it is found: the number of a report, say

    def __attrs_post_init__(self) -> None:
        faults = Faults("what was done cannot be used")
        for name in ("obligation", "by"):
            with faults.within(name):
                checked_id(getattr(self, name))
        for name in ("due", "on"):
            with faults.within(name):
                checked_date(getattr(self, name))
        with faults.within("at"):
            checked_instant(self.at, "at")
        faults.raise_if_any()

    @property
    def key(self) -> str:
        """The obligation and the day: done twice it is done once."""
        return natural_key(self.obligation, self.due.isoformat())


@attrs.frozen(kw_only=True)
class Measured:
    """How much of a minimum there was, in one of its years up to the end of a day."""

    minimum: str  # its key in the paper
    year: datetime.date  # any day of the year that it is for
    amount: Money | None = None  # all since the year began; one of the two, as the minimum is
    count: int | None = None
    through: datetime.date  # the last day that it counts; after the year, that it was made up for in the cure
    on: datetime.date  # when it was known, in the agreement's zone

    def __attrs_post_init__(self) -> None:
        faults = Faults("the measurement cannot be used")
        with faults.within("minimum"):
            checked_id(self.minimum)
        for name in ("year", "through", "on"):
            with faults.within(name):
                checked_date(getattr(self, name))
        if (self.amount is None) is (self.count is None):
            faults.add("found both, or neither; accepted: an amount or a count", "amount")
        if self.count is not None and type(self.count) is not int:
            faults.add(f"found {self.count!r:.40}; accepted: a whole number", "count")
        faults.raise_if_any()
        if not self.year <= self.through <= self.on:
            faults.add(
                f"found {self.through}; accepted: from the year on ({self.year}) to the day on which it was known "
                f"({self.on})",
                "through",
            )
        faults.raise_if_any()

    @property
    def value(self) -> Money | int:
        """The amount, or the count."""
        found = self.count if self.amount is None else self.amount
        assert found is not None  # as checked when it was made
        return found


@attrs.frozen(kw_only=True)
class Waiver:
    """That the other side does not insist on a minimum, for one year."""

    minimum: str
    year: datetime.date  # any day of it
    on: datetime.date  # from which it counts
    by: str
    reason: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults("the waiver cannot be used")
        for name in ("minimum", "by"):
            with faults.within(name):
                checked_id(getattr(self, name))
        for name in ("year", "on"):
            with faults.within(name):
                checked_date(getattr(self, name))
        faults.raise_if_any()
