"""Schedules: dates one step apart, each counted from the anchor and never from the one before.

Whoever adds a month to the last result turns the 31st into the 28th for good. So date k is a function of the anchor and k
alone, and a holiday moves what is shown, never what comes after.
"""

from __future__ import annotations

import datetime
import re
from calendar import isleap, monthrange
from enum import StrEnum

import attrs

from prmcore.errors import Faults, InvalidInput, PrmError
from prmcore.values.calendars import BusinessCalendar, BusinessDayConvention
from prmcore.values.date_ranges import checked_date
from prmcore.values.lengths import Length, Unit

__all__ = ["AmbiguousDate", "Missing", "Roll", "Schedule", "months_after", "moved_on"]

_DAY = datetime.timedelta(days=1)
SHORTEST_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days that each month has in every year
_ORDINALS = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": -1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ROLL = re.compile(
    r"anchored|month end|(?P<before>[0-9]{1,2}) days? before month end|day (?P<day>[0-9]{1,2})"
    rf"|(?P<nth>{'|'.join(_ORDINALS)}) (?P<weekday>{'|'.join(_WEEKDAYS)})",
    re.ASCII,
)


class AmbiguousDate(PrmError):
    """A month does not have the day, and the caller wants to decide it: `earlier` or `later`."""

    def __init__(self, earlier: datetime.date, later: datetime.date) -> None:
        self.earlier, self.later = earlier, later
        super().__init__(
            f"the month does not have that day: it is {earlier} when rounded down, {later} when rounded up"
        )


class Missing(StrEnum):
    """What becomes of a day that a month does not have."""

    DOWN = "down"  # the last day of the month
    UP = "up"  # the first of the next
    REFUSE = "refuse"  # AmbiguousDate, with both


@attrs.frozen
class Roll:
    """On which day of its month a date lies: an intent that a start date alone cannot tell.

    Who starts on the 28th of February means each 28th, or each last day: `anchored` or `month end`.

    >>> [str(Roll.of(words)) for words in ("anchored", "month end", "2 days before month end", "day 15", "2nd tuesday")]
    ['anchored', 'month end', '2 days before month end', 'day 15', '2nd tuesday']
    """

    day: int | None = None  # a fixed day of the month, 1 to 31
    before_end: int | None = None  # so many days before the last of the month; 0 = the last
    nth: int | None = None  # with weekday: 1 to 5, -1 = the last
    weekday: int | None = None  # 0 = Monday

    def __attrs_post_init__(self) -> None:
        faults = Faults("the roll cannot be used")
        for name, accepted in (
            ("day", range(1, 32)),
            ("before_end", range(28)),
            ("nth", (-1, *range(1, 6))),
            ("weekday", range(7)),
        ):
            found = getattr(self, name)
            if found is not None and (type(found) is not int or found not in accepted):
                faults.add(f"found {found!r:.40}; accepted: {min(accepted)} to {max(accepted)}", name)
        if (self.nth is None) != (self.weekday is None):
            faults.add("nth and weekday go together")
        if sum(one is not None for one in (self.day, self.before_end, self.nth)) > 1:
            faults.add("found several ways; accepted: one of day, before_end, nth with weekday, or none")
        faults.raise_if_any()

    @classmethod
    def of(cls, written: str) -> Roll:
        """From what a person writes; the inverse of `str`."""
        found = _ROLL.fullmatch(written) if isinstance(written, str) else None
        if found is None:
            raise InvalidInput(
                f"found {written!r:.60}; accepted: 'anchored', 'month end', '2 days before month end', 'day 15', "
                "'2nd tuesday', 'last friday'"
            )
        if found["day"]:
            return cls(day=int(found["day"]))
        if found["nth"]:
            return cls(nth=_ORDINALS[found["nth"]], weekday=_WEEKDAYS.index(found["weekday"]))
        return cls() if written == "anchored" else cls(before_end=int(found["before"] or 0))

    def __str__(self) -> str:
        if self.day is not None:
            return f"day {self.day}"
        if self.nth is not None and self.weekday is not None:
            words = {number: word for word, number in _ORDINALS.items()}
            return f"{words[self.nth]} {_WEEKDAYS[self.weekday]}"
        if self.before_end is None:
            return "anchored"
        days = f"{self.before_end} day{'s' if self.before_end > 1 else ''} before "
        return f"{days if self.before_end else ''}month end"


ANCHORED = Roll()


def months_after(
    anchor: datetime.date, months: int, *, roll: Roll = ANCHORED, missing: Missing = Missing.DOWN
) -> datetime.date:
    """The date so many months after another one, or before it: one step, one rounding.

    >>> str(months_after(datetime.date(2024, 1, 31), 1)), str(months_after(datetime.date(2024, 2, 29), -12))
    ('2024-02-29', '2023-02-28')
    """
    year, month = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise InvalidInput(f"{months} months from {anchor} reach outside the years 1 to 9999")
    if roll.nth is not None:
        return _weekday_of(year, month + 1, roll, missing)
    last, day = SHORTEST_MONTHS[month], roll.day or anchor.day
    if day <= last and roll.before_end is None:
        return datetime.date(year, month + 1, day)
    if month == 1 and isleap(year):
        last = 29
    if roll.before_end is not None:
        return datetime.date(year, month + 1, last - roll.before_end)
    return datetime.date(year, month + 1, day) if day <= last else _rounded(year, month + 1, last, missing)


