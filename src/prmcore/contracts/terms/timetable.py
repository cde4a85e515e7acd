"""The timetable: every term that a contract can have, each a function of its number alone.

Nothing is carried from one term to the next: a term is the same whoever asks for it, and on which day. Whether a later term
comes to be is another question, see `renewals.py`.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import gcd

import attrs

from prmcore.contracts.terms.model import (
    Chain,
    EndConvention,
    Extends,
    RenewalClause,
    RenewalKind,
    Suspension,
    Term,
    TermClause,
)
from prmcore.errors import Faults, InvalidInput
from prmcore.values import AmbiguousDate, Length, Missing, Roll, months_after
from prmcore.values.schedules import SHORTEST_MONTHS

__all__ = ["Timetable"]

_DAY = datetime.timedelta(days=1)
_ANCHORED = Roll()
_NOTHING = datetime.timedelta()
_NO_RENEWAL = RenewalClause()


@attrs.frozen
class _Grid:
    """The first days of terms of one length: that of term k lies so many steps after an anchor."""

    anchor: datetime.date
    step: Length
    shift: datetime.timedelta  # one day where the first day of a period does not count
    roll: Roll
    missing: Missing
    number: int  # of the first of these terms
    months: int  # from the anchor to where it begins
    months_each: int = attrs.field(init=False)  # of a step; 0 = it is of days
    days_each: int = attrs.field(init=False)
    anchor_month: int = attrs.field(init=False)  # months are counted from the year 0
    origin: int = attrs.field(init=False)  # the month in which term 0 would begin; of days its ordinal
    day: int = attrs.field(init=False)  # of every month that has it; 32 = in each month it is looked for

    def __attrs_post_init__(self) -> None:
        anchor, roll, shift = self.anchor, self.roll, self.shift.days
        months, days = self.step.months or 0, self.step.days or 0
        anchor_month = anchor.year * 12 + anchor.month - 1
        first, each = (anchor_month + self.months, months) if months else (anchor.toordinal() + shift, days)
        is_of_day = roll.before_end is None and roll.nth is None
        for name, value in (
            ("months_each", months),
            ("days_each", days),
            ("anchor_month", anchor_month),
            ("origin", first - self.number * each),
            ("day", (roll.day or anchor.day) + shift if is_of_day else 32),
        ):
            object.__setattr__(self, name, value)

    def start(self, number: int) -> datetime.date:
        """The first day of a term."""
        if self.months_each:
            return self._in_month(self.origin + number * self.months_each)
        try:
            return datetime.date.fromordinal(self.origin + number * self.days_each)
        except (ValueError, OverflowError):
            days = (number - self.number) * self.days_each
            raise InvalidInput(f"{days} days from {self.anchor} reach outside the years 1 to 9999") from None

    def term_on(self, day: datetime.date) -> Term:
        """The term of a day."""
        each = self.months_each
        if not each:
            number = (day.toordinal() - self.origin) // self.days_each
            return Term(number, self.start(number), self.start(number + 1))
        month = day.year * 12 + day.month - 1
        month -= (month - self.origin) % each
        start, end = self._in_month(month), None
        while start > day:  # it lies later in the month, or was rounded up to the one after
            month -= each
            start, end = self._in_month(month), start
        return Term((month - self.origin) // each, start, end or self._in_month(month + each))

    def _in_month(self, month: int) -> datetime.date:
        """The first day of the term that begins in a month, or would begin there if the month had the day."""
        year, place = divmod(month, 12)
        if self.day <= SHORTEST_MONTHS[place] and 1 <= year <= 9999:
            return datetime.date(year, place + 1, self.day)
        day = months_after(self.anchor, month - self.anchor_month, roll=self.roll, missing=self.missing)
        return day + self.shift if self.shift else day


@attrs.frozen
class _Extension:
    """The days that a suspension adds."""

    number: int  # of the term that it is added to
    days: datetime.timedelta
    is_lasting: bool  # whether later terms begin later


def _in_order(given: Iterable[Suspension]) -> tuple[Suspension, ...]:
    return tuple(sorted(given, key=lambda one: one.period.start or datetime.date.min))


@attrs.frozen(kw_only=True)
class Timetable:
    """The terms of a contract, from its first day on.

    >>> table = Timetable(clause=TermClause(start=datetime.date(2025, 1, 31), length=Length.of("1 month")),
    ...                   renewal=RenewalClause(kind=RenewalKind.AUTOMATIC))
    >>> [str(table.term(number).period) for number in range(3)]
    ['2025-01-31 to 2025-02-27', '2025-02-28 to 2025-03-30', '2025-03-31 to 2025-04-29']
    >>> table.term_on(datetime.date(2031, 3, 30)).number
    73

    A `missing` that is refused raises AmbiguousDate, of the first term when the timetable is made, of others when they are
    asked for.
    """

    clause: TermClause
    renewal: RenewalClause = _NO_RENEWAL
    suspensions: tuple[Suspension, ...] = attrs.field(default=(), converter=_in_order)
    # of the last term that there can be; None = there is no last one
    last_number: int | None = attrs.field(init=False, eq=False, repr=False)
    # where the first terms begin, up to the one with which the grid begins; without a grid no later term has an end
    _bounds: tuple[datetime.date, ...] = attrs.field(init=False, eq=False, repr=False)
    _grid: _Grid | None = attrs.field(init=False, eq=False, repr=False)
    _extensions: tuple[_Extension, ...] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._check()
        bounds, grid = _compiled(self.clause, self.renewal)
        object.__setattr__(self, "_bounds", bounds)
        object.__setattr__(self, "_grid", grid)
        object.__setattr__(self, "last_number", _last_number(self.clause, self.renewal))
        object.__setattr__(self, "_extensions", ())
        for place, suspension in enumerate(self.suspensions):
            object.__setattr__(self, "_extensions", self._extended(suspension, place))

    def _check(self) -> None:
        faults = Faults("the timetable cannot be used")
        clause, renewal = self.clause, self.renewal
        kind, lengths = renewal.kind, tuple(filter(None, (clause.length, *renewal.lengths)))
        if clause.is_indefinite and kind is not RenewalKind.FIXED:
            faults.add(f"found {kind.value} after a term without end; accepted: fixed", "renewal.kind")
        elif renewal.has_terms and not lengths:
            faults.add("found none, and none of the first term; accepted: one at least", "renewal.lengths")
        if clause.roll != _ANCHORED and renewal.chain is Chain.PREVIOUS_END:
            faults.add(f"found {renewal.chain.value} with {clause.roll}; accepted: anchored", "renewal.chain")
        if clause.roll != _ANCHORED and any(length.months is None for length in lengths):
            faults.add(f"found {clause.roll}; lengths of days or weeks go with anchored", "clause.roll")
        for place, (one, other) in enumerate(pairwise(self.suspensions)):
            if one.period.overlaps(other.period):
                faults.add(f"{one.period} and {other.period} overlap", f"suspensions[{place + 1}]")
        faults.raise_if_any()

    @property
    def end(self) -> datetime.date | None:
        """The first day after the last term that there can be; None = there is no such day."""
        last = self.last_number
        return None if last is None or self._is_open(last) else self._end(last)

    def term(self, number: int) -> Term:
        """Term k, 0 being the first; a number that the contract cannot reach is refused."""
        if type(number) is not int or number < 0 or not self._reaches(number):
            last = " or more" if self.last_number is None else f" to {self.last_number}"
            raise InvalidInput(f"number: found {number!r:.40}; accepted: 0{last}")
        end = None if self._is_open(number) else self._end(number)
        return Term(number, self._end(number - 1), end)

    def term_on(self, day: datetime.date) -> Term | None:
        """The term of a day; None before the first one, and after the last that there can be."""
        term = self._planned_on(day)
        if self._extensions and term is not None:
            term = self.term(self._begun(term.number, day))
            return term if day in term else None
        last = self.last_number
        return term if term is None or last is None or term.number <= last else None

    def terms_until(self, day: datetime.date, *, first: int = 0) -> Iterator[Term]:
        """The terms that have begun by a day, from a number on: what a job that missed days has to catch up with."""
        term = self._planned_on(day)
        last = -1 if term is None else self._begun(term.number, day)
        for number in range(first, last + 1):
            yield self.term(number)

    def boundaries(self, first: int, count: int) -> tuple[datetime.date, ...]:
        """The first days of so many terms, from a number on; fewer when the contract has no more."""
        last = first + count if self.last_number is None else min(first + count, self.last_number + 1)
        return tuple([self._end(number - 1) for number in range(first, last)])

    def _planned_on(self, day: datetime.date) -> Term | None:
        """The term of a day if nothing were extended, and renewals never stopped; None before the first."""
        bounds, grid = self._bounds, self._grid
        if day < bounds[-1]:
            number = bisect_right(bounds, day) - 1
            return Term(number, bounds[number], bounds[number + 1]) if number >= 0 else None
        return Term(len(bounds) - 1, bounds[-1], None) if grid is None else grid.term_on(day)

    def _begun(self, planned: int, day: datetime.date) -> int:
        """The number of the last term that has begun by a day, by that of the day as it was planned."""
        number = planned if self.last_number is None else min(planned, self.last_number)
        while self._end(number - 1) > day:
            number -= 1
        return number

    def _reaches(self, number: int) -> bool:
        return self.last_number is None or number <= self.last_number

    def _end(self, number: int) -> datetime.date:
        """The first day after a term; of number -1 the first day of all."""
        bounds, place = self._bounds, number + 1
        if place < len(bounds):
            day = bounds[place]
        else:
            assert self._grid is not None
            day = self._grid.start(place)
        return day + self._added(number) if self._extensions else day

    def _added(self, number: int) -> datetime.timedelta:
        """By how much later a term ends."""
        added = (
            one.days for one in self._extensions
            if number == one.number or (one.is_lasting and number > one.number)
        )  # fmt: skip
        return sum(added, _NOTHING)

    def _is_open(self, number: int) -> bool:
        """Whether a term has no end."""
        return number == self.last_number and (
            self.clause.is_indefinite or self.renewal.kind is RenewalKind.EVERGREEN
        )

    def _extended(self, suspension: Suspension, place: int) -> tuple[_Extension, ...]:
        """The extensions with those of one more suspension, which is later than all others."""
        start, path = suspension.period.start, f"suspensions[{place}]"
        assert start is not None
        term = self.term_on(start)
        if term is None:
            raise InvalidInput(f"{path}: found {suspension.period}; accepted: what begins within a term")
        if suspension.extends is Extends.NOTHING or term.end is None:
            return self._extensions
        days, is_lasting = _DAY * suspension.period.days, suspension.extends is Extends.LATER_TERMS
        is_last = term.number == self.last_number
        if not is_lasting and not is_last and not self._is_open(term.number + 1):
            following = self.term(term.number + 1)
            assert following.end is not None
            if term.end + days >= following.end:
                raise InvalidInput(
                    f"{path}: found {suspension.period}, and days that leave nothing of the next term, which ends on "
                    f"{following.last_day}; accepted: fewer, or extends later-terms"
                )
        return (*self._extensions, _Extension(term.number, days, is_lasting))


def _last_number(clause: TermClause, renewal: RenewalClause) -> int | None:
    if clause.is_indefinite or renewal.kind is RenewalKind.FIXED:
        return 0
    return 1 if renewal.kind is RenewalKind.EVERGREEN else renewal.at_most


def _compiled(clause: TermClause, renewal: RenewalClause) -> tuple[tuple[datetime.date, ...], _Grid | None]:
    """The first days of the first terms, and the grid on which those of all later ones lie, from the last of these on."""
    bounds, grid = [clause.start], None
    shift = _DAY if clause.ends is EndConvention.ANNIVERSARY else _NOTHING
    if clause.last_day is not None:
        bounds.append(clause.last_day + _DAY)
    elif clause.length is not None:
        grid = _anchored(clause, clause.start, clause.length, shift, 0)
        bounds.append(grid.start(1))
    if not renewal.has_terms:
        return tuple(bounds), None
    first = () if clause.length is None else (clause.length,)
    for place, length in enumerate(renewal.lengths or first):
        number = len(bounds) - 1
        if place:
            assert grid is not None
            number += 1
            bounds.append(grid.start(number))
        if grid is None or renewal.chain is Chain.PREVIOUS_END:
            grid = _anchored(clause, bounds[-1] - shift, length, shift, number)
        else:
            grid = _prolonged(grid, bounds[-1], length)
    assert grid is not None
    while renewal.chain is Chain.PREVIOUS_END and not _is_settled(grid):
        try:
            bounds.append(grid.start(len(bounds)))
        except (AmbiguousDate, InvalidInput):  # told to whoever asks for the term
            break
        grid = _anchored(clause, bounds[-1] - shift, grid.step, shift, len(bounds) - 1)
    return tuple(bounds), grid


def _anchored(
    clause: TermClause, anchor: datetime.date, step: Length, shift: datetime.timedelta, number: int
) -> _Grid:
    return _Grid(anchor, step, shift, clause.roll, clause.missing, number, 0)


def _prolonged(grid: _Grid, start: datetime.date, step: Length) -> _Grid:
    """The grid after its first step, with steps of another length; months go on from the anchor, days from where they are."""
    number = grid.number + 1
    if grid.months_each and step.months:
        return attrs.evolve(grid, number=number, months=grid.months + grid.months_each, step=step)
    return attrs.evolve(grid, number=number, anchor=start - grid.shift, months=0, step=step)


def _is_settled(grid: _Grid) -> bool:
    """Whether every month that a term comes to begin in has the day of the anchor, in each year."""
    stride = gcd(grid.months_each, 12)
    months = range((grid.anchor.month - 1) % stride, 12, stride)
    return not grid.months_each or grid.anchor.day <= min(SHORTEST_MONTHS[month] for month in months)
