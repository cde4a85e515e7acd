"""Business calendars: which days are worked at a place, and where a date goes that falls on another.

Sources of holidays disagree, and change their minds. So a calendar is given by the caller, has a version, and each result
that rests on one can name it. A day of a year whose holidays are not known is refused, not guessed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, cast

import attrs

from prmcore.errors import Faults, InvalidInput, repeated
from prmcore.values.date_ranges import DateRange, checked_date

__all__ = ["BusinessCalendar", "BusinessDayConvention", "Holiday", "public_holidays"]

_DAY = datetime.timedelta(days=1)
_MOST = 100_000  # business days that are counted at once


class BusinessDayConvention(StrEnum):
    """Where a date goes that is no business day; the terms of ISDA's definitions (2006, section 4.12)."""

    UNADJUSTED = "unadjusted"
    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified-following"  # the one before, when the following one is of the next month
    PRECEDING = "preceding"
    MODIFIED_PRECEDING = "modified-preceding"  # the one after, when the preceding one is of the month before
    NEAREST = "nearest"  # of two as near as each other the later one


@attrs.frozen
class Holiday:
    """A day off, or a day on which something that is needed is closed: a strike of the post."""

    day: datetime.date
    name: str = ""  # "" = nobody gave one

    def __attrs_post_init__(self) -> None:
        checked_date(self.day)


def _holidays(given: Mapping[datetime.date, str] | Iterable[datetime.date | Holiday]) -> tuple[Holiday, ...]:
    if isinstance(given, Mapping):
        named = cast("Mapping[datetime.date, str]", given)
        found = [Holiday(day, name) for day, name in named.items()]
    else:
        found = [one if isinstance(one, Holiday) else Holiday(one) for one in given]
    return tuple(sorted(found, key=lambda one: (one.day, one.name)))


@attrs.frozen(kw_only=True)
class BusinessCalendar:
    """The days that are worked at a place.

    >>> berlin = BusinessCalendar(name="DE-BE", version="by hand", years=frozenset({2026}),
    ...     holidays={datetime.date(2026, 4, 3): "Karfreitag", datetime.date(2026, 4, 6): "Ostermontag"})
    >>> berlin.is_business_day(datetime.date(2026, 4, 3)), str(berlin.on_or_after(datetime.date(2026, 4, 3)))
    (False, '2026-04-07')
    >>> str(berlin.add(datetime.date(2026, 4, 2), 2))
    '2026-04-08'
    """

    name: str  # such as DE-BE
    version: str  # whose list of holidays, and which one: what a result names beside the calendar
    years: frozenset[int]  # for which the holidays are known
    holidays: tuple[Holiday, ...] = attrs.field(default=(), converter=_holidays)  # also: day -> name; days
    weekend: frozenset[int] = frozenset({5, 6})  # 0 = Monday, 6 = Sunday
    worked: frozenset[datetime.date] = (
        frozenset()
    )  # days of a weekend that are worked all the same, as in China
    _off: frozenset[datetime.date] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        faults = Faults("the calendar cannot be used")
        for what in ("name", "version"):
            if not isinstance(getattr(self, what), str) or not getattr(self, what):
                faults.add("found nothing; accepted: some text", what)
        if not self.years:
            faults.add("found none; accepted: the years for which the holidays are known", "years")
        for year in sorted(self.years, key=str):
            if type(year) is not int or not 2 <= year <= 9998:  # a neighbour of each day exists
                faults.add(f"found {year!r:.40}; accepted: 2 to 9998", "years")
        for place, one in enumerate(self.holidays):
            if one.day.year not in self.years:
                faults.add(f"{one.day} is of a year that is not among the years", f"holidays[{place}]")
        days_off = {one.day for one in self.holidays}
        for day in sorted(self.worked):
            if day.year not in self.years or day.weekday() not in self.weekend or day in days_off:
                faults.add(
                    f"found {day}; accepted: days of a weekend, in the years, that are no holidays", "worked"
                )
        for twice in repeated(one.day.isoformat() for one in self.holidays):
            faults.add(f"{twice} is given twice", "holidays")
        if not self.weekend < set(range(7)):
            faults.add(
                f"found {sorted(self.weekend, key=str)}; accepted: 0 (Monday) to 6, not all", "weekend"
            )
        faults.raise_if_any()
        object.__setattr__(self, "_off", frozenset(days_off))

    @property
    def pinned(self) -> str:
        """The name and version, as results carry them."""
        return f"{self.name} ({self.version})"

    def is_business_day(self, day: datetime.date) -> bool:
        """Whether the day is worked."""
        if day.year not in self.years:
            raise self._unknown(day)
        return (day.weekday() not in self.weekend or day in self.worked) and day not in self._off

    def holiday_on(self, day: datetime.date) -> Holiday | None:
        """The holiday on that day; None on any other, weekends too."""
        if day.year not in self.years:
            raise self._unknown(day)
        return next((one for one in self.holidays if one.day == day), None) if day in self._off else None

    def on_or_after(self, day: datetime.date) -> datetime.date:
        """The day itself, or the next business day."""
        while not self.is_business_day(day):
            day += _DAY
        return day

    def on_or_before(self, day: datetime.date) -> datetime.date:
        """The day itself, or the last business day before."""
        while not self.is_business_day(day):
            day -= _DAY
        return day

    def adjusted(self, day: datetime.date, convention: BusinessDayConvention) -> datetime.date:
        """Where the convention puts a date; a business day stays where it is."""
        if convention is BusinessDayConvention.UNADJUSTED or self.is_business_day(day):
            return day
        if convention is BusinessDayConvention.NEAREST:
            before, after = self.on_or_before(day), self.on_or_after(day)
            return before if day - before < after - day else after
        is_forward = convention in _FORWARD
        found = self.on_or_after(day) if is_forward else self.on_or_before(day)
        if convention in _MODIFIED and found.month != day.month:
            return self.on_or_before(day) if is_forward else self.on_or_after(day)
        return found

    def add(self, day: datetime.date, count: int) -> datetime.date:
        """The n-th business day after a day, or before it when negative; the day itself is not counted."""
        if type(count) is not int or not -_MOST <= count <= _MOST:
            raise InvalidInput(f"count: found {count!r:.40}; accepted: -{_MOST} to {_MOST}")
        step, left = (_DAY, count) if count >= 0 else (-_DAY, -count)
        while left:
            day += step
            left -= self.is_business_day(day)
        return day

    def count(self, period: DateRange) -> int:
        """How many business days a period has."""
        if period.start is None:
            raise InvalidInput(f"{period} has no number of days")
        return sum(self.is_business_day(period.start + _DAY * number) for number in range(period.days))

    def with_closures(self, closures: Mapping[datetime.date, str], version: str) -> BusinessCalendar:
        """The same with more days off, under a version of its own: a strike, a day of mourning."""
        more = [Holiday(day, name) for day, name in closures.items() if day not in self._off]
        worked = self.worked - closures.keys()
        return attrs.evolve(self, holidays=(*self.holidays, *more), worked=worked, version=version)

    def both(self, other: BusinessCalendar) -> BusinessCalendar:
        """Worked where both places work; known for the years that both know."""
        return self._joined(other, "and", all, self.weekend | other.weekend)

    def either(self, other: BusinessCalendar) -> BusinessCalendar:
        """Worked where one of the two places works; known for the years that both know."""
        return self._joined(other, "or", any, self.weekend & other.weekend)

    def _joined(
        self,
        other: BusinessCalendar,
        word: str,
        how: Callable[[Iterable[bool]], bool],
        weekend: frozenset[int],
    ) -> BusinessCalendar:
        years = self.years & other.years
        if not years:
            raise InvalidInput(f"{self.pinned} and {other.pinned} know no year in common")

        def works(day: datetime.date) -> bool:
            return how((self.is_business_day(day), other.is_business_day(day)))

        named = {one.day: one for one in (*other.holidays, *self.holidays) if one.day.year in years}
        worked = [day for day in self.worked | other.worked if day.year in years and day.weekday() in weekend]
        return BusinessCalendar(
            name=f"{self.name} {word} {other.name}",
            version=f"{self.version}, {other.version}" if self.version != other.version else self.version,
            years=years,
            holidays=[one for day, one in named.items() if not works(day)],
            weekend=weekend,
            worked=frozenset(day for day in worked if works(day)),
        )

    def _unknown(self, day: datetime.date) -> InvalidInput:
        first, last = min(self.years), max(self.years)
        return InvalidInput(
            f"found {day}; accepted: a day of a year whose holidays {self.pinned} knows, from {first} to {last}"
        )


