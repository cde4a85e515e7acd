"""The shape of a program document: what a TOML or JSON file may hold, as frozen records that cattrs reads.

Names and kinds are checked here; what refers to something else in the document is checked when the program is built
from it (`build.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

import attrs

from prmcore.deals.opportunities import QuantityBands
from prmcore.deals.responsibility import Activity, Party
from prmcore.decisions import Kind
from prmcore.incentives import (
    Accumulate,
    Base,
    Boundary,
    By,
    Clawback,
    ComponentKind,
    Day,
    Mode,
    Package,
    Prorated,
    Rounding,
    Split,
    Target,
)  # fmt: skip
from prmcore.incentives.disputes import DisputePolicy
from prmcore.incentives.funds import FundPolicy
from prmcore.incentives.payouts import PayoutPolicy
from prmcore.incentives.stacking import Combine, Of, Rounds
from prmcore.program.document.conflicts import ConflictsDocument
from prmcore.program.document.contracts import ContractsDocument
from prmcore.program.document.coverage import CoverageDocument, NodeDocument
from prmcore.program.document.leads import LeadsDocument, RoutingDocument
from prmcore.program.document.registrations import RegistrationsDocument
from prmcore.program.document.sales import NegotiationDocument, SalesDocument
from prmcore.program.incentives import ExchangePolicy, Reading
from prmcore.tiers import InitialLevel, When
from prmcore.values import Money, PercentagePoints, PeriodKind, Rate, Text

__all__ = [
    "FORMAT",
    "BandDocument",
    "BenefitDocument",
    "ComponentDocument",
    "CurveDocument",
    "DutyRowDocument",
    "FieldDocument",
    "IncentivesDocument",
    "LineDocument",
    "MeasureDocument",
    "MetricDocument",
    "MovementDocument",
    "PlanDocument",
    "PriceBenefitDocument",
    "PriceDocument",
    "ProgramDocument",
    "ResponsibilitiesDocument",
    "RungDocument",
    "ScorecardDocument",
    "SourceDocument",
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
Written = Any  # a criterion or a bound as plain values; read once the facts' kinds are known


@attrs.frozen(kw_only=True)
class PeriodDocument:
    """Days from `start` up to, not including, `end`."""

    start: datetime.date | None = None
    end: datetime.date | None = None


@attrs.frozen(kw_only=True)
class CalendarDocument:
    """The fiscal year."""

    start_month: int = 1
    named_by: Literal["start", "end"] = "start"


@attrs.frozen(kw_only=True)
class FieldDocument:
    """A fact that is given, or a field of a row."""

    kind: Kind
    text: Text | None = None
    currency: str | None = None  # of money; None = the program's
    words: Mapping[str, Text] = attrs.field(factory=dict)  # of codes: what people call them
    column: str | None = None  # in a file of rows; None = the field's name
    rounding: Literal["half_even", "half_up", "down"] | None = (
        None  # of money with more digits; None = such rows are refused
    )


@attrs.frozen(kw_only=True)
class SourceDocument:
    """A kind of row: which column names the partner, which the day, and the fields that metrics use."""

    fields: Mapping[str, FieldDocument]
    partner: str = "partner"
    date: str = "date"
    text: Text | None = None


@attrs.frozen(kw_only=True)
class WindowDocument:
    """One of the windows, with its companion; or `valid_until`, alone or with a window that the rows' days lie in."""

    rolling_months: int | None = None
    aligned: bool | None = None  # with rolling_months: by whole months
    rolling_days: int | None = None
    trailing_quarters: int | None = None
    complete: bool | None = None  # with trailing_quarters: only quarters that have ended (the default)
    year_to_date: bool | None = None
    lifetime: bool | None = None
    valid_until: str | None = None  # a date field: only rows in force on the day
    months_more: int | None = None  # with valid_until: how long after that date they still count


@attrs.frozen(kw_only=True)
class MeasureDocument:
    """One of the measures; exactly one key, with its companion."""

    sum: str | None = None
    count: bool | None = None
    distinct: str | None = None
    average: str | None = None
    latest: str | None = None
    difference: tuple[str, ...] | None = None  # two metrics: the second is taken from the first
    ratio: tuple[str, ...] | None = None  # two metrics: numerator, denominator
    growth: str | None = None
    peak: str | None = None
    within: WindowDocument | None = None  # with peak


@attrs.frozen(kw_only=True)
class MetricDocument:
    """A named metric."""

    measure: MeasureDocument
    source: str | None = None
    window: WindowDocument | None = None
    where: Written | None = None
    text: Text | None = None


@attrs.frozen(kw_only=True)
class RungDocument:
    """A level and what it requires."""

    level: str
    requires: tuple[Written, ...]
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
    full_at: Written
    floor: Fraction = Fraction(0)
    gate: Written | None = None
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
    values: Mapping[str, Written] | None = None
    text: Text | None = None


