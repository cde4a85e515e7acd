"""Windows: which days a figure looks back on, from the day it is asked for."""

from __future__ import annotations

import datetime
from typing import Protocol

import attrs
from dateutil.relativedelta import relativedelta

from prmcore.errors import InvalidInput
from prmcore.values.date_ranges import DateRange
from prmcore.values.fiscal import FiscalCalendar

__all__ = [
    "Lifetime",
    "RollingDays",
    "RollingMonths",
    "TrailingQuarters",
    "Window",
    "YearToDate",
    "year_before",
]

_DAY = datetime.timedelta(days=1)


def _moved(day: datetime.date, step: relativedelta | datetime.timedelta) -> datetime.date:
    try:
        moved: datetime.date = day + step
    except (ValueError, OverflowError):
        raise InvalidInput(f"the window of {day} reaches outside the years 1 to 9999") from None
    return moved


class Window(Protocol):
    """The days up to and including `as_of` that count."""

    def on(self, as_of: datetime.date, calendar: FiscalCalendar) -> DateRange: ...


def _positive(instance: object, attribute: attrs.Attribute[int], value: int) -> None:
    if type(value) is not int or not 1 <= value <= 10_000:
        raise InvalidInput(f"{attribute.name}: found {value!r:.40}; accepted: 1 to 10000")


@attrs.frozen
class RollingMonths:
    """The last n months: to the day, or by whole months with the running one counted.

    >>> str(RollingMonths(6, aligned=True).on(datetime.date(2024, 8, 15), FiscalCalendar()))
    '2024-03-01 to 2024-08-15'
    >>> str(RollingMonths(1).on(datetime.date(2026, 3, 30), FiscalCalendar()))  # February has no 31st: its last day
    '2026-02-28 to 2026-03-30'
    """

    months: int = attrs.field(validator=_positive)
    aligned: bool = False  # True: from the first of a month

    def on(self, as_of: datetime.date, calendar: FiscalCalendar) -> DateRange:
        end = _moved(as_of, _DAY)
        if self.aligned:
            return DateRange(_moved(as_of.replace(day=1), relativedelta(months=1 - self.months)), end)
        return DateRange(_moved(end, relativedelta(months=-self.months)), end)


@attrs.frozen
class RollingDays:
    """The last n days, `as_of` being the last of them."""

    days: int = attrs.field(validator=_positive)

    def on(self, as_of: datetime.date, calendar: FiscalCalendar) -> DateRange:
        end = _moved(as_of, _DAY)
        return DateRange(_moved(end, datetime.timedelta(days=-self.days)), end)


@attrs.frozen
class TrailingQuarters:
    """The last n fiscal quarters: those that have ended, or with the running one, up to `as_of`, as the last.

    A quarter whose last day is `as_of` has ended.
    """

    quarters: int = attrs.field(validator=_positive)
    complete: bool = True

    def on(self, as_of: datetime.date, calendar: FiscalCalendar) -> DateRange:
        tomorrow = _moved(as_of, _DAY)
        running = calendar.quarter(tomorrow if self.complete else as_of).range.start
        assert running is not None
        if self.complete:
            return DateRange(_moved(running, relativedelta(months=-3 * self.quarters)), running)
        return DateRange(_moved(running, relativedelta(months=-3 * (self.quarters - 1))), tomorrow)


@attrs.frozen
class YearToDate:
    """The running fiscal year up to `as_of`."""

    def on(self, as_of: datetime.date, calendar: FiscalCalendar) -> DateRange:
        return DateRange(calendar.year(as_of).range.start, _moved(as_of, _DAY))


@attrs.frozen
class Lifetime:
    """Everything up to `as_of`."""

    def on(self, as_of: datetime.date, calendar: FiscalCalendar) -> DateRange:
        return DateRange(None, _moved(as_of, _DAY))


def year_before(window: Window, as_of: datetime.date, calendar: FiscalCalendar) -> DateRange:
    """The same window as it was a year before; the last day of a month stays the last day of that month.

    So the 28th of February 2025 becomes the 29th of 2024: the windows of two years in a row leave no day out.
    """
    if isinstance(window, TrailingQuarters) and window.complete:
        # the 28th of February 2000 ends no quarter, that of 1999 does: whole quarters move as such
        found = window.on(as_of, calendar)
        return DateRange(*(day and _moved(day, relativedelta(years=-1)) for day in (found.start, found.end)))
    is_month_end = _moved(as_of, _DAY).day == 1
    return window.on(_moved(as_of, relativedelta(years=-1, day=31 if is_month_end else None)), calendar)
