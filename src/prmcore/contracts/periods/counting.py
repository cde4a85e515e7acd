"""Counting a period forward or back from a day, and hours from an instant.

Lengths in a row are one period: months and years of neighbours are taken together, each next length runs from the last
day that the one before it would have, and a day off moves the very last day only, once (EU General Court, T-85/97).
"""

from __future__ import annotations

import datetime
from calendar import monthrange

from prmcore.contracts.periods.model import (
    Ambiguity,
    Counted,
    CountedHours,
    FirstDay,
    Hours,
    MonthEnd,
    PeriodRule,
    PeriodStep,
    Rolls,
    WhyAmbiguous,
    WhyStepped,
)
from prmcore.errors import Faults, InvalidInput
from prmcore.values import (
    BusinessCalendar,
    Length,
    Unit,
    checked_date,
    checked_instant,
    checked_zone,
    day_in,
    months_after,
    zone_named,
)

__all__ = ["counted", "counted_hours", "needs_calendar"]

_DAY = datetime.timedelta(days=1)
_NONE = datetime.timedelta()
_HOUR = datetime.timedelta(hours=1)
_MOST_SHIFTED = 3  # days between the two ways to count months back: a month lacks no more


def counted(
    rule: PeriodRule,
    event: datetime.date,
    *lengths: Length,
    calendar: BusinessCalendar | None = None,
    backward: bool = False,
    from_midnight: bool = False,
    clear: bool = False,
) -> Counted:
    """The last day of a period that an event sets going, or the last day to act before an event.

    `from_midnight` says that the period begins with the day itself, as in "from April 1". `clear` asks, of a period
    that is counted back, for days that all lie between the act and the event. Refused are no length at all, hours, a rule
    that asks for business days without a calendar, and days that no calendar has.
    """
    day = checked_date(event, "event")
    _check(rule, lengths, calendar, backward, from_midnight, clear)
    count = _Count(rule, calendar, backward, from_midnight, clear or rule.clear_back)
    try:
        return count.counted(day, lengths)
    except OverflowError:
        raise InvalidInput(
            f"event: found {day}; accepted: a day whose period lies in the years 1 to 9999"
        ) from None


def _check(
    rule: PeriodRule, lengths: tuple[Length, ...], calendar: BusinessCalendar | None, backward: bool,
    from_midnight: bool, clear: bool,
) -> None:  # fmt: skip
    faults = Faults("the period cannot be counted")
    if not lengths:
        faults.add("found none; accepted: one or more lengths", "lengths")
    for place, length in enumerate(lengths):
        if length.unit is Unit.HOURS or not length.count:
            faults.add(
                f"found {length}; accepted: 1 or more days, business days, weeks, months or years",
                f"lengths[{place}]",
            )
    if calendar is None and needs_calendar(rule, lengths, backward):
        faults.add(f"found none; accepted: a business calendar, which {rule.id} asks for here", "calendar")
    if from_midnight and (backward or rule.first_day is FirstDay.EXCLUDED):
        faults.add(
            f"found yes with {rule.id}; accepted: of a period counted forward, by a rule that can count the first day",
            "from_midnight",
        )
    if clear and not backward:
        faults.add("found yes; accepted: of a period counted back; forward, ask for over_on", "clear")
    faults.raise_if_any()


def needs_calendar(rule: PeriodRule, lengths: tuple[Length, ...], backward: bool) -> bool:
    """Whether the last day cannot be counted without a business calendar; else one adds doubts at the most."""
    return (
        any(one.unit is Unit.BUSINESS_DAYS or _is_short(rule, one) for one in lengths)
        or rule.rolls is Rolls.ONWARD
        or (rule.rolls is Rolls.FORWARD_ONLY and not backward)
        or rule.least_business_days > 0
    )


def _is_short(rule: PeriodRule, length: Length) -> bool:
    return length.unit is Unit.DAYS and length.count <= rule.short_days


