"""Business hours: when somebody is there, by the clock of a place; how long that is between two instants, and until when.

A deadline of 72 hours that count only while the office is open is an instant. It is found on the clock of the office, where
a day may have 23 or 25 hours, and given in UTC.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import cast
from zoneinfo import ZoneInfo

import attrs

from prmcore.errors import Faults, InvalidInput
from prmcore.values.date_ranges import checked_date

__all__ = [
    "BusinessHours", "Opening", "checked_instant", "checked_zone", "clock_in", "day_in", "first_instant", "last_second", "zone_named",
]  # fmt: skip

_DAY = datetime.timedelta(days=1)
_NONE = datetime.timedelta()
_MIDNIGHT = datetime.time()
_END = datetime.datetime(9999, 12, 30, tzinfo=datetime.UTC)
_PROBE = datetime.timedelta(hours=6)  # no zone has changed its clocks twice within
_TICK = datetime.timedelta(seconds=1)  # changes of clocks lie on whole seconds
_WEEKDAYS = range(7)  # Monday is 0
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,3}", re.ASCII)


def checked_instant(value: object, what: str = "at") -> datetime.datetime:
    """An instant in UTC; a datetime without a time zone is refused, because nobody knows when it was.

    >>> checked_instant(datetime.datetime.fromisoformat("2026-03-31T17:00+09:00")).isoformat()
    '2026-03-31T08:00:00+00:00'
    """
    if not isinstance(value, datetime.datetime) or value.utcoffset() is None:
        raise InvalidInput(f"{what}: found {value!r:.60}; accepted: a datetime with its time zone")
    try:
        return value.astimezone(datetime.UTC)
    except OverflowError:
        raise InvalidInput(f"{what}: found {value}; accepted: an instant of the years 1 to 9999") from None


def checked_zone(key: object) -> str:
    """The key of a zone that the IANA time zone database has, such as Asia/Tokyo."""
    try:
        if isinstance(key, str) and _ZONE.fullmatch(key):
            return key if key == "UTC" else ZoneInfo(key).key
    except (KeyError, OSError, ValueError):  # not there, a folder, or no zone at all
        pass
    raise InvalidInput(
        f"found {key!r:.60}; accepted: a zone of the IANA database, such as 'Asia/Tokyo' "
        "(where the system has no such database, the package tzdata brings it)"
    )


def day_in(zone: str, at: datetime.datetime) -> datetime.date:
    """The day that it is at an instant, in a zone.

    >>> day_in("Asia/Tokyo", datetime.datetime.fromisoformat("2026-03-31T15:00+00:00"))
    datetime.date(2026, 4, 1)
    """
    return checked_instant(at).astimezone(zone_named(zone)).date()


def clock_in(zone: str, at: datetime.datetime) -> str:
    """What the clock shows at an instant, in a zone: the same words for every reader.

    >>> clock_in("Asia/Tokyo", datetime.datetime.fromisoformat("2026-03-31T15:00+00:00"))
    '2026-04-01 00:00 Asia/Tokyo'
    """
    return f"{checked_instant(at).astimezone(zone_named(zone)):%Y-%m-%d %H:%M} {zone}"


@lru_cache(maxsize=256)
def zone_named(key: str) -> datetime.tzinfo:
    """The zone of a key that `checked_zone` accepts, for datetimes; UTC is there without any database of zones."""
    return datetime.UTC if key == "UTC" else ZoneInfo(key)


def first_instant(zone: str, day: datetime.date) -> datetime.datetime:
    """When the day before is over at a place, in UTC: the midnight between them, as the clock there shows it.

    Of a midnight that the clock leaves out it is the first moment after; of one that it shows twice the first, unless the day
    before comes back in between.

    >>> str(first_instant("America/Sao_Paulo", datetime.date(2018, 11, 4)))  # the clocks went from 0:00 to 1:00
    '2018-11-04 03:00:00+00:00'
    """
    midnight = datetime.datetime.combine(day, _MIDNIGHT, zone_named(zone))
    first, last = sorted(checked_instant(midnight.replace(fold=fold), "day") for fold in (0, 1))
    return first if first == last or day_in(zone, last - _TICK) >= day else last


def last_second(zone: str, day: datetime.date) -> datetime.datetime:
    """The end of a day at a place, in UTC: of what is known or done on that day nothing comes later."""
    return checked_instant(datetime.datetime.combine(day, datetime.time(23, 59, 59), zone_named(zone)))


@attrs.frozen
class Opening:
    """From when to when on a day of the week; a closing at 00:00 is the midnight that ends the day."""

    weekday: int  # 0 = Monday, 6 = Sunday
    opens: datetime.time
    closes: datetime.time

    def __attrs_post_init__(self) -> None:
        faults = Faults("the opening cannot be used")
        if type(self.weekday) is not int or self.weekday not in _WEEKDAYS:
            faults.add(f"found {self.weekday!r:.40}; accepted: 0 (Monday) to 6 (Sunday)", "weekday")
        for name in ("opens", "closes"):
            time = getattr(self, name)
            if not isinstance(time, datetime.time) or time.tzinfo is not None or time.microsecond:
                faults.add(f"found {time!r:.40}; accepted: a time without a zone, of whole seconds", name)
        faults.raise_if_any()
        if self.closes != _MIDNIGHT and self.closes <= self.opens:
            raise InvalidInput(f"closes: found {self.closes}; accepted: later than {self.opens}, or 00:00")


def _week(
    given: Mapping[int, Iterable[tuple[datetime.time, datetime.time]]] | Iterable[Opening],
) -> tuple[Opening, ...]:
    if isinstance(given, Mapping):
        week = cast("Mapping[int, Iterable[tuple[datetime.time, datetime.time]]]", given)
        several = [Opening(weekday, *times) for weekday, spans in week.items() for times in spans]
    else:
        several = list(given)
    return tuple(sorted(several, key=lambda one: (one.weekday, one.opens)))


@attrs.frozen(kw_only=True)
class BusinessHours:
    """When somebody is there: by the week, but for holidays.

    A moment is open when the clock on the wall shows a time between an opening and its closing. An hour that the clock
    shows twice counts twice, one that it leaves out does not count. Holidays are given by the caller, for `years`; a day of
    another year is refused, not guessed.

    >>> office = BusinessHours(zone="Europe/Berlin", years=frozenset({2026}), holidays=frozenset({datetime.date(2026, 4, 3)}),
    ...     week={day: [(datetime.time(9), datetime.time(17))] for day in range(5)})
    >>> thursday = datetime.datetime.fromisoformat("2026-04-02T16:00+02:00")
    >>> str(office.add(thursday, datetime.timedelta(hours=2)))  # one hour on Thursday, one on Monday: Friday is Good Friday
    '2026-04-06 08:00:00+00:00'
    """

    zone: str  # of the IANA database
    week: tuple[Opening, ...] = attrs.field(converter=_week)  # also: weekday -> (opens, closes) pairs
    holidays: frozenset[datetime.date] = frozenset()
    years: frozenset[int]  # for which the holidays are known

    def __attrs_post_init__(self) -> None:
        faults = Faults("the business hours cannot be used")
        with faults.within("zone"):
            checked_zone(self.zone)
        if not self.week:
            faults.add("found no opening; accepted: one at least", "week")
        for first, second in pairwise(self.week):
            if first.weekday == second.weekday and (first.closes == _MIDNIGHT or first.closes > second.opens):
                faults.add(f"two openings of weekday {first.weekday} overlap at {second.opens}", "week")
        for year in sorted(self.years, key=str):
            if type(year) is not int or not 2 <= year <= 9998:
                faults.add(f"found {year!r:.40}; accepted: 2 to 9998", "years")
        if not self.years:
            faults.add("found none; accepted: the years for which the holidays are known", "years")
        for day in self.holidays:
            with faults.within("holidays"):
                if checked_date(day).year not in self.years:
                    faults.add(f"{day} is of a year that is not among the years", "holidays")
        faults.raise_if_any()

    def is_business_day(self, day: datetime.date) -> bool:
        """Whether there is an opening on that day."""
        return bool(self._openings(day))

    def is_open(self, at: datetime.datetime) -> bool:
        """Whether somebody is there at that instant; at the instant of closing nobody is."""
        instant = checked_instant(at)
        return any(start == instant for start, _ in self._open(instant, instant + _TICK))

    def add(self, at: datetime.datetime, time: datetime.timedelta) -> datetime.datetime:
        """The first instant by which so much business time has passed, in UTC.

        What is used up at the end of a day ends with that day, not on the next morning.
        """
        instant, left = checked_instant(at), _not_negative(time)
        if not left:
            return instant
        for start, end in self._open(instant):
            if left <= end - start:
                return start + left
            left -= end - start
        raise InvalidInput(f"time: found {time}; accepted: what ends within the years 1 to 9999")

    def between(self, start: datetime.datetime, end: datetime.datetime) -> datetime.timedelta:
        """How much business time passes from one instant to a later one."""
        first, last = checked_instant(start, "start"), checked_instant(end, "end")
        if last < first:
            raise InvalidInput(f"end: found {last}; accepted: {first} or later")
        return sum((closed - opened for opened, closed in self._open(first, last)), _NONE)

    def add_days(self, at: datetime.datetime, days: int) -> datetime.datetime:
        """The same time of day so many business days later, in UTC.

        Of a time that the clock shows twice it is the first; one that it leaves out that day is as late as if it did not.
        """
        if type(days) is not int or not 0 <= days <= 10_000:
            raise InvalidInput(f"days: found {days!r:.40}; accepted: 0 to 10000")
        instant = checked_instant(at)
        if not days:
            return instant
        local = instant.astimezone(zone_named(self.zone))
        day = local.date()
        while days:
            day += _DAY
            days -= self.is_business_day(day)
        return checked_instant(datetime.datetime.combine(day, local.time().replace(fold=0), local.tzinfo))

    def _open(
        self, instant: datetime.datetime, until: datetime.datetime = _END
    ) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
        """What is open from one instant to another, in their order, in UTC; no later day is looked at than is asked for.

        Between two changes of the clock the clock runs as time does: there an opening is a plain piece of time.
        """
        day = instant.date()
        while day <= until.date() and day < _END.date():
            for start, end, offset in _pieces(self.zone, day):
                yield from self._within(max(start, instant), min(end, until), offset)
            day += _DAY

    def _within(
        self, start: datetime.datetime, end: datetime.datetime, offset: datetime.timedelta
    ) -> Iterator[tuple[datetime.datetime, datetime.datetime]]:
        local = (start + offset).date()
        while (midnight := _utc(local, _MIDNIGHT, offset)) < end and start < end:
            for opening in self._openings(local):
                closes = (
                    midnight + _DAY if opening.closes == _MIDNIGHT else _utc(local, opening.closes, offset)
                )
                opened, closed = max(start, _utc(local, opening.opens, offset)), min(end, closes)
                if opened < closed:
                    yield opened, closed
            local += _DAY

    def _openings(self, day: datetime.date) -> tuple[Opening, ...]:
        if day.year not in self.years:
            known = ", ".join(map(str, sorted(self.years)))
            raise InvalidInput(f"found {day}; accepted: a day of a year whose holidays are known: {known}")
        if day in self.holidays:
            return ()
        weekday = day.weekday()
        return tuple([one for one in self.week if one.weekday == weekday])


def _not_negative(time: object) -> datetime.timedelta:
    if not isinstance(time, datetime.timedelta) or time < _NONE:
        raise InvalidInput(f"time: found {time!r:.60}; accepted: a timedelta of zero or more")
    return time


def _utc(day: datetime.date, time: datetime.time, offset: datetime.timedelta) -> datetime.datetime:
    return datetime.datetime.combine(day, time, datetime.UTC) - offset


@lru_cache(maxsize=4096)
def _pieces(
    zone: str, day: datetime.date
) -> tuple[tuple[datetime.datetime, datetime.datetime, datetime.timedelta], ...]:
    """A day of UTC in pieces between changes of the zone's clock, each with its offset; one piece on most days."""
    first = datetime.datetime.combine(day, _MIDNIGHT, datetime.UTC)
    probes = [first + number * _PROBE for number in range(5)]
    changes = [_change(zone, before, after) for before, after in pairwise(probes)]
    edges = [probes[0], *(one for one in changes if one is not None), probes[-1]]
    return tuple((start, end, _offset(zone, start)) for start, end in pairwise(edges) if start < end)


def _change(zone: str, before: datetime.datetime, after: datetime.datetime) -> datetime.datetime | None:
    """The first instant of the later offset; None when the clock is not changed in between."""
    offset = _offset(zone, before)
    if offset == _offset(zone, after):
        return None
    while after - before > _TICK:
        middle = before + (after - before) // 2 // _TICK * _TICK
        before, after = (middle, after) if _offset(zone, middle) == offset else (before, middle)
    return after


def _offset(zone: str, at: datetime.datetime) -> datetime.timedelta:
    found = at.astimezone(zone_named(zone)).utcoffset()
    assert found is not None
    return found
