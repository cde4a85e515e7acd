"""What a program file says of codes below codes, of who covers what, and of how claims to one customer are settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from prmcore.territory.claims import ResolutionStep
from prmcore.territory.coverage import Distribution, Member, Ranking, Role
from prmcore.values import Rate, Text

__all__ = [
    "AppealsDocument",
    "ConflictsDocument",
    "CoverageDocument",
    "CoverageRuleDocument",
    "DimensionDocument",
    "NodeDocument",
    "TerritoryDocument",
]


@attrs.frozen(kw_only=True)
class NodeDocument:
    """A code of a tree: what it is below, and what people call it."""

    below: str | None = None
    text: Text | None = None


@attrs.frozen(kw_only=True)
class DimensionDocument:
    """What accounts are told apart by; the keys that go with it depend on the kind."""

    kind: Literal["tree", "codes", "postcode", "count", "number", "money", "rate", "date"]
    tree: str | None = None
    accepted: tuple[str, ...] | None = None
    of: str | None = None
    currency: str | None = None
    text: Text | None = None


@attrs.frozen(kw_only=True)
class TerritoryDocument:
    """Who covers accounts together."""

    members: tuple[Member, ...] = ()
    distribution: Distribution = Distribution.ROUND_ROBIN
    fallback: str | None = None
    text: Text | None = None


@attrs.frozen(kw_only=True)
class CoverageRuleDocument:
    """Which accounts a territory covers, or does not."""

    territory: str | None = None
    role: Role = Role.PRIMARY
    where: Mapping[str, Any] = attrs.field(factory=dict)
    accounts: tuple[str, ...] | None = None
    priority: int = 0
    start: Any = None
    end: Any = None
    text: Text | None = None


@attrs.frozen(kw_only=True)
class CoverageDocument:
    """Who covers what: dimensions, territories, rules, and how rules are ranked."""

    dimensions: Mapping[str, DimensionDocument]
    territories: Mapping[str, TerritoryDocument]
    rules: Mapping[str, CoverageRuleDocument] = attrs.field(factory=dict)
    ranking: tuple[Ranking, ...] = (Ranking.PRIORITY, Ranking.NAMED, Ranking.SPECIFICITY)
    order: tuple[str, ...] = ()
    state: Literal["draft", "active"] = "active"


@attrs.frozen(kw_only=True)
class AppealsDocument:
    """Until when, how often and on what an appeal is heard."""

    days: int = 15
    most: int = 1
    least_evidence: int = 1


@attrs.frozen(kw_only=True)
class ConflictsDocument:
    """How claims to one customer are settled: see prmcore.territory.claims.ConflictPolicy."""

    steps: tuple[ResolutionStep, ...]
    runner_up: Rate | None = None
    runners_up: int = 1
    resubmission_keeps_place: bool = False
    zone: str = "UTC"
    appeals: AppealsDocument = AppealsDocument()
