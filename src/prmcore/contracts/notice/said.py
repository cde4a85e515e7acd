"""Deadlines, receipt and what became of a notice in words, in no language yet."""

from __future__ import annotations

from prmcore.contracts.notice.deadline import (
    READING_SOURCES,
    DeadlineStep,
    NoticeDeadline,
    ReadDeadline,
    WhyCounted,
)
from prmcore.contracts.notice.ending import NoticeEnding
from prmcore.contracts.notice.judged import JUDGING, JudgedNotice
from prmcore.contracts.notice.model import EffectiveOn, Reading, ToEndOf
from prmcore.contracts.notice.receipt import DeemedDay, WhyMoved
from prmcore.contracts.periods.said import said_of_counted, said_of_length
from prmcore.decisions.explain import Said
from prmcore.values import Length, clock_in

__all__ = ["said_of_deadline", "said_of_ending", "said_of_judged", "said_of_receipt"]

_READINGS = {
    Reading.LITERAL: "subtracted from the last day of the term: {day}",
    Reading.CLEAR_DAYS: "clear, the day of the notice and the last day not counted: {day}",
    Reading.EXCLUSIVE_END: "whole within the term, the last day counted: {day}",
}
_COUNTED = {
    WhyCounted.DAY_AFTER: "the term is over on {after}",
    WhyCounted.SUBTRACTED: "{length} before {before} is {after}",
    WhyCounted.DAY_BEFORE: "the last day before is {after}",
}
_ASKED = {
    ToEndOf.DAY: "year {year} of the agreement: {length} of notice",
    ToEndOf.MONTH: "year {year} of the agreement: {length} of notice, to the end of a month",
    ToEndOf.QUARTER: "year {year} of the agreement: {length} of notice, to the end of a quarter",
    ToEndOf.YEAR: "year {year} of the agreement: {length} of notice, to the end of a year",
}
_MOVED = {
    WhyMoved.TOO_LATE: "too late in the day on {before}: it counts as sent on {after}",
    WhyMoved.AFTER: "{length} after {before} is {after}",
    WhyMoved.ROLLED: "{before} is no business day: {after}",
}


def said_of_deadline(deadline: NoticeDeadline) -> Said:
    """The safe day, then each reading with its steps, and what else there is to know before somebody sends a notice."""
    values = {
        "notice": said_of_length(deadline.clause.notice), "day": deadline.receive_by,
        "last": deadline.last_day_of_term,
    }  # fmt: skip
    there = "a notice of {notice} before the end on {last} has to be there on {day} at the latest"
    sent = "a notice of {notice} before the end on {last} has to be sent on {day} at the latest"
    is_sent = deadline.clause.effective_on is EffectiveOn.DISPATCH
    return Said(sent if is_sent else there, values, None, tuple(_parts(deadline)))


def _parts(deadline: NoticeDeadline) -> list[Said]:
    parts = [_said_of_reading(one, deadline.clause.notice) for one in deadline.readings]
    if deadline.is_disputed:
        parts.append(Said("the readings differ; the earliest is safe"))
    if deadline.opens is not None:
        parts.append(Said("not before {day}", {"day": deadline.opens}))
    if deadline.recommended is not None:
        values = {"day": deadline.recommended, "calendar": deadline.calendar}
        parts.append(Said("recommended: {day}, the last business day by then ({calendar})", values))
    parts.append(Said("too late from {at} on", {"at": clock_in(deadline.zone, deadline.instant)}))
    for one in deadline.send_before:
        sent = {"channel": one.channel, "at": clock_in(deadline.zone, one.at)}
        parts.append(Said("by {channel}: to be sent before {at}", sent))
    if deadline.is_against_rule:
        parts.append(Said("the contract states how it is read, which goes before its period rule"))
    return parts


def _said_of_reading(one: ReadDeadline, notice: Length) -> Said:
    steps = tuple(_said_of_step(step, notice) for step in one.steps)
    if one.counted is not None:
        steps = said_of_counted(one.counted).parts
    source = Said("source: {source}", {"source": READING_SOURCES[one.reading]})
    return Said(_READINGS[one.reading], {"day": one.last_day}, None, (*steps, source))


def _said_of_step(step: DeadlineStep, notice: Length) -> Said:
    values = {"length": said_of_length(notice), "before": step.before, "after": step.after}
    return Said(_COUNTED[step.why], values)


def said_of_receipt(receipt: DeemedDay) -> Said:
    """On which day something counts as there, and each step to it."""
    length = said_of_length(receipt.rule.after)
    parts = [
        Said(_MOVED[one.why], {"length": length, "before": one.before, "after": one.after})
        for one in receipt.steps
    ]
    if receipt.calendar is not None:
        parts.append(Said("calendar: {calendar}", {"calendar": receipt.calendar}))
    if receipt.rule.source:
        parts.append(Said("source: {source}", {"source": receipt.rule.source}))
    values = {"sent": receipt.sent, "day": receipt.day}
    return Said("sent on {sent}, it counts as there on {day}", values, None, tuple(parts))


def said_of_judged(judged: JudgedNotice) -> Said:
    """What became of a notice, the day on which it counts, and all that it was judged by."""
    told = JUDGING.said(judged.decision)
    parts = [] if judged.day is None else [Said("it counts as given on {day}", {"day": judged.day})]
    if judged.is_for_next_term:
        parts.append(Said("it is for the next term"))
    values = {"notice": judged.notice.id, "by": judged.notice.by, "level": told.values["level"]}
    return Said("notice {notice} of {by}: {level}", values, None, (*parts, *told.parts))


def said_of_ending(ending: NoticeEnding) -> Said:
    """Until when an agreement runs that somebody gave notice of, what was asked for, and how it was counted."""
    asked = {"year": ending.year, "length": said_of_length(ending.stage.notice)}
    parts = [Said(_ASKED[ending.stage.to_end_of], asked), said_of_counted(ending.counted)]
    values = {"received": ending.received, "day": ending.last_day}
    return Said(
        "by the notice received on {received} the agreement is over at the end of {day}",
        values,
        None,
        tuple(parts),
    )
