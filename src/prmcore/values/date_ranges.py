"""Periods of days, half-open: the end is the first day that is no longer inside."""

from __future__ import annotations

import datetime

import attrs

from prmcore.errors import InvalidInput

__all__ = ["DateRange", "checked_date"]

_DAY = datetime.timedelta(days=1)


def checked_date(value: object, what: str = "the day") -> datetime.date:
    """A plain date; a datetime is refused, because which day it means depends on a time zone."""
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise InvalidInput(f"{what}: found {value!r:.60}; accepted: a date without a time")
    return value


@attrs.frozen(str=False)
class DateRange:
    """The days from `start` up to, not including, `end`.

    >>> range = DateRange.of_days(datetime.date(2026, 1, 1), datetime.date(2026, 3, 31))
    >>> str(range), datetime.date(2026, 4, 1) in range, range.days
    ('2026-01-01 to 2026-03-31', False, 90)
    """

    start: datetime.date | None = None  # None = since ever
    end: datetime.date | None = None  # the first day after; None = for ever

    def __attrs_post_init__(self) -> None:
        for name, day in (("start", self.start), ("end", self.end)):
            if day is not None:
                checked_date(day, name)
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise InvalidInput(f"the period ends on {self.end}, not after it starts on {self.start}")

    @classmethod
    def of_days(cls, first: datetime.date, last: datetime.date) -> DateRange:
        """From the first to the last day, both inside."""
        if checked_date(last, "last") == datetime.date.max:
            raise InvalidInput(
                f"last: found {last}, the last day of all; a period without an end has None as its end"
            )
        return cls(first, last + _DAY)

    def __contains__(self, day: datetime.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: DateRange) -> bool:
        return self.intersection(other) is not None

    def intersection(self, other: DateRange) -> DateRange | None:
        """The days in both; None when there are none."""
        start = max((day for day in (self.start, other.start) if day is not None), default=None)
        end = min((day for day in (self.end, other.end) if day is not None), default=None)
        return None if start is not None and end is not None and start >= end else DateRange(start, end)

    @property
    def days(self) -> int:
        """How many days; a period without an end has no number."""
        if self.start is None or self.end is None:
            raise InvalidInput(f"{self} has no number of days")
        return (self.end - self.start).days

    @property
    def last_day(self) -> datetime.date:
        """The last day inside; a period without an end has none."""
        if self.end is None:
            raise InvalidInput(f"{self} has no last day")
        return self.end - _DAY

    def __str__(self) -> str:
        start = self.start.isoformat() if self.start else "ever"
        return f"{start} to {self.last_day.isoformat()}" if self.end else f"{start} on"
