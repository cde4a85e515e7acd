"""Plans: what is paid to whom for what, as frozen data. `policy.py` says how it is calculated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Literal, TypeAlias

import attrs

from prmcore.decisions import Criterion, FactSchema
from prmcore.decisions.criteria import check_criterion
from prmcore.errors import Faults, InvalidInput, repeated, unknown_name
from prmcore.incentives.plans.curve import Curve, Mode, Quantity, Rounding
from prmcore.incentives.plans.facts import Base, Day
from prmcore.incentives.plans.splits import At, Split
from prmcore.values import Money, PeriodKind, Rate, Text, Window, currency_digits, is_points

__all__ = [
    "Accumulate", "Basis", "By", "Clawback", "Component", "ComponentKind", "Missed", "Package", "Plan", "Prorated", "Target",
]  # fmt: skip


MOST_DAYS, MOST_MONTHS = 36_525, 1_200  # a hundred years; more is a mistake


class ComponentKind(StrEnum):
    """What people call it; the calculation is in the other fields."""

    COMMISSION = "commission"
    MARGIN = "margin"
    VOLUME_REBATE = "volume_rebate"
    GROWTH_REBATE = "growth_rebate"
    SPIFF = "spiff"
    BONUS = "bonus"
    DEAL_REGISTRATION = "deal_registration"
    REFERRAL = "referral"
    DISTRIBUTOR_LEG = "distributor_leg"
    RESELLER_LEG = "reseller_leg"
    POINTS = "points"
    FUND_ACCRUAL = "fund_accrual"


class Accumulate(StrEnum):
    """What is added up before the bands are asked."""

    TRANSACTION = "transaction"  # each sale, with what takes it back, on its own
    GROUP = "group"  # the sales that have one value of a fact: an order, a product, a subscription
    PERIOD = "period"
    ROLLING = "rolling"  # a window that ends with the period chooses the band; the period is paid
    LIFETIME = "lifetime"


class By(StrEnum):
    """What chooses the band, where it is not what is paid for."""

    GROSS = "gross"
    NET = "net"
    MARGIN = "margin"
    UNITS = "units"
    ATTAINMENT = "attainment"  # what is paid for, as a part of the quota
    GROWTH = "growth"  # what is paid for, as growth on the baseline: 10 % more is 10 %


class Missed(StrEnum):
    """What a missed target does."""

    NOTHING = "nothing"  # nothing is paid
    PROPORTIONAL = "proportional"  # as much as was reached of the target
    STILL_PAYS = "still_pays"  # it is only said


class Basis(StrEnum):
    """From what a clawback is calculated."""

    RERATE = "rerate"  # everything anew, as if the sale had been smaller
    ORIGINAL_RATE = (
        "original_rate"  # at the rates that the sale was calculated at, without minimum and maximum
    )
    PROPORTIONAL = "proportional"  # of what the sale paid, the part that was taken back


Prorated: TypeAlias = Literal["bands", "quota", "cap", "guarantee"]


@attrs.frozen(kw_only=True)
class Clawback:
    """What a refund takes back of what was paid."""

    basis: Basis = Basis.RERATE
    within_days: int | None = None  # of the sale; later ones take nothing back; None = always
    # whether re-rating may take back more than what was returned had brought: the others fall to a lower rate with it
    may_exceed_sale: bool = False

    def __attrs_post_init__(self) -> None:
        faults = Faults("the clawback cannot be used")
        if self.within_days is not None and self.within_days < 0:
            faults.add(f"found {self.within_days}; accepted: zero or more", "within_days")
        if self.may_exceed_sale and self.basis is not Basis.RERATE:
            faults.add(f"goes with rerate; {self.basis.value} never does", "may_exceed_sale")
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Target:
    """A part of the quota that has to be reached."""

    attainment: Rate
    missed: Missed = Missed.NOTHING

    def __attrs_post_init__(self) -> None:
        if self.attainment <= Rate(0):
            faults = Faults("the target cannot be used")
            faults.add(f"found {self.attainment}; accepted: a rate above zero", "attainment")
            faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Package:
    """Units that count by the package."""

    size: Fraction
    started: bool = False  # whether a package that is begun counts; else only full ones

    def __attrs_post_init__(self) -> None:
        if self.size <= 0:
            faults = Faults("the package cannot be used")
            faults.add(f"found {self.size}; accepted: a number above zero", "size")
            faults.raise_if_any()

    def count(self, quantity: Fraction) -> Fraction:
        """How many packages; what is taken back mirrors what is sold."""
        size = abs(quantity) / self.size
        whole = size.__ceil__() if self.started else size.__floor__()
        return Fraction(whole if quantity >= 0 else -whole)


@attrs.frozen(kw_only=True)
class Component:
    """One way to earn: for what, how much, to whom."""

    name: str
    curve: Curve
    unit: str  # in which it is paid: a currency, or "points"
    kind: ComponentKind = ComponentKind.COMMISSION
    currency: str | None = None  # in which sales are counted; None = the unit
    payee: str = "partner"  # the party of the transaction
    when: Criterion | None = None  # which transactions count; None = all
    day: Day = Day.INVOICED
    base: Base = Base.NET  # what is paid for
    growth: bool = False  # paid for what the base grew by on the baseline, nothing when it shrank
    by: By | None = None  # what chooses the band; None = what is paid for
    accumulate: Accumulate = Accumulate.PERIOD
    group: str | None = None  # of accumulate = group: the fact
    window: Window | None = None  # of accumulate = rolling
    period: PeriodKind = "quarter"
    package: Package | None = None
    fixed: Money | None = None  # for each transaction, or group, beside what the bands pay
    minimum: Money | None = None  # of each transaction, or group
    maximum: Money | None = None
    accelerator: Curve | None = None  # multiplies, by attainment: a rate of 150 % pays half as much again
    target: Target | None = None
    cap: Money | None = None  # of the period
    guarantee: Money | None = None  # of the period: topped up when it is closed
    carry_over: bool = False  # what is earned beyond the guarantee counts for the next ones
    prorate: frozenset[Prorated] = frozenset()  # what shrinks for a part of a period
    clawback: Clawback = Clawback()
    rounding: Rounding = Rounding.HALF_EVEN
    round_each: bool = (
        False  # each transaction, or group, by itself: as a document does that cannot carry a rest on
    )
    hold_days: int = 0  # after the transaction's day before it is payable
    split: Split | None = None
    exclusive: str | None = (
        None  # of components with one such name, a transaction counts for the first that takes it
    )
    priority: int | None = None  # the order among them; the lowest number is the first
    expires_months: int | None = None  # of points: how long they can be used
    text: Text | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the component {self.name[:60]!r} cannot be used")
        self._check_pairs(faults)
        self._check_amounts(faults)
        self._check_bands(faults)
        if self.has_limits_per_sale and self.bucketless and self.curve.mode is not Mode.WHOLE:
            faults.add(
                "an amount for each transaction cannot be told apart in bands that all transactions share; accepted: mode whole, "
                "or accumulate transaction or group",
                "fixed" if self.fixed is not None else "minimum" if self.minimum is not None else "maximum",
            )
        if self.round_each and self.bucketless:
            faults.add(
                "goes with accumulate = transaction or group; what is summed up is rounded once", "round_each"
            )
        if not 0 <= self.hold_days <= MOST_DAYS:
            faults.add(f"found {self.hold_days}; accepted: zero or more, up to {MOST_DAYS}", "hold_days")
        if self.expires_months is not None and not 1 <= self.expires_months <= MOST_MONTHS:
            faults.add(f"found {self.expires_months}; accepted: 1 to {MOST_MONTHS} months", "expires_months")
        faults.raise_if_any()

    def _check_pairs(self, faults: Faults) -> None:
        """What goes with what."""
        pairs = (
            ("group", self.group is not None, "accumulate = group", self.accumulate is Accumulate.GROUP),
            (
                "window",
                self.window is not None,
                "accumulate = rolling",
                self.accumulate is Accumulate.ROLLING,
            ),
            ("priority", self.priority is not None, "exclusive", self.exclusive is not None),
        )
        for name, given, other, is_other in pairs:
            if given != is_other:
                faults.add(f"{name} and {other} go together", name)
        if self.currency is not None and not self.is_points and self.currency != self.unit:
            faults.add(
                f"found {self.currency}; only points are of another unit than sales: this pays in {self.unit}",
                "currency",
            )
        if self.is_points and self.currency is None and self.base is not Base.UNITS:
            faults.add("points for money: say in which currency sales are counted", "currency")
        if (
            self.split is not None
            and self.split.at is At.PAYOUT
            and self.split.method == "separate"
            and self.split.house is None
        ):
            faults.add(
                "what is left over would be paid to nobody; accepted: a house that it belongs to", "split"
            )
        if self.carry_over and self.guarantee is None:
            faults.add("goes with a guarantee", "carry_over")
        if self.guarantee is not None and self.accumulate is Accumulate.LIFETIME:
            faults.add("a lifetime is never settled; accepted: a guarantee of a period", "guarantee")
        if self.expires_months is not None and not is_points(self.unit):
            faults.add(f"goes with points; {self.unit} does not expire", "expires_months")
        if self.growth and self.by not in (None, By.GROWTH):
            faults.add("growth is paid for by growth; accepted: by = growth, or none", "by")
        if self.growth and self.accumulate is not Accumulate.PERIOD:
            faults.add("growth is that of a period; accepted: accumulate = period", "growth")
        if self.by in (By.ATTAINMENT, By.GROWTH) and self.accumulate is not Accumulate.PERIOD:
            faults.add(f"{self.chosen_by} is that of a period; accepted: accumulate = period", "by")

    def _check_amounts(self, faults: Faults) -> None:
        for name in ("fixed", "minimum", "maximum", "cap", "guarantee"):
            amount: Money | None = getattr(self, name)
            if amount is not None and amount.currency != self.unit:
                faults.add(f"found {amount}; the component pays in {self.unit}", name)
            if amount is not None and amount.minor < 0:
                faults.add(f"found {amount}; accepted: zero or more", name)
        for lowest, highest in (("minimum", "maximum"), ("guarantee", "cap")):
            low, high = getattr(self, lowest), getattr(self, highest)
            if low is not None and high is not None and low.minor > high.minor:
                faults.add(f"found {low}, above the {highest} of {high}", lowest)
        paid = {one.currency for band in self.curve.bands for one in (band.each, band.flat, band.pays) if one}
        for unit in sorted(paid - {self.unit}):
            faults.add(f"the bands pay in {unit}; the component pays in {self.unit}", "curve")

    def _check_bands(self, faults: Faults) -> None:
        """The ends of bands are in what chooses them, and what a band pays fits what is paid for."""
        wanted = self.chosen_in
        for place, band in enumerate(self.curve.bands):
            if band.up_to is not None and not isinstance(band.up_to, wanted):
                such = (
                    f", such as '{band.up_to} {self.counted_in}'"
                    if wanted is Money and isinstance(band.up_to, Fraction)
                    else ""
                )
                faults.add(
                    f"found {band.up_to}; bands are chosen by {self.chosen_by}: accepted: {_NAMES[wanted]}{such}",
                    f"curve[{place}].up_to",
                )
            if isinstance(band.up_to, Money) and band.up_to.currency != self.counted_in:
                faults.add(
                    f"found {band.up_to}; sales are counted in {self.counted_in}", f"curve[{place}].up_to"
                )
            if band.each is not None and self.base is not Base.UNITS:
                faults.add(
                    f"an amount for each unit goes with base = units; this is {self.base.value}",
                    f"curve[{place}].each",
                )
            if band.rate is not None and self.base is Base.UNITS:
                faults.add("a rate is of money; accepted with base = units: each", f"curve[{place}].rate")
        if self.package is not None and self.base is not Base.UNITS:
            faults.add("packages are of units; accepted: base = units", "package")
        if self.has_limits_per_sale and self.bucketless and (self.package is not None or self.growth):
            faults.add(
                "packages and growth are of all transactions together, so that none has an amount of its own",
                "package" if self.package is not None else "growth",
            )
        if self.accelerator is not None:
            for place, band in enumerate(self.accelerator.bands):
                if not isinstance(band.up_to, Rate | None) or band.rate is None or band.flat is not None:
                    faults.add(
                        "accepted: bands by attainment, each with a rate that multiplies",
                        f"accelerator[{place}]",
                    )

    def compiled(self) -> Callable[[Sequence[int]], list[int]]:
        """What each of many sales adds to the rounded entitlement, in whole minor units or units, a million times a second.

        For a component that pays for a period by its bands alone. Whatever else it asks for is named and refused, since it
        takes more than the quantities to know.
        """
        plain = {
            "by": self.by, "growth": self.growth, "package": self.package, "fixed": self.fixed, "minimum": self.minimum,
            "maximum": self.maximum, "accelerator": self.accelerator, "target": self.target, "cap": self.cap,
            "guarantee": self.guarantee, "prorate": self.prorate, "split": self.split,
            "accumulate": self.accumulate not in (Accumulate.PERIOD, Accumulate.LIFETIME), "points": self.is_points,
            "clawback": self.curve.mode is not Mode.MARGINAL and not self.clawback.may_exceed_sale,
        }  # fmt: skip
        beyond = [name for name, asked in plain.items() if asked]
        if beyond:
            raise InvalidInput(
                f"{self.name} asks for more than its bands: {', '.join(beyond)}; accepted: bands alone, or ComponentPolicy"
            )
        return self.curve.compiled(self.rounding)

    @property
    def is_points(self) -> bool:
        return is_points(self.unit)

    @property
    def counted_in(self) -> str:
        return self.currency or self.unit

    @property
    def per_minor(self) -> int:
        """How many minor units of sales make one that is paid for: points are for each unit of the currency."""
        return 10 ** currency_digits(self.counted_in) if self.is_points and self.base is not Base.UNITS else 1

    @property
    def chosen_by(self) -> str:
        return self.by.value if self.by is not None else "growth" if self.growth else self.base.value

    @property
    def chosen_in(self) -> type[Quantity]:
        """What sort of quantity chooses the band."""
        if self.by in (By.ATTAINMENT, By.GROWTH):
            return Rate
        return Fraction if self.chosen_by == "units" or (self.growth and self.base is Base.UNITS) else Money

    @property
    def quantity_base(self) -> Base:
        """What of a transaction chooses the band, or is set against the quota or the baseline."""
        return Base(self.by.value) if self.by is not None and self.by.value in set(Base) else self.base

    @property
    def bucketless(self) -> bool:
        return self.accumulate not in (Accumulate.TRANSACTION, Accumulate.GROUP)

    @property
    def has_limits_per_sale(self) -> bool:
        return any(one is not None for one in (self.fixed, self.minimum, self.maximum))

    @property
    def needs_quota(self) -> bool:
        return self.by is By.ATTAINMENT or self.accelerator is not None or self.target is not None

    @property
    def quota_in(self) -> str | None:
        """The currency of its quota; None = units."""
        return None if self.quantity_base is Base.UNITS else self.counted_in

    @property
    def looks_back(self) -> bool:
        """Whether a calculation needs sales of before its period."""
        return self.needs_baseline or self.accumulate is Accumulate.ROLLING

    @property
    def needs_baseline(self) -> bool:
        return self.growth or self.by is By.GROWTH


_NAMES: dict[type, str] = {Money: "money", Fraction: "a number of units", Rate: "a rate such as '80 %'"}


@attrs.frozen(kw_only=True)
class Plan:
    """Components that belong together. A published plan is never edited: a change is another version."""

    name: str  # with its version, like a document: "reseller/2026/rebate"
    components: tuple[Component, ...]
    facts: FactSchema = FactSchema("transaction", ())  # what eligibility may ask of a transaction
    ceiling: Rate | None = (
        None  # of all components' highest rates together, on one sale: no plan pays away more
    )
    text: Text | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the plan {self.name[:100]!r} cannot be used")
        for name in repeated(one.name for one in self.components):
            faults.add(f"the component {name!r} is declared twice", "components")
        ordered = [(one.exclusive, one.priority) for one in self.components if one.exclusive is not None]
        for exclusive, priority in sorted({pair for pair in ordered if ordered.count(pair) > 1}):
            faults.add(
                f"two components of {exclusive!r} have the priority {priority}; accepted: a priority of its own for each",
                "components",
            )
        for place, one in enumerate(self.components):
            if one.when is not None:
                check_criterion(one.when, self.facts, faults, f"components[{place}].when")
            if one.group is not None and one.group not in self.facts:
                faults.add(unknown_name("fact", one.group, self.facts.names), f"components[{place}].group")
        self._check_ceiling(faults)
        faults.raise_if_any()

    @property
    def accrues_for_funds(self) -> bool:
        """Whether its balances are claimed through a fund, and not paid out."""
        return any(one.kind is ComponentKind.FUND_ACCRUAL for one in self.components)

    @property
    def family(self) -> tuple[str, str]:
        """What all its versions share: the first and the last part of the name."""
        return family_of(self.name)

    def _check_ceiling(self, faults: Faults) -> None:
        if self.ceiling is None:
            return
        top = Fraction(0)
        by_group: dict[str, Fraction] = {}
        for place, one in enumerate(self.components):
            if one.is_points:
                continue
            highest = highest_rate(one)
            if highest is None:
                faults.add(
                    "has amounts that no rate bounds, so that no ceiling can be promised",
                    f"components[{place}]",
                )
            elif one.exclusive is None:
                top += highest
            else:
                by_group[one.exclusive] = max(by_group.get(one.exclusive, Fraction(0)), highest)
        top += sum(by_group.values())
        if top > self.ceiling.fraction:
            faults.add(
                f"the components together pay up to {Rate.of(top)}; accepted: at most {self.ceiling}",
                "ceiling",
            )

    def component(self, name: str) -> Component:
        return next(one for one in self.components if one.name == name)


def family_of(plan: str) -> tuple[str, str]:
    """
    >>> family_of("reseller/2026/rebate")
    ('reseller', 'rebate')
    """
    parts = plan.split("/")
    return parts[0], parts[-1]


def highest_rate(component: Component) -> Fraction | None:
    """The most that a component pays for one more of sales at its net price; None when no rate bounds it."""
    amounts = (component.fixed, component.minimum, component.guarantee)
    if component.base not in (Base.NET, Base.MARGIN) or any(amounts):
        return None
    if any(band.flat or band.each or band.pays for band in component.curve.bands):
        return None
    rates = [band.slope for band in component.curve.bands]
    highest = sum(rates, Fraction(0)) if component.curve.mode in (Mode.ROLLING, Mode.TOTAL) else max(rates)
    if component.accelerator is not None:
        highest *= max(band.slope for band in component.accelerator.bands)
    return max(highest, Fraction(0))
