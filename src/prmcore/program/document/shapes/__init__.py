"""The shape of a program document: what a TOML or JSON file may hold, as frozen records that cattrs reads.

Names and kinds are checked here; what refers to something else in the document is checked when the program is built
from it (`build.py`). A criterion, or a bound, is `Any`: plain values that are read once the kinds of the facts are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from prmcore.deals.opportunities import QuantityBands
from prmcore.program.document.shapes.contracts import BusinessCalendarDocument, ContractsDocument
from prmcore.program.document.shapes.deals import (
    DutyRowDocument,
    LeadsDocument,
    NegotiationDocument,
    ProtectionDocument,
    RegistrationsDocument,
    ResponsibilitiesDocument,
    RouteStepDocument,
    RoutingDocument,
    SalesDocument,
    ScoreLineDocument,
    TierTermDocument,
)
from prmcore.program.document.shapes.facts import (
    CalendarDocument,
    FieldDocument,
    MeasureDocument,
    MetricDocument,
    PeriodDocument,
    SourceDocument,
    WindowDocument,
)
from prmcore.program.document.shapes.incentives import (
    BandDocument,
    ComponentDocument,
    CurveDocument,
    IncentivesDocument,
    PlanDocument,
    PriceBenefitDocument,
    PriceDocument,
)
from prmcore.program.document.shapes.territory import (
    AppealsDocument,
    ConflictsDocument,
    CoverageDocument,
    CoverageRuleDocument,
    DimensionDocument,
    NodeDocument,
    TerritoryDocument,
)
from prmcore.program.document.shapes.tiers import (
    BenefitDocument,
    LineDocument,
    MovementDocument,
    RungDocument,
    ScorecardDocument,
    TiersDocument,
    TrackDocument,
)
from prmcore.values import Text

__all__ = [
    "DECIDING",
    "FORMAT",
    "AppealsDocument",
    "BandDocument",
    "BenefitDocument",
    "BusinessCalendarDocument",
    "CalendarDocument",
    "ComponentDocument",
    "ConflictsDocument",
    "ContractsDocument",
    "CoverageDocument",
    "CoverageRuleDocument",
    "CurveDocument",
    "DimensionDocument",
    "DutyRowDocument",
    "FieldDocument",
    "IncentivesDocument",
    "LeadsDocument",
    "LineDocument",
    "MeasureDocument",
    "MetricDocument",
    "MovementDocument",
    "NegotiationDocument",
    "NodeDocument",
    "PeriodDocument",
    "PlanDocument",
    "PriceBenefitDocument",
    "PriceDocument",
    "ProgramDocument",
    "ProtectionDocument",
    "RegistrationsDocument",
    "ResponsibilitiesDocument",
    "RouteStepDocument",
    "RoutingDocument",
    "RungDocument",
    "SalesDocument",
    "ScoreLineDocument",
    "ScorecardDocument",
    "SourceDocument",
    "TerritoryDocument",
    "TierTermDocument",
    "TiersDocument",
    "TrackDocument",
    "WindowDocument",
]

FORMAT = "prmcore/1"

DECIDING = (
    "tiers",
    "incentives",
    "coverage",
    "registrations",
    "leads",
    "sales",
    "responsibilities",
    "contracts",
)  # parts of a program; it has one of them at least


_ALWAYS, _BY_YEAR = PeriodDocument(), CalendarDocument()


@attrs.frozen(kw_only=True)
class ProgramDocument:
    """A whole program version."""

    format: Literal["prmcore/1"]
    name: str
    version: str
    tiers: TiersDocument | None = None  # None = all partners stand on one level
    effective: PeriodDocument = _ALWAYS
    text: Text | None = None
    cites: str | None = None  # where the rules are published
    currency: str | None = None  # of money that names none
    calendar: CalendarDocument = _BY_YEAR
    sources: Mapping[str, SourceDocument] = attrs.field(factory=dict)
    facts: Mapping[str, FieldDocument] = attrs.field(factory=dict)  # given, not counted from rows
    metrics: Mapping[str, MetricDocument] = attrs.field(factory=dict)
    scorecard: ScorecardDocument | None = None
    benefits: Mapping[str, BenefitDocument] = attrs.field(factory=dict)
    incentives: IncentivesDocument | None = None
    trees: Mapping[str, Mapping[str, NodeDocument]] = attrs.field(factory=dict)  # codes below codes
    coverage: CoverageDocument | None = None
    products: str | None = None  # the tree that the products of deals are codes of
    registrations: RegistrationsDocument | None = None
    conflicts: ConflictsDocument | None = None
    leads: LeadsDocument | None = None
    routing: RoutingDocument | None = None
    sales: SalesDocument | None = None
    negotiation: NegotiationDocument | None = None
    quantity_bands: Mapping[str, QuantityBands] = attrs.field(factory=dict)  # by name, such as a product
    responsibilities: ResponsibilitiesDocument | None = None
    contracts: ContractsDocument | None = None
    agreements: tuple[Any, ...] = ()  # as in a file of agreements: see prmcore.program.document.agreements
    obligations: tuple[Any, ...] = ()  # the same
