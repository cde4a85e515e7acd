"""What comes of coverage rules that hold together: who covers the account, and by which steps of the ranking."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from prmcore.territory.coverage.index import CoverageIndex, Result, places_in
from prmcore.territory.coverage.model import CoverageRule, Ranking, Role

__all__ = ["Assignment", "Step", "assignment", "rules_at", "steps"]


@attrs.frozen
class Assignment:
    """Who covers an account."""

    result: Result
    territory: str | None = None
    rule: str | None = None  # the one that won
    tied: tuple[str, ...] = ()  # rules that nothing tells apart, of several territories
    overlays: tuple[str, ...] = ()  # territories that cover the account beside the winner
    excluded: tuple[str, ...] = ()  # rules that hold, and that an exclusion takes away
    is_arbitrary: bool = False  # told apart by ids alone


@attrs.frozen
class Step:
    """One step of the ranking: which rules were left after it, and which fell out."""

    ranking: Ranking | None  # None = by role: a house rule falls out beside a primary one
    left: tuple[CoverageRule, ...]
    fell: tuple[CoverageRule, ...] = ()


def assignment(index: CoverageIndex, holding: int) -> Assignment:
    """Who covers an account for which these rules hold."""
    left = index.without_excluded(holding)
    winner = index.winner(left)
    overlays = {index.rules[place].territory for place in places_in(left & index.of_role[Role.OVERLAY])}
    return Assignment(
        winner.result, winner.territory, winner.rule, winner.tied,
        tuple(sorted(one for one in overlays if one is not None)),
        tuple(sorted(index.rules[place].id for place in places_in(holding & ~left))),
        winner.is_arbitrary,
    )  # fmt: skip


def rules_at(index: CoverageIndex, places: Iterable[int]) -> tuple[CoverageRule, ...]:
    """The rules at these places of the index."""
    return tuple(index.rules[place] for place in places)


def steps(index: CoverageIndex, holding: int) -> tuple[Step, ...]:
    """The ranking of rules that hold together, step by step; a step after which one rule is left is the last."""
    left = list(places_in(index.without_excluded(holding) & index.competing))
    if not left:
        return ()
    found = [_by_role(rules_at(index, left))]
    left = [place for place in left if index.rules[place] in found[0].left]
    for ranking in index.model.ranking:
        if len(left) == 1:
            break
        kept = _kept(index, ranking, left)
        fell = [place for place in left if place not in kept]
        found.append(Step(ranking, rules_at(index, kept), rules_at(index, fell)))
        left = kept
    return tuple(found)


def _by_role(rules: tuple[CoverageRule, ...]) -> Step:
    primaries = tuple(rule for rule in rules if rule.role is Role.PRIMARY)
    return Step(
        None, primaries or rules, tuple(rule for rule in rules if primaries and rule not in primaries)
    )


def _kept(index: CoverageIndex, ranking: Ranking, places: list[int]) -> list[int]:
    rules = index.rules
    if ranking is Ranking.PRIORITY:
        highest = max(rules[place].priority for place in places)
        return [place for place in places if rules[place].priority == highest]
    if ranking is Ranking.NAMED:
        return [place for place in places if rules[place].accounts is not None] or places
    if ranking is Ranking.ID:
        return [min(places, key=lambda place: rules[place].id)]
    beaten = index.beaten_inside if ranking is Ranking.SPECIFICITY else index.beaten_by_order
    return [place for place in places if not any(beaten(other) >> place & 1 for other in places)]
