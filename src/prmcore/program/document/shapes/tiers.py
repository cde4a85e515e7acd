"""What a program file says of levels: what they ask for, how partners move between them, points, and what levels give."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

import attrs

from prmcore.decisions import Kind
from prmcore.program.document.shapes.facts import WindowDocument
from prmcore.tiers import InitialLevel, When
from prmcore.values import PeriodKind, Text

__all__ = [
    "BenefitDocument",
    "LineDocument",
    "MovementDocument",
    "RungDocument",
    "ScorecardDocument",
    "TiersDocument",
    "TrackDocument",
]


@attrs.frozen(kw_only=True)
class RungDocument:
    """A level and what it requires."""

    level: str
    requires: tuple[Any, ...]
    text: Text | None = None


@attrs.frozen(kw_only=True)
class MovementDocument:
    """When a partner moves; see prmcore.tiers.Movement."""

    upgrade: When = When.AT_ONCE
    downgrade: When = When.AT_REVIEW
    review: PeriodKind = "quarter"
    grace_months: int | None = None
    notice_days: int | None = None
    approval: tuple[Literal["upgrade", "downgrade"], ...] = ()
    one_step_down: bool = False
    initial: InitialLevel | None = None
    term_months: int | None = None


@attrs.frozen(kw_only=True)
class TiersDocument:
    """The ladder, best rung first."""

    otherwise: str
    rungs: tuple[RungDocument, ...]
    otherwise_text: Text | None = None
    movement: MovementDocument = MovementDocument()
    best_day_of: WindowDocument | None = None


@attrs.frozen(kw_only=True)
class LineDocument:
    """One line of a scorecard."""

    fact: str
    maximum: Fraction
    full_at: Any
    floor: Fraction = Fraction(0)
    gate: Any | None = None
    text: Text | None = None


@attrs.frozen(kw_only=True)
class TrackDocument:
    """One way to score."""

    name: str
    lines: tuple[LineDocument, ...]
    text: Text | None = None


@attrs.frozen(kw_only=True)
class ScorecardDocument:
    """Points: facts points, lowest_points, lines_below_floor and track come of it."""

    tracks: tuple[TrackDocument, ...]


@attrs.frozen(kw_only=True)
class BenefitDocument:
    """What levels give: a list of levels, or a value for each level."""

    levels: tuple[str, ...] | None = None
    kind: Kind | None = None  # of the values
    values: Mapping[str, Any] | None = None
    text: Text | None = None
