"""What a program file says of what is paid, and of what is taken off prices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

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
from prmcore.incentives.funds import FundPolicy
from prmcore.incentives.ledger.disputes import DisputePolicy
from prmcore.incentives.payouts.model import PayoutPolicy
from prmcore.incentives.stacking import Combine, Of, Rounds
from prmcore.program.document.shapes.facts import WindowDocument
from prmcore.program.incentives import ExchangePolicy, Reading
from prmcore.values import Money, PercentagePoints, PeriodKind, Rate, Text

__all__ = [
    "BandDocument",
    "ComponentDocument",
    "CurveDocument",
    "IncentivesDocument",
    "PlanDocument",
    "PriceBenefitDocument",
    "PriceDocument",
]


@attrs.frozen(kw_only=True)
class BandDocument:
    """What is paid up to an end; the last band has none."""

    up_to: Any | None = None  # money, a number of units, or a rate
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
    when: Any | None = None
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
    when: Any | None = None
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
