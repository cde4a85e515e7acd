"""Hypothesis strategies for the shapes of policies: precedences, lines, timelines, over one small set of facts."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

import attrs
from hypothesis import strategies as st

from prmcore.decisions import (
    ByOrder,
    ByScore,
    ByValue,
    Chosen,
    Contest,
    Lines,
    Milestone,
    Precedence,
    Prefer,
    Reached,
    ScoreLine,
    Stage,
    Timeline,
    Total,
    fact,
)
from prmcore.values import Length, Unit

__all__ = ["STRATEGIES", "ClaimFacts", "contests", "precedences", "score_lines", "timelines"]

T = TypeVar("T")
Strategy: TypeAlias = st.SearchStrategy[T]
TODAY = datetime.date(2026, 3, 31)


@attrs.frozen(kw_only=True)
class ClaimFacts:
    """What is drawn of a claim; None is not known."""

    source: str
    checked: bool | None = None
    people: int | None = None
    tier: str | None = None
    changed: datetime.date | None = None


def claim_facts(source: Strategy[str]) -> Strategy[ClaimFacts]:
    return st.builds(
        ClaimFacts,
        source=source,
        checked=st.none() | st.booleans(),
        people=st.none() | st.integers(0, 4),
        tier=st.sampled_from((None, "gold", "silver", "other")),
        changed=st.none() | st.dates(datetime.date(2025, 1, 1), datetime.date(2027, 12, 31)),
    )


def contests() -> Strategy[Contest[ClaimFacts]]:
    """Up to five claims to one thing."""
    ids = st.lists(st.sampled_from("abcdefgh"), max_size=5, unique=True)
    claims = ids.flatmap(lambda names: st.tuples(*(claim_facts(st.just(name)) for name in names)))
    return st.builds(Contest, subject=st.just("account"), claims=claims)


def score_lines() -> Strategy[ScoreLine]:
    return st.builds(
        ScoreLine,
        points=st.integers(-9, 9).map(Fraction),
        when=st.sampled_from(((), (fact("checked").is_true(),), (fact("people").at_least(2),))),
        times=st.sampled_from((None, "people")),
        unknown=st.integers(-2, 2).map(Fraction),
    )


_STEPS: tuple[Prefer | ByOrder | ByValue | ByScore, ...] = (
    Prefer(name="checked", criteria=(fact("checked").is_true(),)),
    ByOrder(name="tier", fact="tier", order=("gold", "silver")),
    ByValue(name="latest", fact="changed"),
    ByValue(name="smallest", fact="people", highest=False),
    ByScore(
        name="score", lines=(ScoreLine(points=Fraction(2), times="people"), ScoreLine(points=Fraction(1)))
    ),
)


def precedences() -> Strategy[Precedence[ClaimFacts]]:
    return st.builds(
        Precedence,
        name=st.just("precedence/drawn"),
        facts=st.just(ClaimFacts),
        named_by=st.just("source"),
        eligible=st.sampled_from(((), (fact("people").at_least(1),))),
        steps=st.lists(st.sampled_from(_STEPS), unique_by=lambda one: one.name).map(tuple),
        winners=st.integers(1, 3),
        ties_by_name=st.booleans(),
    )


def lines() -> Strategy[Lines[ClaimFacts]]:
    return st.lists(score_lines(), min_size=1, max_size=4).map(
        lambda found: Lines("score/drawn", facts=ClaimFacts, lines=tuple(found))
    )


def _lengths() -> Strategy[Length]:
    return st.builds(Length, st.integers(0, 24), st.sampled_from((Unit.DAYS, Unit.WEEKS, Unit.MONTHS)))


def _milestones(state: str) -> Strategy[Milestone]:
    def made(given: tuple[bool, Length | None]) -> Milestone:
        is_before, length = given
        if is_before:
            return Milestone(state=state, fact="changed", before=length)
        return Milestone(state=state, fact="changed", after=length)

    return st.tuples(st.booleans(), st.none() | _lengths()).map(made)


def timelines() -> Strategy[Timeline[ClaimFacts]]:
    states = st.lists(st.sampled_from(("soon", "due", "over", "gone")), min_size=1, unique=True)
    found = states.flatmap(lambda names: st.tuples(*map(_milestones, names)))
    return found.map(
        lambda some: Timeline("timeline/drawn", facts=ClaimFacts, milestones=some, otherwise="valid")
    )


def _chosen() -> Strategy[Chosen]:
    return st.builds(lambda policy, facts: policy.decide(facts, TODAY).outcome, precedences(), contests())


def _facts() -> Strategy[ClaimFacts]:
    return claim_facts(st.just("a"))


STRATEGIES: dict[Any, Callable[[], Strategy[Any]]] = {
    ByOrder: lambda: st.just(_STEPS[1]),
    ByScore: lambda: st.just(_STEPS[4]),
    ByValue: lambda: st.sampled_from(_STEPS[2:4]),
    Chosen: _chosen,
    Contest: contests,
    Lines: lines,
    Milestone: lambda: _milestones("soon"),
    Precedence: precedences,
    Prefer: lambda: st.just(_STEPS[0]),
    Reached: lambda: st.builds(
        lambda policy, facts: policy.decide(facts, TODAY).outcome, timelines(), _facts()
    ),
    ScoreLine: score_lines,
    Stage: lambda: _chosen().filter(lambda one: bool(one.stages)).map(lambda one: one.stages[0]),
    Timeline: timelines,
    Total: lambda: st.builds(lambda policy, facts: policy.decide(facts, TODAY).outcome, lines(), _facts()),
}
