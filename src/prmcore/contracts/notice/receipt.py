"""When something that was sent counts as there, and until when it has to be sent to be there in time."""

from __future__ import annotations

import datetime
from enum import StrEnum

import attrs

from prmcore.contracts.notice.model import DeemedReceipt
from prmcore.errors import InvalidInput
from prmcore.values import (
    BusinessCalendar,
    Unit,
    checked_date,
    checked_instant,
    checked_zone,
    day_in,
    first_instant,
    zone_named,
)

__all__ = ["DeemedDay", "ReceiptStep", "WhyMoved", "deemed_received", "sent_before"]

_DAY = datetime.timedelta(days=1)
_NO_TIME = datetime.time()


class WhyMoved(StrEnum):
    """What a rule of receipt does to a day."""

    TOO_LATE = "too-late-in-the-day"  # it counts as sent on the next
    AFTER = "after"  # the days of the rule
    ROLLED = "rolled"  # to the next business day


@attrs.frozen(kw_only=True)
class ReceiptStep:
    """A day, and where it went."""

    why: WhyMoved
    before: datetime.date
    after: datetime.date


@attrs.frozen(kw_only=True)
class DeemedDay:
    """The day on which something counts as there, and how that was found."""

    rule: DeemedReceipt
    sent: datetime.date  # the day at the place
    day: datetime.date
    steps: tuple[ReceiptStep, ...]
    calendar: str | None  # name and version; None = none was needed


def deemed_received(
    rule: DeemedReceipt, sent_at: datetime.datetime, *, zone: str, calendar: BusinessCalendar | None = None
) -> DeemedDay:
    """The day on which what was sent at an instant counts as there, by the clock of a zone.

    Days on which the post does not move belong into the calendar: `BusinessCalendar.with_closures`. A rule that asks for
    business days is refused without one.
    """
    _check(rule, calendar)
    at, place = checked_instant(sent_at, "sent_at"), checked_zone(zone)
    sent = day_in(place, at)
    is_late = rule.before != _NO_TIME and at >= _instant(place, sent, rule.before)
    try:
        days = _days(rule, sent, is_late, calendar)
    except OverflowError:
        raise InvalidInput(
            f"sent_at: found {at}; accepted: what is there within the years 1 to 9999"
        ) from None
    steps = [  # the reasons stand in the order in which the day is moved
        ReceiptStep(why=why, before=before, after=after)
        for why, before, after in zip(WhyMoved, days, days[1:], strict=False)
        if before != after
    ]
    pinned = calendar.pinned if calendar is not None and rule.needs_calendar else None
    return DeemedDay(rule=rule, sent=sent, day=days[-1], steps=tuple(steps), calendar=pinned)


def sent_before(
    rule: DeemedReceipt, last_day: datetime.date, *, zone: str, calendar: BusinessCalendar | None = None
) -> datetime.datetime:
    """The first instant, in UTC, at which it is too late to send something that has to count as there on a day.

    Many days of sending have one day of receipt, and on some days nothing is ever there. No day after the last is looked
    at: its year may not be known to the calendar.
    """
    _check(rule, calendar)
    place = checked_zone(zone)
    last = checked_date(last_day, "last_day")
    try:
        counted_from = _latest(rule, last, calendar)
        if rule.before != _NO_TIME:
            return _instant(place, counted_from, rule.before)
        return first_instant(place, counted_from + _DAY)
    except OverflowError:
        raise InvalidInput(f"last_day: found {last}; accepted: a day of the years 2 to 9998") from None


def _latest(rule: DeemedReceipt, last: datetime.date, calendar: BusinessCalendar | None) -> datetime.date:
    """The last day from which it may be counted, to be there on a day."""
    if calendar is not None and rule.rolls:
        last = calendar.on_or_before(last)
    if calendar is None or rule.after.unit is Unit.DAYS or not rule.after.count:
        return last - _DAY * rule.after.count
    return calendar.add(last + _DAY, -rule.after.count) - _DAY


def _days(
    rule: DeemedReceipt, sent: datetime.date, is_late: bool, calendar: BusinessCalendar | None
) -> tuple[datetime.date, ...]:
    """The day of sending, that from which it is counted, the one counted to, the one it rolls to."""
    counted_from = sent + _DAY if is_late else sent
    if calendar is None or rule.after.unit is Unit.DAYS:
        counted = counted_from + _DAY * rule.after.count
    else:
        counted = calendar.add(counted_from, rule.after.count)
    rolled = calendar.on_or_after(counted) if calendar is not None and rule.rolls else counted
    return sent, counted_from, counted, rolled


def _instant(zone: str, day: datetime.date, time: datetime.time) -> datetime.datetime:
    """The first time that the clock shows it on that day."""
    return checked_instant(datetime.datetime.combine(day, time, zone_named(zone)))


def _check(rule: DeemedReceipt, calendar: BusinessCalendar | None) -> None:
    if rule.needs_calendar and calendar is None:
        raise InvalidInput(
            f"calendar: found none; accepted: a business calendar, which the rule {rule.id} asks for"
        )