class _Count:
    """One counting: its steps and doubts are gathered on the way."""

    def __init__(
        self,
        rule: PeriodRule,
        calendar: BusinessCalendar | None,
        backward: bool,
        from_midnight: bool,
        clear: bool,
    ) -> None:
        self.rule, self.calendar, self.backward, self.clear = rule, calendar, backward, clear and backward
        self.step = -_DAY if backward else _DAY
        self.is_counted = not backward and (from_midnight or rule.first_day is FirstDay.COUNTED)
        self.steps: list[PeriodStep] = []
        self.doubts: list[Ambiguity] = []

    def counted(self, event: datetime.date, lengths: tuple[Length, ...]) -> Counted:
        first = event if self.is_counted else event + self.step
        self.note(WhyStepped.EVENT_COUNTED if self.is_counted else WhyStepped.EVENT_EXCLUDED, event, first)
        before = first - self.step  # the day from which the next length runs, itself not counted
        for length in _taken_together(lengths):
            last = self.forward(before, length) if not self.backward else self.back(before, length)
            self.note(WhyStepped.COUNTED, before, last, length)
            before = last
        if self.clear:
            self.note(WhyStepped.CLEAR, before, before - _DAY)
            before -= _DAY
        last = self.moved(first, before)
        if not self.rule.is_law:
            self.doubts.append(Ambiguity(why=WhyAmbiguous.AS_DRAFTED))
        pinned = None if self.calendar is None or not self.used(lengths) else self.calendar.pinned
        return Counted(
            rule=self.rule, event=event, lengths=lengths, backward=self.backward, first_day=first, unmoved=before,
            last_day=last, steps=tuple(self.steps), ambiguities=tuple(self.doubts), calendar=pinned,
        )  # fmt: skip

    def used(self, lengths: tuple[Length, ...]) -> bool:
        return self.rule.rolls is Rolls.BY_CUSTOM or needs_calendar(self.rule, lengths, self.backward)

    def note(
        self, why: WhyStepped, before: datetime.date, after: datetime.date, length: Length | None = None
    ) -> None:
        self.steps.append(PeriodStep(why=why, before=before, after=after, length=length))

    def forward(self, before: datetime.date, length: Length) -> datetime.date:
        """The last day of a length whose first day is the one after `before`."""
        if length.months is not None:
            return _months_on(self.rule.month_end, before, length.months)
        return self.days(before, length)

    def back(self, after: datetime.date, length: Length) -> datetime.date:
        """The counted day that is farthest from `after`, which is not counted itself; of two the earlier."""
        if length.months is None:
            return self.days(after, length)
        one = _months_back(self.rule.month_end, after, length.months)
        other = self.other_way_back(after, one, length.months)
        if one != other:
            later = max(one, other)
            shown = later - _DAY if self.clear else later
            self.doubts.append(Ambiguity(why=WhyAmbiguous.MONTHS_BACK, other=shown))
        return min(one, other)

    def other_way_back(self, after: datetime.date, one: datetime.date, months: int) -> datetime.date:
        """By the first counted day, where that decides; else the latest day whose months forward are over in time."""
        if self.rule.month_end is MonthEnd.DAY_BEFORE:
            return months_after(after - _DAY, -months) + _DAY
        clear = (
            _DAY if self.clear else _NONE
        )  # the act is a day before the counted ones, and they are before the event
        later = [one + _DAY * shift for shift in range(1, _MOST_SHIFTED + 1)]
        in_time = [
            day for day in later if _months_on(self.rule.month_end, day - clear, months) <= after - clear
        ]
        return max(in_time, default=one)

    def days(self, day: datetime.date, length: Length) -> datetime.date:
        sign = -1 if self.backward else 1
        if self.calendar is not None and (length.unit is Unit.BUSINESS_DAYS or _is_short(self.rule, length)):
            return self.calendar.add(day, sign * length.count)
        return day + _DAY * sign * (length.days or 0)

    def moved(self, first: datetime.date, last: datetime.date) -> datetime.date:
        """Where a last day goes on which no period ends, and until when there are enough business days."""
        if self.calendar is None:
            if self.rule.rolls is Rolls.BY_CUSTOM:
                self.doubts.append(Ambiguity(why=WhyAmbiguous.CUSTOM_UNKNOWN))
            return last
        calendar, rolled = self.calendar, last
        while self.rolls() and not _may_end(self.rule, rolled, calendar):
            rolled += self.step
        if self.backward and self.rule.rolls is Rolls.BY_CUSTOM and not calendar.is_business_day(last):
            other = calendar.on_or_before(last)
            self.doubts.append(Ambiguity(why=WhyAmbiguous.ROLL_BACK_DISPUTED, other=other))
        if rolled != last:
            self.note(WhyStepped.ROLLED, last, rolled)
        enough = self.with_business_days(first, rolled, calendar)
        if enough != rolled:
            self.note(WhyStepped.FEW_BUSINESS_DAYS, rolled, enough)
        return enough

    def rolls(self) -> bool:
        return self.rule.rolls is Rolls.ONWARD or (self.rule.rolls is not Rolls.NEVER and not self.backward)

    def with_business_days(
        self, first: datetime.date, last: datetime.date, calendar: BusinessCalendar
    ) -> datetime.date:
        """The last day, or a later one in the direction of counting by which there are as many as the rule asks for."""
        least = self.rule.least_business_days
        if not self.counted_days(first, last) >= least > 0:
            return last
        day, found = first, 0
        while True:
            found += _may_end(self.rule, day, calendar)
            if found >= least and self.counted_days(last, day) > 0:
                return day
            day += self.step

    def counted_days(self, first: datetime.date, last: datetime.date) -> int:
        return abs((last - first).days) + 1 if (last - first) * self.step.days >= _NONE else 0


