"""Fiscal calendars: years that start in any month, and their halves, quarters and months."""

from __future__ import annotations

import datetime
import re
from typing import Literal, TypeAlias

import attrs

from prmcore.errors import InvalidInput
from prmcore.values.date_ranges import DateRange, checked_date

__all__ = ["FiscalCalendar", "FiscalPeriod", "PeriodKind"]

PeriodKind: TypeAlias = Literal["month", "quarter", "half", "year"]
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_NAMED = re.compile(
    r"(?P<month>[0-9]{4}-[0-9]{2})|FY(?P<year>[0-9]{1,4})(-(?P<part>[HQ])(?P<number>[1-4]))?", re.ASCII
)


@attrs.frozen
class FiscalPeriod:
    """A month, quarter, half or year of a fiscal calendar."""

    name: str  # FY2026, FY2026-H1, FY2026-Q1; a month is 2026-04
    range: DateRange

    @property
    def kind(self) -> PeriodKind:
        """Which its name says."""
        year, _, part = self.name.partition("-")
        if not year.startswith("FY"):
            return "month"
        return "year" if not part else "half" if part.startswith("H") else "quarter"


@attrs.frozen
class FiscalCalendar:
    """How a company divides its time.

    A Japanese fiscal year starts in April and is named by the year it starts in:

    >>> japan = FiscalCalendar(start_month=4)
    >>> period = japan.quarter(datetime.date(2027, 2, 10))
    >>> period.name, str(period.range)
    ('FY2026-Q4', '2027-01-01 to 2027-03-31')
    """

    start_month: int = 1
    named_by: Literal["start", "end"] = "start"  # the calendar year in which the fiscal year starts, or ends

    def __attrs_post_init__(self) -> None:
        if type(self.start_month) is not int or not 1 <= self.start_month <= 12:
            raise InvalidInput(f"start_month: found {self.start_month!r:.40}; accepted: 1 to 12")
        if self.named_by not in ("start", "end"):
            raise InvalidInput(f"named_by: found {self.named_by!r:.40}; accepted: start, end")

    def year(self, day: datetime.date) -> FiscalPeriod:
        return self.period("year", day)

    def half(self, day: datetime.date) -> FiscalPeriod:
        return self.period("half", day)

    def quarter(self, day: datetime.date) -> FiscalPeriod:
        return self.period("quarter", day)

    def month(self, day: datetime.date) -> FiscalPeriod:
        return self.period("month", day)

    def period(self, kind: PeriodKind, day: datetime.date) -> FiscalPeriod:
        """The period of this kind that the day falls into."""
        if kind not in _MONTHS:
            raise InvalidInput(f"found {kind!r:.40}; accepted: month, quarter, half, year")
        checked_date(day)
        months = _MONTHS[kind]
        into_year = (day.month - self.start_month) % 12
        number = into_year // months
        first = day.year * 12 + day.month - 1 - into_year + number * months
        return FiscalPeriod(
            self._name(kind, first, number), DateRange(_month_start(first), _month_start(first + months))
        )

    def periods(self, kind: PeriodKind, within: DateRange) -> tuple[FiscalPeriod, ...]:
        """All periods of this kind that share a day with `within`, which is bounded on both sides."""
        if within.start is None:
            raise InvalidInput(f"{within} has no first day")
        found = [self.period(kind, within.start)]
        while (following := found[-1].range.last_day) < within.last_day:
            found.append(self.period(kind, following + datetime.timedelta(days=1)))
        return tuple(found)

    def named(self, name: str) -> FiscalPeriod:
        """The period of a name; one that the calendar gives to no period is refused.

        >>> str(FiscalCalendar(start_month=4).named("FY2026-Q4").range)
        '2027-01-01 to 2027-03-31'
        """
        match = _NAMED.fullmatch(name) if isinstance(name, str) else None
        if match is not None:
            kind = FiscalPeriod(name, DateRange()).kind
            try:
                found = self.period(kind, self._first_day(kind, match))
            except ValueError:  # no such month, or a year beyond those that there are
                found = None
            if found is not None and found.name == name:
                return found
        raise InvalidInput(
            f"found {name!r:.40}; accepted: the name of a period, such as 2026-04, FY2026-Q1, FY2026-H1 or FY2026"
        )

    def _first_day(self, kind: PeriodKind, match: re.Match[str]) -> datetime.date:
        if kind == "month":
            return datetime.date.fromisoformat(f"{match['month']}-01")
        later = 12 if self.named_by == "end" and self.start_month > 1 else 0
        start = int(match["year"]) * 12 + self.start_month - 1 - later
        return _month_start(start + (int(match["number"] or 1) - 1) * _MONTHS[kind])

    def ends(self, kind: PeriodKind, within: DateRange) -> tuple[datetime.date, ...]:
        """The last days of periods of this kind that fall into `within`."""
        last_days = [period.range.last_day for period in self.periods(kind, within)]
        return tuple(day for day in last_days if day in within)

    def _name(self, kind: PeriodKind, first: int, number: int) -> str:
        if kind == "month":
            return f"{first // 12:04d}-{first % 12 + 1:02d}"
        start = first - number * _MONTHS[kind]
        year = (start if self.named_by == "start" else start + 11) // 12
        return f"FY{year}" if kind == "year" else f"FY{year}-{kind[0].upper()}{number + 1}"


def _month_start(months: int) -> datetime.date:
    """The first day of a month that is counted from year 0."""
    year, month = divmod(months, 12)
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        raise InvalidInput("the period lies outside the years 1 to 9999")
    return datetime.date(year, month + 1, 1)