def moved_on(
    day: datetime.date, length: Length | None, calendar: BusinessCalendar | None = None, *, back: bool = False
) -> datetime.date:
    """A day a length later, or before: months from the day itself, business days by a calendar; no day off moves it.

    >>> str(moved_on(datetime.date(2026, 3, 31), Length.of("1 month"), back=True))
    '2026-02-28'
    """
    if length is None or not length.count:
        return day
    months = length.months
    if months is not None:
        return months_after(day, -months if back else months)
    days = length.days
    if days is not None:
        return day - datetime.timedelta(days) if back else day + datetime.timedelta(days)
    if length.unit is Unit.HOURS:
        raise InvalidInput(f"found {length}; accepted: days, business days, weeks, months or years")
    if calendar is None:
        raise InvalidInput(f"calendar: found none; accepted: a business calendar, to count {length}")
    return calendar.add(day, -length.count if back else length.count)


def _rounded(year: int, month: int, last: int, missing: Missing) -> datetime.date:
    earlier = datetime.date(year, month, last)
    if missing is Missing.DOWN:
        return earlier
    if earlier == datetime.date.max:
        raise InvalidInput(f"the day after {earlier} is outside the years 1 to 9999")
    if missing is Missing.UP:
        return earlier + _DAY
    raise AmbiguousDate(earlier, earlier + _DAY)


def _weekday_of(year: int, month: int, roll: Roll, missing: Missing) -> datetime.date:
    first_weekday, last = monthrange(year, month)
    assert roll.nth is not None
    assert roll.weekday is not None
    first = 1 + (roll.weekday - first_weekday) % 7
    day = first + 7 * (roll.nth - 1) if roll.nth > 0 else first + 7 * ((last - first) // 7)
    return datetime.date(year, month, day) if day <= last else _rounded(year, month, last, missing)


@attrs.frozen(kw_only=True)
class Schedule:
    """Dates one step apart: date 0 at the anchor, date k so many steps after it, or before it when negative.

    >>> ends = Schedule(anchor=datetime.date(2025, 1, 31), step=Length.of("1 month"))
    >>> [str(ends.date(number)) for number in range(4)]
    ['2025-01-31', '2025-02-28', '2025-03-31', '2025-04-30']
    """

    anchor: datetime.date
    step: Length  # of days, weeks, months or years
    roll: Roll = ANCHORED  # for months and years only
    missing: Missing = Missing.DOWN
    _months: int = attrs.field(init=False, eq=False, repr=False)  # 0 = the step is of days
    _days: int = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        faults = Faults("the schedule cannot be used")
        with faults.within("anchor"):
            checked_date(self.anchor)
        months, days = self.step.months, self.step.days
        if not months and not days:
            faults.add(f"found {self.step}; accepted: one day, week, month or year at least", "step")
        if months is None and self.roll != ANCHORED:
            faults.add(f"found {self.roll} for a step of {self.step}; accepted: anchored", "roll")
        faults.raise_if_any()
        object.__setattr__(self, "_months", months or 0)
        object.__setattr__(self, "_days", days or 0)

    def date(self, number: int) -> datetime.date:
        """Date k, as the grid has it: no holiday moves it."""
        if self._months:
            return months_after(self.anchor, number * self._months, roll=self.roll, missing=self.missing)
        try:
            return self.anchor + datetime.timedelta(days=number * self._days)
        except OverflowError:
            raise InvalidInput(
                f"date {number} of {self.anchor} and {self.step} is outside the years 1 to 9999"
            ) from None

    def number_at(self, day: datetime.date) -> int:
        """Which date is the last one on or before a day: k with date(k) <= day < date(k + 1)."""
        if not self._months:
            return (day - self.anchor).days // self._days
        anchor = self.anchor
        months = (day.year - anchor.year) * 12 + day.month - anchor.month
        number = months // self._months
        # within the month of a date its day decides; a date that was rounded up lies in the month after its own
        if self.date(number) > day:
            return number - 1
        return number

    def dates(
        self,
        first: int,
        count: int,
        *,
        calendar: BusinessCalendar | None = None,
        convention: BusinessDayConvention = BusinessDayConvention.UNADJUSTED,
    ) -> tuple[datetime.date, ...]:
        """So many dates in a row; with a calendar as the convention moves them."""
        grid = [self.date(number) for number in range(first, first + count)]
        if calendar is None or convention is BusinessDayConvention.UNADJUSTED:
            return tuple(grid)
        return tuple([calendar.adjusted(day, convention) for day in grid])