_FORWARD = frozenset({BusinessDayConvention.FOLLOWING, BusinessDayConvention.MODIFIED_FOLLOWING})
_MODIFIED = frozenset({BusinessDayConvention.MODIFIED_FOLLOWING, BusinessDayConvention.MODIFIED_PRECEDING})


def public_holidays(
    country: str, first_year: int, last_year: int, *, subdivision: str | None = None
) -> BusinessCalendar:
    """The public holidays of a country or a part of it, from the package `holidays` (extra `holidays`).

    Its version is that of the package, so that a result says which list it rests on. Years that the package does not
    cover for that country are refused.
    """
    from importlib.metadata import version  # slow to load, and asked for here only

    try:
        import holidays as package
    except ModuleNotFoundError as error:
        raise InvalidInput(
            "public holidays come from the package holidays: pip install 'prmcore[holidays]'"
        ) from error
    if type(first_year) is not int or type(last_year) is not int or not 2 <= first_year <= last_year <= 9998:
        raise InvalidInput(f"found the years {first_year!r:.20} to {last_year!r:.20}; accepted: 2 to 9998")
    years = range(first_year, last_year + 1)
    try:
        found: Any = package.country_holidays(country, subdiv=subdivision, years=years, expand=False)
    except (NotImplementedError, KeyError):
        raise InvalidInput(
            f"found {country!r:.20}, {subdivision!r:.20}; accepted: a country of ISO 3166-1, and a part of it, "
            "that the package holidays knows"
        ) from None
    if not found.start_year <= first_year or not last_year <= found.end_year:
        raise InvalidInput(
            f"found the years {first_year} to {last_year}; accepted for {country}: {found.start_year} to "
            f"{found.end_year}"
        )
    return BusinessCalendar(
        name=f"{country}-{subdivision}" if subdivision else country,
        version=f"holidays {version('holidays')}",
        years=frozenset(years),
        holidays={day: name for day, name in found.items() if day.year in years},
        weekend=frozenset(found.weekend),
        worked=frozenset(day for day in found.weekend_workdays if day.year in years),
    )
