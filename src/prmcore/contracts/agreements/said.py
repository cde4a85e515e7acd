"""What holds on each point, and what does not and why, in no language yet."""

from __future__ import annotations

from prmcore.contracts.agreements.points import AgreementTerms, Lost, Point, PointOutcome, WhyLost
from prmcore.decisions.explain import Said
from prmcore.values import clock_in

__all__ = ["said_of_point", "said_of_terms"]

_LOST = {
    WhyLost.NOT_KNOWN: "{where} does not count: it was not known yet",
    WhyLost.UNSIGNED: "{where} does not count: its document is not signed",
    WhyLost.NO_DOCUMENT: "{where} does not count: there is no such document",
    WhyLost.NOT_YET: "{where} does not count: it is not in force yet",
    WhyLost.OVER: "{where} does not count: it is no longer in force",
    WhyLost.LOWER_CLASS: "{where} gives way: its document is of a lower class",
    WhyLost.EARLIER_WRITING: "{where} gives way: it was signed earlier",
    WhyLost.EARLIER_EFFECT: "{where} gives way: it took effect earlier",
    WhyLost.LOWER_RANK: "{where} gives way: its document has a lower rank",
}
_OUTCOMES = {
    PointOutcome.HOLDS: "{key}: {where} holds",
    PointOutcome.STRUCK: "{key}: struck out by {where}",
    PointOutcome.AMBIGUOUS: "{key}: ambiguous between {candidates}; a person has to decide",
    PointOutcome.NOTHING: "{key}: nothing is in force",
}


def said_of_terms(terms: AgreementTerms) -> Said:
    """The points of an agreement on a day, each with what it won against."""
    values = {"agreement": terms.agreement, "day": terms.on, "known": clock_in("UTC", terms.known)}
    parts = tuple(map(said_of_point, terms.points))
    return Said("{agreement} on {day}, as known at {known}", values, None, parts)


def said_of_point(point: Point) -> Said:
    values = {
        "key": point.key, "where": point.provision and point.provision.where,
        "candidates": tuple(one.where for one in point.candidates),
    }  # fmt: skip
    parts = tuple(map(_said_of_lost, point.lost))
    return Said(_OUTCOMES[point.outcome], values, point.truth, parts)


def _said_of_lost(lost: Lost) -> Said:
    return Said(_LOST[lost.why], {"where": lost.provision.where})
