"""What is due as an iCalendar file, for any calendar program; written by the package `icalendar` (extra `ical`).

Explicit dates, and no rules of recurrence: "monthly from the 31st" leaves short months out by RFC 5545. An event is a whole day,
its end the day after. An alarm is an instant in UTC, found in the zone of the contract: servers take a whole day's midnight
for that of UTC.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from prmcore.contracts.lifecycle.due import Due
from prmcore.contracts.lifecycle.said import said_of_due
from prmcore.decisions.explain import put_into_words
from prmcore.errors import InvalidInput
from prmcore.values import checked_instant, checked_zone, first_instant

__all__ = ["to_icalendar"]

_DAY = datetime.timedelta(days=1)
_NINE = datetime.timedelta(hours=9)
_NOT_TEXT = {
    sign: "\ufffd" for sign in (*range(32), 127) if chr(sign) not in "\t\n\r"
}  # by RFC 5545, 3.1: CONTROL


def to_icalendar(
    items: Iterable[Due],
    *,
    zone: str,
    stamp: datetime.datetime,
    locale: str = "en",
    sequence: int = 0,
    alarm_after: datetime.timedelta | None = _NINE,
) -> bytes:
    """An iCalendar file of what is due, in UTF-8, an event a day.

    The same item has the same UID in every file, so that a calendar replaces it; `sequence` is raised when the agreement was
    amended. `stamp` is the instant of writing. An alarm rings so long after the day begins in `zone`; None = there is none.
    """
    try:
        from icalendar import Alarm, Calendar, Event
    except ModuleNotFoundError as error:
        raise InvalidInput(
            "calendars are written by the package icalendar: pip install 'prmcore[ical]'"
        ) from error
    home, written = checked_zone(zone), checked_instant(stamp, "stamp")
    if type(sequence) is not int or sequence < 0:
        raise InvalidInput(f"sequence: found {sequence!r:.40}; accepted: 0 or more")
    if alarm_after is not None and not datetime.timedelta() <= alarm_after < _DAY:
        raise InvalidInput(f"alarm_after: found {alarm_after}; accepted: less than a day")
    calendar = Calendar()
    calendar.add("prodid", "-//prmcore//contracts//EN")
    calendar.add("version", "2.0")
    for one in items:
        words = put_into_words(said_of_due(one), locale).text.translate(_NOT_TEXT)
        event = Event()
        event.add("uid", f"{one.id}@prmcore".translate(_NOT_TEXT))
        event.add("dtstamp", written)
        event.add("dtstart", one.on)
        event.add("dtend", one.on + _DAY)
        event.add("summary", words)
        event.add("sequence", sequence)
        event.add("transp", "TRANSPARENT")
        if alarm_after is not None:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", words)
            rings = first_instant(home, one.on) + alarm_after
            alarm.add(
                "trigger", rings, parameters={"value": "DATE-TIME"}
            )  # or it would be read as a duration
            event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
