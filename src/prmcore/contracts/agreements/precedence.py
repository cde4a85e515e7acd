"""Which provision holds on a day, as it was known at an instant: point by point, with what lost and why.

Documents are read together. Where two of them speak on one point and say different things, the order of precedence
decides: the class of the document first, then the tie-break inside a class. Without such a clause the latest writing wins.
Where the order leaves two that differ, nothing is picked: the point is ambiguous, and a person has to read.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import attrs

from prmcore.contracts.agreements.clauses import PrecedenceClause, Struck, TieBreak
from prmcore.contracts.agreements.model import Agreement, Document, Provision
from prmcore.contracts.agreements.points import AgreementTerms, Lost, Point, PointOutcome, WhyLost
from prmcore.contracts.agreements.said import said_of_terms
from prmcore.decisions import Decision, Reason, Rule
from prmcore.decisions.explain import Said
from prmcore.values import checked_date, checked_instant

__all__ = ["Paper", "Precedence", "Rank", "resolved"]

Rank = tuple[int, int]  # the lowest goes first


@attrs.frozen(kw_only=True)
class Paper:
    """The facts: an agreement, and the instant whose knowledge counts."""

    agreement: Agreement
    known: datetime.datetime

    def __attrs_post_init__(self) -> None:
        checked_instant(self.known, "known")


@attrs.frozen
class Precedence:
    """The policy. Which order holds is itself a point of the agreement: it is found by the latest writing."""

    name: str = "agreements/precedence"

    def decide(self, facts: Paper, as_of: datetime.date) -> Decision[AgreementTerms]:
        return Decision(resolved(facts.agreement, as_of, facts.known), self, as_of, facts, 0)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """One for each point: met where something holds, unknown where it is ambiguous."""
        return tuple(
            Reason(Rule(one.key, partial(_answer, one)), one.truth, one.provision and one.provision.where)
            for one in decision.outcome.points
        )

    def said(self, decision: Decision[Any]) -> Said:
        return said_of_terms(decision.outcome)


def _answer(point: Point, facts: Any, as_of: datetime.date) -> Any:
    return point.truth


def resolved(agreement: Agreement, on: datetime.date, known: datetime.datetime) -> AgreementTerms:
    """What the agreement says on a day, as it was known at an instant; in which order its documents came changes nothing."""
    checked_date(on, "on")
    at = checked_instant(known, "known")
    documents = {one.id: one for one in agreement.documents}
    by_key: dict[str, list[Provision]] = {}
    for one in agreement.provisions:
        by_key.setdefault(one.key, []).append(one)
    orders = _orders(by_key, documents, on, at)
    points = tuple(
        _agreed([_point(key, by_key[key], documents, order, on, at) for order in orders])
        for key in sorted(by_key)
    )
    return AgreementTerms(agreement=agreement.id, on=on, known=at, points=points)


def _orders(
    by_key: Mapping[str, list[Provision]],
    documents: Mapping[str, Document],
    on: datetime.date,
    at: datetime.datetime,
) -> tuple[PrecedenceClause | None, ...]:
    """The order that holds, None for that of the latest writing; several where it is ambiguous which one."""
    found: list[PrecedenceClause] = []
    for key, given in sorted(by_key.items()):
        if not any(isinstance(one.clause, PrecedenceClause) for one in given):
            continue
        point = _point(key, given, documents, None, on, at)
        for one in (point.provision, *point.candidates):
            if one is not None and isinstance(one.clause, PrecedenceClause) and one.clause not in found:
                found.append(one.clause)
    return tuple(found) or (None,)


def _agreed(points: Sequence[Point]) -> Point:
    """The same point by each order that may hold: ambiguous unless all come to the same clause."""
    clauses = {point.provision and point.provision.clause for point in points}
    if len(clauses) == 1:
        return points[0]
    several = {
        one: None for point in points for one in (point.provision, *point.candidates) if one is not None
    }
    lost = tuple(one for one in points[0].lost if one.provision not in several)
    return Point(key=points[0].key, outcome=PointOutcome.AMBIGUOUS, candidates=tuple(several), lost=lost)


def _point(
    key: str,
    given: Sequence[Provision],
    documents: Mapping[str, Document],
    order: PrecedenceClause | None,
    on: datetime.date,
    at: datetime.datetime,
) -> Point:
    standing: list[tuple[Rank, Provision]] = []
    lost: list[Lost] = []
    of_order = any(isinstance(one.clause, PrecedenceClause) for one in given)
    ranked_by = None if of_order else order
    for one in given if len(given) == 1 else sorted(given, key=_in_paper_order):
        why = _why_out(one, documents.get(one.document), on, at)
        if why is None:
            standing.append((_rank(documents[one.document], ranked_by), one))
        else:
            lost.append(Lost(one, why))
    if not standing:
        return Point(key=key, outcome=PointOutcome.NOTHING, lost=tuple(lost))
    best = min(rank for rank, _ in standing)
    first = [one for rank, one in standing if rank == best]
    lost += [Lost(one, _why_lower(rank, best, ranked_by)) for rank, one in standing if rank != best]
    if any(one.clause != first[0].clause for one in first):
        return Point(key=key, outcome=PointOutcome.AMBIGUOUS, candidates=tuple(first), lost=tuple(lost))
    outcome = PointOutcome.STRUCK if isinstance(first[0].clause, Struck) else PointOutcome.HOLDS
    return Point(key=key, outcome=outcome, provision=first[0], lost=tuple(lost))


def _in_paper_order(one: Provision) -> tuple[str, str, str, str]:
    """By where it stands; what stands at one place by all that it is, so that nothing hangs on the order of the file."""
    return one.document, one.number or "", str(one.effective), repr(attrs.astuple(one))


def _why_out(
    one: Provision, document: Document | None, on: datetime.date, at: datetime.datetime
) -> WhyLost | None:
    """Why a provision does not even compete; None = it does."""
    if document is None:
        return WhyLost.NO_DOCUMENT
    if max(document.known_since, one.known_since or document.known_since) > at:
        return WhyLost.NOT_KNOWN
    if document.counts_from is None:
        return WhyLost.UNSIGNED
    start = document.counts_from
    if one.effective is not None:
        if one.effective.start is not None:
            start = one.effective.start
        if one.effective.end is not None and one.effective.end <= on:
            return WhyLost.OVER
    return WhyLost.NOT_YET if on < start else None


def _rank(document: Document, order: PrecedenceClause | None) -> Rank:
    signed = document.signed_on or datetime.date.min
    if order is None:
        return 0, -signed.toordinal()
    classes = order.classes
    place = classes.index(document.document_class) if document.document_class in classes else len(classes)
    if order.within is TieBreak.STATED_RANK:
        return place, document.rank or 10_001  # those without a rank go last
    if order.within is TieBreak.LATEST_EFFECT:
        return place, -(document.counts_from or signed).toordinal()
    return place, -signed.toordinal()


_LOWER = {
    TieBreak.LATEST_WRITING: WhyLost.EARLIER_WRITING,
    TieBreak.LATEST_EFFECT: WhyLost.EARLIER_EFFECT,
    TieBreak.STATED_RANK: WhyLost.LOWER_RANK,
}


def _why_lower(rank: Rank, best: Rank, order: PrecedenceClause | None) -> WhyLost:
    if rank[0] != best[0]:
        return WhyLost.LOWER_CLASS
    return WhyLost.EARLIER_WRITING if order is None else _LOWER[order.within]
