"""Agreements over time, before they are drawn: what ran, what is certain to follow, what follows if nobody does anything.

All of it is read from the function that says how an agreement stands on a day, from one change to the next, so the picture
cannot say anything else than that.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from enum import StrEnum

import attrs

from prmcore.contracts.lifecycle import (
    ENDED,
    AgreementAction,
    AgreementRecord,
    AgreementState,
    ContractPolicy,
    Standing,
    deadlines_of,
    paper_days,
    standing_of,
)
from prmcore.contracts.terms import Term
from prmcore.errors import InvalidInput
from prmcore.values import months_after

__all__ = ["Closing", "Lane", "Mark", "MarkKind", "Span", "Stretch", "StretchKind", "lane"]

_S = AgreementState
MONTHS_BEFORE, MONTHS_AFTER = 6, 18
MOST_CHANGES = 400  # of one agreement; who has terms of a day or two sees the first of them


class StretchKind(StrEnum):
    """What some days of an agreement are, seen from the day that is asked for."""

    SIGNED = "signed"  # it has not begun
    RUNS = "runs"  # a term that ran, or that runs
    CERTAIN = "certain"  # the next term, which nobody can stop any more; the first, once it is signed
    EXPECTED = "expected"  # a term that follows if nobody does anything
    ENDING = "ending"  # notice was given: it runs until its end, and no longer
    SUSPENDED = "suspended"


class MarkKind(StrEnum):
    AMENDMENT = "amendment"  # from that day on its paper says something else
    NOTICE = "notice"  # was there
    END = "end"  # the first day on which it is over


@attrs.frozen
class Span:
    """The days that the picture shows."""

    start: datetime.date
    end: datetime.date  # the first day after

    @classmethod
    def around(cls, on: datetime.date) -> Span:
        """Half a year before a day, and a year and a half after it, in whole months."""
        first = on.replace(day=1)
        return cls(months_after(first, -MONTHS_BEFORE), months_after(first, MONTHS_AFTER))

    def __contains__(self, day: datetime.date) -> bool:
        return self.start <= day < self.end


@attrs.frozen
class Stretch:
    """Days that are drawn as one bar."""

    start: datetime.date
    end: datetime.date  # the first day after
    kind: StretchKind
    term: Term | None


@attrs.frozen
class Closing:
    """Until when what follows a term can be stopped: by every reading, and by some."""

    term: int  # its number
    opens: (
        datetime.date
    )  # the first day on which a notice counts; that of the term, where the paper names none
    safe_until: datetime.date
    open_until: datetime.date


@attrs.frozen
class Mark:
    on: datetime.date
    kind: MarkKind
    about: str | None = None  # the id of the document, or the role of who gave notice


@attrs.frozen
class Lane:
    """One agreement in the span of the picture; what lies outside is left out, or cut off."""

    stretches: tuple[Stretch, ...]
    closings: tuple[Closing, ...]
    marks: tuple[Mark, ...]


def lane(
    record: AgreementRecord, policy: ContractPolicy, span: Span, on: datetime.date, known: datetime.datetime
) -> Lane:
    """An agreement in a span, seen from a day, as far as it was known at an instant."""
    now, found = standing_of(record, policy, on, known), list(_walked(record, policy, span, on, known))
    certain = _certain(now, [one for _, one in found])
    stretches: list[Stretch] = []
    closings: dict[int, Closing] = {}
    for end, one in found:
        kind = _kind(one, now, certain)
        if kind is None:
            continue
        start, before = one.on, stretches[-1] if stretches else None
        if before is not None and before.kind is kind and _number(before.term) == _number(one.term):
            start = stretches.pop().start
        stretches.append(Stretch(start, end, kind, one.term))
        if one.term and one.safe_until and one.stoppable_until and one.stoppable_until in span:
            opens = _opens(record, policy, one, known) or one.term.start
            closings[one.term.number] = Closing(one.term.number, opens, one.safe_until, one.stoppable_until)
    marks = sorted(_marks(record, [one for _, one in found], known), key=lambda one: (one.on, one.kind))
    return Lane(tuple(stretches), tuple(closings.values()), tuple(one for one in marks if one.on in span))


def _walked(
    record: AgreementRecord, policy: ContractPolicy, span: Span, on: datetime.date, known: datetime.datetime
) -> Iterator[tuple[datetime.date, Standing]]:
    """How it stands, from one day on which that may change to the next, which comes first."""
    stops = {on, span.end, *paper_days(record.agreement, known), *(one.on for one in record.steps)}
    day = span.start
    for _ in range(MOST_CHANGES):
        try:
            now = standing_of(record, policy, day, known)
        except InvalidInput:  # a suspension without end would leave nothing of a term, or a calendar ends
            if day <= on:
                raise
            return
        day = min(one for one in (*stops, now.changes_on) if one is not None and one > day)
        yield min(day, span.end), now
        if day >= span.end:
            return


def _opens(
    record: AgreementRecord, policy: ContractPolicy, one: Standing, known: datetime.datetime
) -> datetime.date | None:
    try:
        days = [each.opens for each in deadlines_of(record, policy, one.on, known)]
    except InvalidInput:  # a calendar that does not reach so far
        return None
    if not days or None in days:  # somebody may at any time
        return None
    return min(day for day in days if day is not None)


def _number(term: Term | None) -> int | None:
    return None if term is None else term.number


def _certain(now: Standing, found: list[Standing]) -> int | None:
    """The number of the term that follows whatever anybody does; None = there is none."""
    if now.state is _S.RENEWED and now.term is not None:
        return now.term.number + 1
    if now.state is _S.SIGNED:
        return next((one.term.number for one in found if one.term is not None), None)
    return None


def _kind(one: Standing, now: Standing, certain: int | None) -> StretchKind | None:
    """None = nothing is drawn: it is over, or was never signed."""
    if one.state is _S.SIGNED:
        return StretchKind.SIGNED
    if one.term is None or one.state in ENDED:
        return None
    if one.state is _S.SUSPENDED:
        return StretchKind.SUSPENDED
    if one.state is _S.NOTICE_GIVEN:
        return StretchKind.ENDING
    if one.on <= now.on or one.term.number == _number(now.term):
        return StretchKind.RUNS
    return StretchKind.CERTAIN if one.term.number == certain else StretchKind.EXPECTED


def _marks(record: AgreementRecord, found: list[Standing], known: datetime.datetime) -> Iterator[Mark]:
    for document in record.agreement.documents[1:]:
        if document.counts_from is not None and document.known_since <= known:
            yield Mark(document.counts_from, MarkKind.AMENDMENT, document.id)
    for step in record.steps:
        if step.action is AgreementAction.GIVE_NOTICE and step.at <= known:
            yield Mark(step.on, MarkKind.NOTICE, step.party)
    over = next((one.ends for one in found if one.state in ENDED and one.ends is not None), None)
    if over is not None:
        yield Mark(over, MarkKind.END)
