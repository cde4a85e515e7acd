"""Obligations and minimums in words, in no language yet."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction

from prmcore.contracts.agreements import Shortfall
from prmcore.contracts.obligations.occurrences import ObligationState, Occurrence
from prmcore.contracts.obligations.shortfalls import JUDGING_MINIMUMS, JudgedMinimum, MinimumOutcome
from prmcore.decisions import Truth
from prmcore.decisions.explain import Said

__all__ = ["said_of_minimum", "said_of_occurrence"]

_DAY = datetime.timedelta(days=1)
_STATES = {
    ObligationState.UPCOMING: "{what}: to be done by {by}, due on {due}",
    ObligationState.DUE: "{what}: to be done by {by}, due since {due}, in time until {last}",
    ObligationState.OVERDUE: "{what}: to be done by {by}, overdue since {overdue}",
    ObligationState.ESCALATED: "{what}: to be done by {by}, overdue since {overdue}; {escalate_to} is told since {escalated}",
    ObligationState.DONE: "{what}: done on {done}, in time until {last}",
    ObligationState.DONE_LATE: "{what}: done on {done}, too late: it was in time until {last}",
}
_TRUTHS = {ObligationState.DONE: Truth.MET, ObligationState.DONE_LATE: Truth.MET, ObligationState.OVERDUE: Truth.UNMET,
           ObligationState.ESCALATED: Truth.UNMET}  # fmt: skip
_FOLLOWS = {
    Shortfall.PAY_DIFFERENCE: "the difference has to be paid: {missing}",
    Shortfall.LOSE_EXCLUSIVITY: "exclusivity is lost from {since} on",
    Shortfall.TERMINATION_RIGHT: "the other side may end the agreement from {since} on",
    Shortfall.CARRY_OVER: "{missing} is added to the next year",
}


def said_of_occurrence(one: Occurrence) -> Said:
    """How an obligation stands for one of its days, in one line."""
    values = {
        "what": one.obligation.what, "by": one.obligation.by, "due": one.due, "last": one.last_day,
        "overdue": one.overdue_on, "escalated": one.escalates_on, "escalate_to": one.obligation.escalate_to,
        "done": None if one.done is None else one.done.on,
    }  # fmt: skip
    return Said(_STATES[one.state], values, _TRUTHS.get(one.state))


def said_of_minimum(one: JudgedMinimum) -> Said:
    """What became of a minimum in a year; what was asked for, what was measured, what follows, and the rules."""
    told = JUDGING_MINIMUMS.said(one.decision)
    period = one.period.period
    values = {
        "key": one.period.minimum, "first": period.start, "last": period.last_day, "level": told.values["level"]
    }  # fmt: skip
    return Said("{key}, {first} to {last}: {level}", values, None, (*_parts(one), *told.parts))


def _parts(one: JudgedMinimum) -> Iterator[Said]:
    period = one.period
    if period.share == Fraction(1):
        yield Said("asked for: {asked}", {"asked": period.asked})
    else:
        days = {"asked": period.asked, "days": period.period.days, "of": period.year.days}
        yield Said("asked for: {asked}, for {days} of the {of} days of the year", days)
    if one.carried is None:
        yield Said("what was missing before is not known")
    elif one.required != period.asked:
        yield Said(
            "{carried} was missing before: {required} in all",
            {"carried": one.carried, "required": one.required},
        )
    yield Said("measured: {measured}", {"measured": one.measured})
    if one.missing:
        yield Said("missing: {missing}", {"missing": one.missing})
    if one.outcome is MinimumOutcome.CURABLE:
        yield Said("it can be made up for until {day}", {"day": period.cure_ends - _DAY})
    if one.follows is not None:
        yield Said(_FOLLOWS[one.follows], {"missing": one.missing, "since": one.since})
