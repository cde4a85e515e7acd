"""When a notice ends an agreement that runs on: so long from its receipt, and then to the end of a month, a quarter, a year.

The notice that is asked for grows with the years of the agreement; the year in which the notice is received decides. Its
length is counted by a period rule, and no day off moves its end: on that day nobody has to do anything (German Federal
Court, III ZR 172/04, NJW 2005, 1354, going on from BGHZ 59, 265: BGB 193 is not for periods of notice).
"""

from __future__ import annotations

import datetime
from calendar import isleap, monthrange

import attrs

from prmcore.contracts.notice.model import ConvenienceClause, NoticeStage, ToEndOf
from prmcore.contracts.periods import PERIOD_RULES, Counted, FirstDay, PeriodRule, Rolls, counted
from prmcore.errors import InvalidInput
from prmcore.values import BusinessCalendar, checked_date, months_after

__all__ = ["NoticeEnding", "ending", "receive_by_for"]

_DAY = datetime.timedelta(days=1)
_NONE = datetime.timedelta()
_PRACTICE = PERIOD_RULES["contract-practice"]
_MONTHS = {ToEndOf.MONTH: 1, ToEndOf.QUARTER: 3, ToEndOf.YEAR: 12}


@attrs.frozen(kw_only=True)
class NoticeEnding:
    """When an agreement is over by a notice, and all that this rests on."""

    clause: ConvenienceClause
    received: datetime.date
    started: datetime.date  # the first day of the agreement
    year: int  # of the agreement, in which the notice was received; 1 = the first, or before
    stage: NoticeStage  # what the clause asks for in that year
    counted: Counted  # the length of the notice, from its receipt on
    last_day: datetime.date  # of the agreement

    @property
    def ends(self) -> datetime.date:
        """The first day on which the agreement is over."""
        return self.last_day + _DAY


def ending(
    clause: ConvenienceClause,
    received: datetime.date,
    *,
    started: datetime.date,
    rule: PeriodRule = _PRACTICE,
    calendar: BusinessCalendar | None = None,
) -> NoticeEnding:
    """When a notice that was received on a day ends an agreement that began on another.

    Without a calendar, business days are refused, and short periods of a rule that counts only business days in them; so
    are lengths of hours or of nothing, which no rule counts in days.
    """
    day, first = checked_date(received, "received"), checked_date(started, "started")
    year = _year_of(first, day)
    stage = clause.stage_in(year)
    over = counted(_unmoved(rule), day, stage.notice, calendar=calendar)
    last_day = _end_of(stage.to_end_of, over.last_day)
    if last_day == datetime.date.max:
        raise InvalidInput(f"received: found {day}; accepted: a day whose notice is over in the year 9999")
    return NoticeEnding(
        clause=clause, received=day, started=first, year=year, stage=stage, counted=over, last_day=last_day
    )


def receive_by_for(
    clause: ConvenienceClause,
    ends: datetime.date,
    *,
    started: datetime.date,
    rule: PeriodRule = _PRACTICE,
    calendar: BusinessCalendar | None = None,
) -> datetime.date | None:
    """The last day for the receipt of a notice that ends an agreement by a day, on which it is over; None = there is none.

    Looked for among the days since the agreement began. A later year may ask for less notice, so the last stage that can
    still do it decides.
    """
    first, last_day = checked_date(started, "started"), checked_date(ends, "ends") - _DAY
    until: datetime.date | None = None  # the first day of the stage after
    for stage in reversed(clause.stages):
        begins = _begins(first, stage.from_year)
        if begins is None or begins > last_day:
            continue
        found = _latest(stage, last_day, _unmoved(rule), calendar)
        if until is not None:
            found = min(found, until - _DAY)
        if found >= begins:
            return found
        until = begins
    return None


def _latest(
    stage: NoticeStage, last_day: datetime.date, rule: PeriodRule, calendar: BusinessCalendar | None
) -> datetime.date:
    """The last day of receipt for which a stage ends by a day. No day after it is asked of the calendar."""
    by = _end_by(stage.to_end_of, last_day)
    back = counted(rule, by + _DAY, stage.notice, calendar=calendar, backward=True, clear=True)
    day = back.last_day + (_DAY if rule.first_day is FirstDay.COUNTED else _NONE)
    if stage.notice.months is None:
        return day
    while (
        counted(rule, day, stage.notice).last_day > by
    ):  # months back and on again are not always where they began
        day -= _DAY
    while counted(rule, day + _DAY, stage.notice).last_day <= by:
        day += _DAY
    return day


def _unmoved(rule: PeriodRule) -> PeriodRule:
    """The rule as it counts a notice: days off do not move its end."""
    return attrs.evolve(rule, rolls=Rolls.NEVER, no_end_on=frozenset(), least_business_days=0)


def _year_of(started: datetime.date, day: datetime.date) -> int:
    """Of an agreement of 29 February each year begins on 1 March where there is none: the one before is over on the 28th."""
    has_begun = (day.month, day.day) >= (started.month, started.day)
    return max(day.year - started.year + has_begun, 1)


def _begins(started: datetime.date, year: int) -> datetime.date | None:
    """The first day of a year of the agreement; None = it lies after the year 9999."""
    number = started.year + year - 1
    if number > datetime.MAXYEAR:
        return None
    is_leap_day = (started.month, started.day) == (2, 29)
    return datetime.date(number, 3, 1) if is_leap_day and not isleap(number) else started.replace(year=number)


def _end_of(what: ToEndOf, day: datetime.date) -> datetime.date:
    """The last day of the month, quarter or year in which a day lies."""
    if what is ToEndOf.DAY:
        return day
    months = _MONTHS[what]
    month = -(-day.month // months) * months
    return datetime.date(day.year, month, monthrange(day.year, month)[1])


def _end_by(what: ToEndOf, day: datetime.date) -> datetime.date:
    """The latest such last day that is not after a day."""
    found = _end_of(what, day)
    if found == day or what is ToEndOf.DAY:
        return found
    return months_after(found.replace(day=1), 1 - _MONTHS[what]) - _DAY
