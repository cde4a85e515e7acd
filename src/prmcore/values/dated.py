"""Values that change by date."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Generic, TypeVar

import attrs

from prmcore.errors import InvalidInput, PrmError
from prmcore.values.date_ranges import DateRange

__all__ = ["Dated", "NothingOn"]

T = TypeVar("T")
D = TypeVar("D")


class NothingOn(PrmError):
    """A dated value was asked for on a day that it does not cover."""

    def __init__(self, day: datetime.date, covered: tuple[DateRange, ...]) -> None:
        self.day, self.covered = day, covered
        super().__init__(
            f"nothing is in force on {day.isoformat()}; covered: {', '.join(map(str, covered)) or 'no day'}"
        )


def _first_day(entry: tuple[DateRange, object]) -> datetime.date:
    return entry[0].start or datetime.date.min


def _in_order(entries: Iterable[tuple[DateRange, T]]) -> tuple[tuple[DateRange, T], ...]:
    return tuple(sorted(entries, key=_first_day))


@attrs.frozen
class Dated(Generic[T]):
    """One value per period; periods may leave gaps but never overlap.

    >>> rates = Dated.starting({datetime.date(2026, 1, 1): "A", datetime.date(2026, 7, 1): "B"})
    >>> rates.on(datetime.date(2026, 6, 30)), rates.on(datetime.date(2026, 7, 1))
    ('A', 'B')
    """

    entries: tuple[tuple[DateRange, T], ...] = attrs.field(converter=_in_order)

    def __attrs_post_init__(self) -> None:
        pairs = pairwise(self.entries)
        faults = [
            f"{first} ({value!r:.60}) overlaps {second} ({other!r:.60})"
            for (first, value), (second, other) in pairs
            if first.overlaps(second)
        ]
        if faults:
            raise InvalidInput("values of different periods overlap", faults)

    @classmethod
    def starting(cls, values: Mapping[datetime.date, T]) -> Dated[T]:
        """Each value from its day until the next one's; the last has no end."""
        days = sorted(values)
        ends = [*days[1:], None] if days else []
        return cls(tuple((DateRange(day, end), values[day]) for day, end in zip(days, ends, strict=True)))

    def on(self, day: datetime.date) -> T:
        """The value in force on that day; `NothingOn` when there is none."""
        entry = self._entry(day)
        if entry is None:
            raise NothingOn(day, tuple(period for period, _ in self.entries))
        return entry[1]

    def get(self, day: datetime.date, default: D | None = None) -> T | D | None:
        """The value in force on that day, or the default."""
        entry = self._entry(day)
        return default if entry is None else entry[1]

    def gaps(self, within: DateRange) -> tuple[DateRange, ...]:
        """The periods inside `within` on which nothing is in force."""
        open_from, found = within.start, []
        for period, _ in self.entries:
            covered = period.intersection(within)
            if covered is None:
                continue
            if covered.start is not None and covered.start != open_from:
                found.append(DateRange(open_from, covered.start))
            open_from = covered.end
            if open_from is None:
                return tuple(found)
        if within.end is None or open_from != within.end:
            found.append(DateRange(open_from, within.end))
        return tuple(found)

    def _entry(self, day: datetime.date) -> tuple[DateRange, T] | None:
        place = bisect_right(self.entries, day, key=_first_day) - 1
        return self.entries[place] if place >= 0 and day in self.entries[place][0] else None