def _may_end(rule: PeriodRule, day: datetime.date, calendar: BusinessCalendar) -> bool:
    return calendar.is_business_day(day) and day.weekday() not in rule.no_end_on


def _taken_together(lengths: tuple[Length, ...]) -> list[Length]:
    """The same with neighbours of months and years as one: a day that a month lacks is lost once, at the end."""
    found: list[Length] = []
    for one in lengths:
        before = found[-1].months if found else None
        if one.months is not None and before is not None:
            found[-1] = Length(before + one.months, Unit.MONTHS)
        else:
            found.append(one)
    return found


def _months_on(how: MonthEnd, before: datetime.date, months: int) -> datetime.date:
    """The last day of months whose first day is the one after `before`."""
    if how is MonthEnd.DAY_BEFORE:
        first = before + _DAY
        found = months_after(first, months)
        return found - _DAY if found.day == first.day else found  # none in that month: its last day
    return _stuck(how, before, months_after(before, months))


def _months_back(how: MonthEnd, after: datetime.date, months: int) -> datetime.date:
    return _stuck(how, after, months_after(after, -months))


def _stuck(how: MonthEnd, day: datetime.date, found: datetime.date) -> datetime.date:
    if how is MonthEnd.STICKY and _is_last(day):
        return found.replace(day=monthrange(found.year, found.month)[1])
    return found


def _is_last(day: datetime.date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def counted_hours(
    rule: PeriodRule,
    event: datetime.datetime,
    length: Length,
    *,
    zone: str,
    calendar: BusinessCalendar | None = None,
) -> CountedHours:
    """When so many hours are over, which elapse whatever the clock of the zone shows.

    A rule that does not speak of hours is refused, and so is one that moves their end to a business day without a calendar.
    """
    at, place = checked_instant(event, "event"), checked_zone(zone)
    faults = Faults("the hours cannot be counted")
    if length.unit is not Unit.HOURS or not length.count:
        faults.add(f"found {length}; accepted: 1 or more hours", "length")
    if rule.hours is None:
        faults.add(f"found {rule.id}; accepted: a rule that speaks of hours", "rule")
    if rule.hours_roll and calendar is None:
        faults.add(f"found none; accepted: a business calendar, which {rule.id} asks for here", "calendar")
    faults.raise_if_any()
    try:
        begins = _next_full_hour(at, place) if rule.hours is Hours.NEXT_FULL_HOUR else at
        elapsed = begins + _HOUR * length.count
        ends = (
            _same_time(rule, elapsed, place, calendar)
            if calendar is not None and rule.hours_roll
            else elapsed
        )
    except OverflowError:
        raise InvalidInput(
            f"event: found {at}; accepted: one whose hours lie in the years 1 to 9999"
        ) from None
    pinned = calendar.pinned if calendar is not None and rule.hours_roll else None
    return CountedHours(
        rule=rule,
        zone=place,
        event=at,
        length=length,
        begins=begins,
        elapsed=elapsed,
        ends=ends,
        calendar=pinned,
    )


def _next_full_hour(at: datetime.datetime, zone: str) -> datetime.datetime:
    """Of the clock there, whose hours may begin at another minute than those of UTC."""
    local = at.astimezone(zone_named(zone))
    into = datetime.timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return at - into + _HOUR


def _same_time(
    rule: PeriodRule, at: datetime.datetime, zone: str, calendar: BusinessCalendar
) -> datetime.datetime:
    """The same time by the clock there, on the next day on which a period may end."""
    day = day_in(zone, at)
    end = day
    while not _may_end(rule, end, calendar):
        end += _DAY
    if end == day:
        return at
    local = at.astimezone(zone_named(zone))
    return checked_instant(datetime.datetime.combine(end, local.time(), zone_named(zone)))
