"""Which partner a lead is offered to: the candidates are narrowed step by step, and each step says who fell out.

Nothing is drawn by lot and no order of a list decides: where no step tells two candidates apart, a person does.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeAlias

import attrs

from prmcore.deals._moving import check_days, check_ids
from prmcore.deals.leads.turns import Turn, Turns
from prmcore.decisions import Criterion, Decision, FactSchema, Ladder, Reason, labelled
from prmcore.decisions.criteria import check_criteria
from prmcore.decisions.explain import Said
from prmcore.decisions.narrowing import Narrowed, kept
from prmcore.decisions.precedence import (
    ByOrder,
    ByScore,
    ByValue,
    Prefer,
    Stage,
    check_steps,
    chosen,
    permits_for,
    reasons_of,
    said_of_stages,
)
from prmcore.decisions.wire import facts_from, facts_to
from prmcore.errors import Faults, repeated
from prmcore.values import Rate, Text, checked_date

__all__ = ["ByTurn", "CandidateFacts", "RouteStep", "Routing", "RoutingFacts", "RoutingPolicy", "TurnBy"]

MOST_CANDIDATES = 100_000


@attrs.frozen(kw_only=True)
class CandidateFacts:
    """What is known of a partner with a view to one lead; None is not known."""

    partner: str = attrs.field(metadata=labelled("partner", "パートナー", "合作伙伴"))
    in_territory: bool | None = attrs.field(
        default=None, metadata=labelled("in its territory", "担当テリトリー内", "在其区域内")
    )
    covers_industry: bool | None = attrs.field(
        default=None, metadata=labelled("covers the industry", "業種に対応", "覆盖该行业")
    )
    certified: bool | None = attrs.field(  # for the products of the lead
        default=None, metadata=labelled("certified for the products", "製品の認定あり", "已获产品认证")
    )
    tier: str | None = attrs.field(default=None, metadata=labelled("tier", "ティア", "等级"))
    open_leads: int | None = attrs.field(
        default=None, metadata=labelled("open leads", "対応中のリード", "未结线索")
    )
    capacity: int | None = attrs.field(  # of open leads
        default=None, metadata=labelled("capacity", "受入可能なリード数", "线索容量")
    )
    has_room: bool | None = attrs.field(  # unless it is said, by the two above
        default=attrs.Factory(lambda self: _has_room(self), takes_self=True),
        metadata=labelled("has room for a lead", "受入余力あり", "尚有余量"),
    )
    acceptance_rate: Rate | None = attrs.field(
        default=None, metadata=labelled("leads accepted", "リード受諾率", "线索接受率")
    )
    win_rate: Rate | None = attrs.field(default=None, metadata=labelled("deals won", "成約率", "赢单率"))
    distance_km: Decimal | Fraction | None = attrs.field(
        default=None, metadata=labelled("distance in km", "距離（km）", "距离（公里）")
    )
    has_relationship: bool | None = attrs.field(  # with the account
        default=None, metadata=labelled("knows the account", "取引先と既存の関係あり", "与客户已有关系")
    )
    declined_before: bool | None = attrs.field(
        default=None, metadata=labelled("declined it before", "以前に辞退", "曾拒绝该线索")
    )
    languages: frozenset[str] | None = attrs.field(
        default=None, metadata=labelled("languages", "対応言語", "语言")
    )

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the candidate {self.partner!r:.60} cannot be used")
        check_ids(faults, partner=self.partner)
        with faults.within(""):
            CANDIDATES.check(self)
        faults.raise_if_any()


def _has_room(one: CandidateFacts) -> bool | None:
    if type(one.open_leads) is int and type(one.capacity) is int:
        return one.open_leads < one.capacity
    return None


CANDIDATES = FactSchema.of(CandidateFacts)


# the step that only leads know


class TurnBy(StrEnum):
    """Whose turn it is."""

    FAIR_SHARE = "fair-share"  # weighted round robin
    LONGEST_WAITING = "longest-waiting"


@attrs.frozen(kw_only=True)
class ByTurn:
    """Those whose turn it is among the members of the pool; when none is a member, all stay.

    So many have their turn at once as the lead is offered to.
    """

    name: str
    by: TurnBy = TurnBy.FAIR_SHARE
    text: Text | None = None

    def narrowed(
        self, left: Sequence[CandidateFacts], contest: _Asked, as_of: datetime.date
    ) -> Narrowed[CandidateFacts]:
        turns = contest.facts.turns
        among = frozenset(one.partner for one in left)
        by_share = self.by is TurnBy.FAIR_SHARE
        ranked = [] if turns is None else turns.by_fairness(among) if by_share else turns.by_waiting(among)
        first = frozenset(ranked[: contest.winners])
        return kept(self, left, lambda one: one.partner in first)

    def said(self, claim: CandidateFacts, contest: _Asked, as_of: datetime.date) -> tuple[Said, ...]:
        turn = _turn(contest.facts.turns, claim.partner)
        if turn is None:
            return (Said("no member of the pool"),)
        if self.by is TurnBy.FAIR_SHARE:
            values = {"passed": turn.passed, "weight": turn.weight}
            return (Said("{passed} of the round passed, weight {weight}", values),)
        return (Said("waiting since lead {number}", {"number": turn.last}),)

    def check(self, schema: FactSchema, faults: Faults, path: str) -> None:
        """A turn asks for no facts."""


RouteStep: TypeAlias = Prefer | ByOrder | ByValue | ByScore | ByTurn


# outcome


@attrs.frozen(kw_only=True)
class Routing:
    """To whom a lead is offered, and how that came: the candidates left after each step.

    Neither partners nor tied candidates: nobody was eligible.
    """

    partners: tuple[str, ...] = ()  # to offer it to
    tied: tuple[
        str, ...
    ] = ()  # more than a lead is offered to, and no step tells them apart: a person decides
    is_arbitrary: bool = False  # the order of ids decided, because the policy says so
    stages: tuple[Stage, ...] = ()


def _by_partner(given: Iterable[CandidateFacts]) -> tuple[CandidateFacts, ...]:
    return tuple(sorted(given, key=lambda one: one.partner))


@attrs.frozen(kw_only=True)
class RoutingFacts:
    """What routing a lead depends on: its candidates, in the order of their ids, and the turns of the pool."""

    subject: str  # the id of the lead
    candidates: tuple[CandidateFacts, ...] = attrs.field(converter=_by_partner)
    turns: Turns | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the lead {self.subject!r:.60} cannot be routed")
        check_ids(faults, subject=self.subject)
        if len(self.candidates) > MOST_CANDIDATES:
            faults.add(f"found {len(self.candidates)}; accepted: at most {MOST_CANDIDATES}", "candidates")
        for partner in repeated(one.partner for one in self.candidates):
            faults.add(f"{partner!r} stands here twice", "candidates")
        faults.raise_if_any()


@attrs.frozen
class _WrittenFacts:
    """The facts of a recorded decision."""

    subject: str
    candidates: tuple[Any, ...]  # each by the names of its facts
    turns: Turns | None


@attrs.frozen
class _Asked:
    """What the steps of a routing may look at besides the candidate."""

    facts: RoutingFacts
    winners: int  # to whom the lead is offered at once, at most


# policy


@attrs.frozen(kw_only=True, slots=False)
class RoutingPolicy:
    """Answers whom a lead is offered to.

    Whoever does not meet what is asked for falls out first, also when that is not known. Then each step keeps the best by
    what it looks at, and none of them sends away the last. As soon as few enough are left, they are it.
    """

    name: str = "routing/standard"
    eligible: tuple[Criterion, ...] = ()
    steps: tuple[RouteStep, ...] = ()
    winners: int = 1  # offered to at once, at most
    ties_by_id: bool = False  # at the very end the order of ids decides: arbitrary, and said to be

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the policy {self.name!r:.60} cannot be used")
        check_ids(faults, name=self.name)
        check_days(faults, [("winners", self.winners)], lowest=1)
        check_criteria(self.eligible, CANDIDATES, faults, "eligible")
        check_steps(self.steps, CANDIDATES, faults)
        faults.raise_if_any()

    def decide(self, facts: RoutingFacts, as_of: datetime.date) -> Decision[Routing]:
        """To whom the lead is offered on that day."""
        day = checked_date(as_of, "as_of")
        found = chosen(
            facts.candidates, attrgetter("partner"), _Asked(facts, self.winners), day,
            permits=self._permits, steps=self.steps, winners=self.winners, ties_by_name=self.ties_by_id,
        )  # fmt: skip
        routing = Routing(
            partners=found.claims, tied=found.tied, is_arbitrary=found.is_arbitrary, stages=found.stages
        )
        return Decision(routing, self, day, facts, 0)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """What each candidate was asked for before the steps, by the order of their ids."""
        return reasons_of(_by_name(decision.facts), self._permits, decision.as_of)

    def said(self, decision: Decision[Routing]) -> Said:
        """The decision, and what each step did, ready to be put into words."""
        values = {"policy": self.name, "day": decision.as_of, "outcome": _said_outcome(decision)}
        facts: RoutingFacts = decision.facts
        parts = said_of_stages(
            decision.outcome.stages,
            self.steps,
            self.eligible,
            _by_name(facts),
            _Asked(facts, self.winners),
            decision.as_of,
        )
        return Said("{policy} on {day}: {outcome}", values, None, parts)

    def written(self, decision: Decision[Routing]) -> dict[str, Any]:
        """The decision's facts and outcome as plain JSON values."""
        from prmcore.values.wire import to_plain

        facts: RoutingFacts = decision.facts
        candidates = [
            facts_to(CANDIDATES, one)
            for one in facts.candidates
        ]  # fmt: skip
        written = {"subject": facts.subject, "candidates": candidates, "turns": to_plain(facts.turns)}
        return {"facts": written, "outcome": to_plain(decision.outcome), "mask": decision.mask}

    def facts_from(self, written: Mapping[str, Any]) -> RoutingFacts:
        """The facts again, as they were written."""
        from prmcore.values.wire import from_plain

        read = from_plain(written, _WrittenFacts, f"the facts are not those of {self.name}")
        candidates = [facts_from(CANDIDATES, one) for one in read.candidates]
        return RoutingFacts(subject=read.subject, turns=read.turns, candidates=candidates)

    @cached_property
    def _permits(self) -> Ladder[CandidateFacts, bool] | None:
        return permits_for(self.name, CandidateFacts, self.eligible)


def _said_outcome(decision: Decision[Routing]) -> Said:
    found = decision.outcome
    if found.is_arbitrary:
        return Said(
            "offered to {partners}, an arbitrary choice: nothing but their ids tells them apart",
            {"partners": found.partners},
        )
    if found.partners:
        return Said("offered to {partners}", {"partners": found.partners})
    if found.tied:
        return Said("ambiguous: nothing tells {partners} apart; a person decides", {"partners": found.tied})
    return Said("nobody is left")  # fmt: skip


def _by_name(facts: RoutingFacts) -> dict[str, CandidateFacts]:
    return {one.partner: one for one in facts.candidates}


def _turn(turns: Turns | None, partner: str) -> Turn | None:
    found = () if turns is None else turns.turns
    return next((one for one in found if one.partner == partner), None)
