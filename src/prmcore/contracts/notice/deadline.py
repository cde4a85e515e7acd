"""Until when a notice has to be there: each reading of the contract, the safe one, and when to send.

A term is given by the first day after it. The deadline is never moved to a later day because its own is no business day:
that is for declarations that somebody has to make in time, not for the time that another one is to have (German Federal
Court, III ZR 172/04, NJW 2005, 1354, on BGB 193; Regulation 1182/71, art. 3(4), last sentence (recalled)).

A reading says between which days the length lies, a period rule how it is counted there. Where a clause names a rule, each
reading is counted back by it, and a rule by which all days are clear leaves no literal one, unless the clause states it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from enum import StrEnum

import attrs

from prmcore.contracts.notice.model import EffectiveOn, NoticeClause, Reading
from prmcore.contracts.notice.receipt import sent_before
from prmcore.contracts.periods import PERIOD_RULES, Counted, PeriodRule, counted, needs_calendar
from prmcore.errors import InvalidInput, unknown_name
from prmcore.values import (
    BusinessCalendar,
    Length,
    checked_date,
    checked_zone,
    first_instant,
    months_after,
    moved_on,
)

__all__ = [
    "READING_SOURCES", "DeadlineStep", "NoticeDeadline", "ReadDeadline", "SendBefore", "WhyCounted", "notice_deadline", "open_until",
    "receive_by",
]  # fmt: skip

_DAY = datetime.timedelta(days=1)
_CLEAR_DAYS = Reading.CLEAR_DAYS  # asked for once: an enum member is slow to reach

READING_SOURCES: Mapping[Reading, str] = {
    Reading.LITERAL: "subtraction of dates, as amagi's and many calculators do",
    Reading.CLEAR_DAYS: (
        "the parties of the Sykes agreement (CUAD): ninety days before December 31 is on or before October 1; "
        "Daishin-in (Japan), July 15, 1935"
    ),
    Reading.EXCLUSIVE_END: "German practice on BGB 187, 188: six months to September 30 is there by March 31",
}


class WhyCounted(StrEnum):
    """What one step of counting back does."""

    DAY_AFTER = "day-after"  # the first day after the term
    SUBTRACTED = "subtracted"  # the length
    DAY_BEFORE = "day-before"  # the last day that is not in the counted span


@attrs.frozen(kw_only=True)
class DeadlineStep:
    """A day, and the one that it leads to."""

    why: WhyCounted
    before: datetime.date
    after: datetime.date


@attrs.frozen(kw_only=True)
class ReadDeadline:
    """The first and the last day for a notice, as one reading has them."""

    reading: Reading
    opens: datetime.date | None  # None = at any time
    last_day: datetime.date
    steps: tuple[DeadlineStep, ...] = ()  # to the last day, where no rule is named
    counted: Counted | None = None  # back to the last day, by the rule that the clause names

    def __contains__(self, day: datetime.date) -> bool:
        return (self.opens is None or self.opens <= day) and day <= self.last_day


@attrs.frozen(kw_only=True)
class SendBefore:
    """Until when a notice has to be on its way, to count as there in time."""

    channel: str
    at: datetime.datetime  # in UTC; the first instant that is too late


@attrs.frozen(kw_only=True)
class NoticeDeadline:
    """Until when a notice has to be there, or to be sent where that counts, and all that this rests on."""

    clause: NoticeClause
    end: datetime.date  # the first day after the term
    zone: str
    readings: tuple[ReadDeadline, ...]  # those that are open
    recommended: datetime.date | None  # the last business day by then; None = without a calendar
    instant: datetime.datetime  # in UTC; the first one that is too late
    send_before: tuple[SendBefore, ...]  # by the ways of the clause that have a rule
    calendar: str | None  # name and version; None = without
    rule: PeriodRule | None = None  # that the clause names

    @property
    def is_against_rule(self) -> bool:
        """Whether the contract states a reading that its rule would not leave open; what it states goes first."""
        stated = self.clause.reading
        return self.rule is not None and stated is not None and stated not in _left_open(self.rule)

    @property
    def last_day_of_term(self) -> datetime.date:
        return self.end - _DAY

    @property
    def receive_by(self) -> datetime.date:
        """The safe day: no reading has an earlier one."""
        return min(one.last_day for one in self.readings)

    @property
    def open_until(self) -> datetime.date:
        """The day after which a notice is too late by every reading."""
        return max(one.last_day for one in self.readings)

    @property
    def opens(self) -> datetime.date | None:
        """The first day on which a notice is not too early by any reading; None = at any time."""
        return max((one.opens for one in self.readings if one.opens is not None), default=None)

    @property
    def is_disputed(self) -> bool:
        """Whether the readings differ in their last day."""
        return self.receive_by != self.open_until


def receive_by(
    clause: NoticeClause,
    end: datetime.date,
    calendar: BusinessCalendar | None = None,
    rules: Mapping[str, PeriodRule] = PERIOD_RULES,
) -> datetime.date:
    """The safe last day for a notice, by the first day after the term: `NoticeDeadline.receive_by`, for millions of terms."""
    safest = clause.reading or _CLEAR_DAYS  # all of the length lies within, so no reading is earlier
    if clause.rule is not None:
        return _last_back(_rule_of(clause, rules), safest, end, clause.notice, calendar)
    try:
        if safest is _CLEAR_DAYS and clause.months:
            return months_after(end - _DAY, -clause.months) - _DAY
        if safest is _CLEAR_DAYS and clause.days:
            return end - datetime.timedelta(clause.days + 2)
    except OverflowError:
        raise _too_early(end, clause.notice) from None
    return _COUNTED[safest](end, clause.notice, calendar)


def open_until(
    clause: NoticeClause,
    end: datetime.date,
    calendar: BusinessCalendar | None = None,
    rules: Mapping[str, PeriodRule] = PERIOD_RULES,
) -> datetime.date:
    """The last day on which some reading still lets a notice in: a renewal is not certain before it is over.

    With the clause and calendar bound it is the `deadline` of `terms.renewals_until`.
    """
    if clause.rule is not None:
        rule = _rule_of(clause, rules)
        return max(_last_back(rule, one, end, clause.notice, calendar) for one in _open(clause, rule))
    if clause.reading is not None:
        return _COUNTED[clause.reading](end, clause.notice, calendar)
    literal = _literal(end, clause.notice, calendar)  # of days and weeks it is the exclusive end, too
    return literal if clause.days else max(literal, _exclusive_end(end, clause.notice, calendar))


def notice_deadline(
    clause: NoticeClause,
    end: datetime.date,
    *,
    zone: str,
    calendar: BusinessCalendar | None = None,
    rules: Mapping[str, PeriodRule] = PERIOD_RULES,
) -> NoticeDeadline:
    """Until when a notice under the clause has to be there, for the term before a day, at a place.

    A notice in business days, and a period rule or a way of sending that asks for them, is refused without a calendar;
    so is a period rule that is not among the rules. `receive_by` and `open_until` refuse the same.
    """
    checked_date(end, "end")
    place = checked_zone(zone)
    rule = None if clause.rule is None else _rule_of(clause, rules)
    if rule is None:
        readings = tuple(_read(one, clause, end, calendar) for one in clause.readings)
    else:
        readings = tuple(_read_by(rule, one, clause, end, calendar) for one in _open(clause, rule))
    safe = min(one.last_day for one in readings)
    return NoticeDeadline(
        clause=clause,
        end=end,
        zone=place,
        readings=readings,
        recommended=None if calendar is None else calendar.on_or_before(safe),
        instant=first_instant(place, safe + _DAY),
        send_before=_send_before(clause, safe, place, calendar),
        calendar=None if calendar is None else calendar.pinned,
        rule=rule,
    )


def _send_before(
    clause: NoticeClause, safe: datetime.date, zone: str, calendar: BusinessCalendar | None
) -> tuple[SendBefore, ...]:
    """Where receipt counts, nobody can say how long the post takes."""
    if clause.effective_on is EffectiveOn.DISPATCH:
        return tuple(
            SendBefore(channel=one.id, at=first_instant(zone, safe + _DAY)) for one in clause.channels
        )
    if clause.effective_on is EffectiveOn.RECEIPT:
        return ()
    return tuple(
        SendBefore(channel=one.id, at=sent_before(one.deemed, safe, zone=zone, calendar=calendar))
        for one in clause.channels
        if one.deemed is not None
    )


def _rule_of(clause: NoticeClause, rules: Mapping[str, PeriodRule]) -> PeriodRule:
    name = str(clause.rule)
    if name not in rules:
        raise InvalidInput(f"rule: {unknown_name('period rule', name, rules)}")
    return rules[name]


def _left_open(rule: PeriodRule) -> tuple[Reading, ...]:
    """Where all days are clear, none is merely subtracted."""
    return tuple(one for one in Reading if one is not Reading.LITERAL or not rule.clear_back)


def _open(clause: NoticeClause, rule: PeriodRule) -> tuple[Reading, ...]:
    return _left_open(rule) if clause.reading is None else clause.readings


def _back(
    rule: PeriodRule,
    reading: Reading,
    end: datetime.date,
    length: Length,
    calendar: BusinessCalendar | None,
) -> Counted:
    """A length counted back by a rule from where a reading has it: the last day of the term, or the first day after."""
    try:
        event = end if reading is Reading.EXCLUSIVE_END else end - _DAY
    except OverflowError:
        raise _too_early(end, length) from None
    is_clear = reading is not Reading.LITERAL
    if rule.clear_back and not is_clear:  # the contract states it, and goes first
        rule = attrs.evolve(rule, clear_back=False)
    return counted(rule, event, length, calendar=calendar, backward=True, clear=is_clear)


def _last_back(
    rule: PeriodRule, reading: Reading, end: datetime.date, length: Length, calendar: BusinessCalendar | None
) -> datetime.date:
    """The last day alone: a calendar that could only add doubts need not reach so far."""
    asked = calendar if needs_calendar(rule, (length,), backward=True) else None
    return _back(rule, reading, end, length, asked).last_day


def _read_by(
    rule: PeriodRule,
    reading: Reading,
    clause: NoticeClause,
    end: datetime.date,
    calendar: BusinessCalendar | None,
) -> ReadDeadline:
    back = _back(rule, reading, end, clause.notice, calendar)
    opens = None
    if clause.opens is not None:  # nobody has to act on it, so no day off moves it
        opens = _opening(reading, _back(rule, reading, end, clause.opens, calendar).unmoved)
    return ReadDeadline(reading=reading, opens=opens, last_day=back.last_day, counted=back)


def _opening(reading: Reading, day: datetime.date) -> datetime.date:
    """The first of the last so many days; a notice that has to be there before them is there the day before."""
    return day + _DAY if reading is Reading.EXCLUSIVE_END else day


def _read(
    reading: Reading, clause: NoticeClause, end: datetime.date, calendar: BusinessCalendar | None
) -> ReadDeadline:
    back = _COUNTED[reading]
    last_day = back(end, clause.notice, calendar)
    opens = None if clause.opens is None else _opening(reading, back(end, clause.opens, calendar))
    last_of_term = end - _DAY
    days = {
        Reading.LITERAL: ((WhyCounted.SUBTRACTED, last_of_term, last_day),),
        Reading.CLEAR_DAYS: (
            (WhyCounted.SUBTRACTED, last_of_term, last_day + _DAY),
            (WhyCounted.DAY_BEFORE, last_day + _DAY, last_day),
        ),
        Reading.EXCLUSIVE_END: (
            (WhyCounted.DAY_AFTER, last_of_term, end),
            (WhyCounted.SUBTRACTED, end, last_day + _DAY),
            (WhyCounted.DAY_BEFORE, last_day + _DAY, last_day),
        ),
    }
    steps = tuple(DeadlineStep(why=why, before=before, after=after) for why, before, after in days[reading])
    return ReadDeadline(reading=reading, opens=opens, last_day=last_day, steps=steps)


def _literal(end: datetime.date, length: Length, calendar: BusinessCalendar | None) -> datetime.date:
    try:
        return moved_on(end - _DAY, length, calendar, back=True)
    except OverflowError:
        raise _too_early(end, length) from None


def _clear_days(end: datetime.date, length: Length, calendar: BusinessCalendar | None) -> datetime.date:
    try:
        return moved_on(end - _DAY, length, calendar, back=True) - _DAY
    except OverflowError:
        raise _too_early(end, length) from None


def _exclusive_end(end: datetime.date, length: Length, calendar: BusinessCalendar | None) -> datetime.date:
    try:
        return moved_on(end, length, calendar, back=True) - _DAY
    except OverflowError:
        raise _too_early(end, length) from None


def _too_early(end: datetime.date, length: Length) -> InvalidInput:
    return InvalidInput(f"{length} before {end} reach outside the years 1 to 9999")


_COUNTED: Mapping[Reading, Callable[[datetime.date, Length, BusinessCalendar | None], datetime.date]] = {
    Reading.LITERAL: _literal,
    Reading.CLEAR_DAYS: _clear_days,
    Reading.EXCLUSIVE_END: _exclusive_end,
}
