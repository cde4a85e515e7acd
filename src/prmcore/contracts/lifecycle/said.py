"""How an agreement stands, and what is due of it, in words, in no language yet."""

from __future__ import annotations

from collections.abc import Iterator

from prmcore.contracts.lifecycle.due import Due, DueKind
from prmcore.contracts.lifecycle.model import AgreementState
from prmcore.contracts.lifecycle.standing import Standing
from prmcore.contracts.terms.said import said_of_term
from prmcore.decisions.explain import Said

__all__ = ["said_of_due", "said_of_standing"]

_DUE = {
    DueKind.STARTED: "{agreement}: the first term has begun",
    DueKind.STOP_SOON: "{agreement}: the next term can be stopped until {until}",
    DueKind.STOP_LAST_DAY: "{agreement}: last day to stop the next term",
    DueKind.RENEWAL_CERTAIN: "{agreement}: renewal {term} is certain",
    DueKind.RENEWAL_STARTED: "{agreement}: renewal {term} has begun",
    DueKind.END_SOON: "{agreement}: its last day is {until}",
    DueKind.ENDED: "{agreement}: it holds no longer",
    DueKind.OBLIGATION_SOON: "{agreement}: {what} is due on {day}",
    DueKind.OBLIGATION_DUE: "{agreement}: {what} is due, in time until {until}",
    DueKind.OBLIGATION_OVERDUE: "{agreement}: {what} is overdue, due on {day}",
    DueKind.OBLIGATION_ESCALATED: "{agreement}: {what} is still not done, due on {day}",
    DueKind.MINIMUM_ENDED: "{agreement}: {subject}: measure the year that ended on {day}",
    DueKind.CURE_LAST_DAY: "{agreement}: {subject}: last day to make up for the year that ended on {day}",
    DueKind.CURE_ENDED: "{agreement}: {subject}: too late to make up for the year that ended on {day}",
}


def said_of_due(one: Due) -> Said:
    """What is to be told, in one line."""
    values = {
        "agreement": one.agreement, "until": one.until, "term": one.term, "subject": one.subject, "day": one.day, "what": one.what,
    }  # fmt: skip
    return Said(_DUE[one.kind], values)


def said_of_standing(one: Standing) -> Said:
    """Its state on the day; the term that runs, until when the next can be stopped, and when it is over."""
    values = {"agreement": one.agreement, "day": one.on, "state": one.state}
    return Said("{agreement} on {day}: {state}", values, None, tuple(_parts(one)))


def _parts(one: Standing) -> Iterator[Said]:
    if one.term is not None:
        yield said_of_term(one.term)
    if one.stoppable_until is not None:
        said = "the next term could be stopped until {day}"
        if one.state is AgreementState.ACTIVE:
            said = "the next term can be stopped until {day}"
            if one.safe_until != one.stoppable_until:
                said = "the next term can be stopped until {safe}, and by one reading until {day}"
        yield Said(said, {"day": one.stoppable_until, "safe": one.safe_until})
    if one.ends is not None:
        yield Said("as things stand it no longer holds from {day} on", {"day": one.ends})
    if one.changes_on is not None:
        yield Said("unless somebody does something, it stays so until {day}", {"day": one.changes_on})