@attrs.frozen(kw_only=True)
class BandDocument:
    """What is paid up to an end; the last band has none."""

    up_to: Written | None = None  # money, a number of units, or a rate
    rate: Rate | None = None
    each: Money | None = None
    flat: Money | None = None
    pays: Money | None = None


@attrs.frozen(kw_only=True)
class CurveDocument:
    """Bands, and how they are read."""

    bands: tuple[BandDocument, ...]
    mode: Mode = Mode.MARGINAL
    boundary: Boundary = Boundary.UPPER_INCLUSIVE
    flat_at_zero: bool = False


@attrs.frozen(kw_only=True)
class ComponentDocument:
    """One way to earn; see prmcore.incentives.Component."""

    name: str
    bands: tuple[BandDocument, ...]
    mode: Mode = Mode.MARGINAL
    boundary: Boundary = Boundary.UPPER_INCLUSIVE
    flat_at_zero: bool = False
    kind: ComponentKind = ComponentKind.COMMISSION
    unit: str | None = None  # a currency or points; None = the program's currency
    currency: str | None = None
    payee: str = "partner"
    when: Written | None = None
    day: Day = Day.INVOICED
    base: Base = Base.NET
    growth: bool = False
    by: By | None = None
    accumulate: Accumulate = Accumulate.PERIOD
    group: str | None = None
    window: WindowDocument | None = None
    period: PeriodKind = "quarter"
    package: Package | None = None
    fixed: Money | None = None
    minimum: Money | None = None
    maximum: Money | None = None
    accelerator: CurveDocument | None = None
    target: Target | None = None
    cap: Money | None = None
    guarantee: Money | None = None
    carry_over: bool = False
    prorate: tuple[Prorated, ...] = ()
    clawback: Clawback = Clawback()
    rounding: Rounding = Rounding.HALF_EVEN
    round_each: bool = False
    hold_days: int = 0
    split: Split | None = None
    exclusive: str | None = None
    priority: int | None = None
    expires_months: int | None = None
    text: Text | None = None


@attrs.frozen(kw_only=True)
class PlanDocument:
    """Components that belong together."""

    components: tuple[ComponentDocument, ...]
    ceiling: Rate | None = None
    text: Text | None = None


@attrs.frozen(kw_only=True)
class PriceBenefitDocument:
    """What takes something off a price; see prmcore.incentives.stacking.PriceBenefit."""

    name: str
    rate: Rate | None = None
    points: PercentagePoints | None = None
    raises: str | None = None
    amount: Money | None = None
    each: Money | None = None
    when: Written | None = None
    exclusive: str | None = None
    priority: int | None = None
    of: Of | None = None
    lowers: bool = True
    text: Text | None = None


@attrs.frozen(kw_only=True)
class PriceDocument:
    """Benefits that come off one price, in their declared order."""

    benefits: tuple[PriceBenefitDocument, ...]
    combine: Combine = Combine.ADDITIVE
    ceiling: Rate | None = None
    rounding: Rounding = Rounding.HALF_EVEN
    rounds: Rounds = Rounds.TOTAL
    text: Text | None = None


@attrs.frozen(kw_only=True)
class IncentivesDocument:
    """What is paid, and which rows it is calculated from; what is taken off prices."""

    transactions: Reading
    plans: Mapping[str, PlanDocument] = attrs.field(factory=dict)
    prices: Mapping[str, PriceDocument] = attrs.field(factory=dict)
    books: Literal["month", "quarter", "half", "year"] = "month"
    grace_days: int | None = None
    exchange: ExchangePolicy = ExchangePolicy()
    payout: PayoutPolicy = PayoutPolicy()
    disputes: DisputePolicy = DisputePolicy()
    funds: FundPolicy | None = None


@attrs.frozen(kw_only=True)
class DutyRowDocument:
    """Who does an activity in which deals."""

    name: str
    activity: str
    when: tuple[Written, ...] = ()
    responsible: str
    accountable: str
    consulted: frozenset[str] = frozenset()
    informed: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class ResponsibilitiesDocument:
    """Who does what; see prmcore.deals.responsibility.ResponsibilityMatrix."""

    parties: tuple[Party, ...]
    activities: tuple[Activity, ...]
    rows: tuple[DutyRowDocument, ...]
    facts: Mapping[str, FieldDocument] = attrs.field(factory=dict)  # what rows may ask of a deal


@attrs.frozen(kw_only=True)
class ProgramDocument:
    """A whole program version."""

    format: Literal["prmcore/1"]
    name: str
    version: str
    tiers: TiersDocument | None = None  # None = all partners stand on one level
    effective: PeriodDocument = PeriodDocument()
    text: Text | None = None
    cites: str | None = None  # where the rules are published
    currency: str | None = None  # of money that names none
    calendar: CalendarDocument = CalendarDocument()
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
