"""When something that was sent counts as there, and until when it has to be sent to be there in time."""

from __future__ import annotations

import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

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
    days = _days(rule, sent, is_late, calendar)
    steps = [
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

    A rule gives many days of sending one day of receipt, and some days none: the way back is searched.
    """
    _check(rule, calendar)
    place = checked_zone(zone)
    last = checked_date(last_day, "last_day")
    try:
        day = last - _DAY * (rule.after.count if rule.after.unit is Unit.DAYS else 0)
        while True:
            if _days(rule, day, rule.before != _NO_TIME, calendar)[-1] <= last:
                return first_instant(place, day + _DAY)
            if rule.before != _NO_TIME and _days(rule, day, False, calendar)[-1] <= last:
                return _instant(place, day, rule.before)
            day -= _DAY
    except OverflowError:
        raise InvalidInput(f"last_day: found {last}; accepted: a day of the years 2 to 9998") from None


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
    place = datetime.UTC if zone == "UTC" else ZoneInfo(zone)
    return checked_instant(datetime.datetime.combine(day, time, place))


def _check(rule: DeemedReceipt, calendar: BusinessCalendar | None) -> None:
    if rule.needs_calendar and calendar is None:
        raise InvalidInput(
            f"calendar: found none; accepted: a business calendar, which the rule {rule.id} asks for"
        )
