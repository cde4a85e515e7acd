"""Lint: what is wrong with a plan before it pays, each finding with a sale that shows it.

A witness is worked out by the policy that pays: fed with it, it is paid what the finding says. Where a component asks for
a quota, a baseline or a price, one is assumed and stands in the witness; what depends on which one it is, such as a cap
that no longer matters, is then not claimed. Parts of a payout curve that are not straight are looked at in points.

Gaps between bands cannot be: a band says only how far it reaches. Whether the order of price-side benefits matters is asked
of `stacking`.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

import attrs

from prmcore.decisions import Criterion
from prmcore.decisions.criteria import Not, Rule, all_of, leaves
from prmcore.decisions.explain import Exact, Said
from prmcore.decisions.lint import Finding, Undecided, facts_meeting
from prmcore.incentives.outlook import SALE_DAY, Payout, Point
from prmcore.incentives.plans.curve import Band, Boundary, Curve, Mode
from prmcore.incentives.plans.facts import Base, Share
from prmcore.incentives.plans.model import (
    Accumulate,
    By,
    Component,
    ComponentKind,
    Missed,
    Plan,
    highest_rate,
)
from prmcore.incentives.plans.policy import ComponentPolicy
from prmcore.values import Money, Rate, currency_digits

__all__ = ["lint_plan"]

ASSUMED_UNITS, ASSUMED_PRICE, ASSUMED_SALES = 100, 100, 10_000  # in units, and in whole units of the currency


def lint_plan(plan: Plan) -> tuple[Finding, ...]:
    """Everything that looks wrong with a plan, component by component, and then with all of them together.

    Codes: `cliff`, `refund-cliff`, `more-than-the-sale`, `moot-band`, `cap-at-once`, `guarantee-always`,
    `paid-for-shrinking`, `accelerator-hole`, `below-target`, `empty-band`, `never-eligible`, `never-first`, `no-ceiling`;
    `function-rule` and `undecided` name what could not be checked.
    """
    found: list[Finding] = []
    for place, component in enumerate(plan.components):
        found.extend(_Linter(component, f"components[{place}]").findings())
    found.extend(_eligibility(plan))
    found.extend(_legs(plan))
    return tuple(found)


class _Linter:
    """One component."""

    def __init__(self, component: Component, path: str) -> None:
        self.component, self.path = component, path
        self.digits = 10 ** currency_digits(component.counted_in)
        counted = ASSUMED_UNITS if component.quantity_base is Base.UNITS else ASSUMED_SALES * self.digits
        self.quota = Fraction(counted) if component.needs_quota else None
        self.baseline = Fraction(counted) if component.needs_baseline else None
        # in packages, so that a curve has no step for each of them
        package = None if component.chosen_in is Money else component.package
        self.size = Fraction(1) if package is None else package.size
        self.policy = self.payout(component)
        self.exact = self.payout(attrs.evolve(component, round_each=False))

    def payout(self, component: Component, size: Fraction = Fraction(1)) -> Payout:
        quota, baseline = (None if one is None else one / size for one in (self.quota, self.baseline))
        return Payout(component, Fraction(1), quota, baseline, self.price, settled=False)

    @property
    def price(self) -> Fraction:
        """What is paid for with each one of what chooses the band."""
        units = self.component.quantity_base is Base.UNITS, self.component.base is Base.UNITS
        if units == (True, False):
            return Fraction(ASSUMED_PRICE * self.digits)
        return Fraction(1, ASSUMED_PRICE * self.digits) if units == (False, True) else Fraction(1)

    @property
    def is_absolute(self) -> bool:
        """Whether amounts depend on nothing but what is sold."""
        return self.quota is None and self.baseline is None and self.price == 1

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The payout curve, by packages where there are some."""
        return self.points_of(self.component)

    def points_of(self, component: Component) -> tuple[Point, ...]:
        return self.payout(attrs.evolve(component, package=None, round_each=False), self.size).points(None)

    def paid(self, quantity: Fraction | int) -> Money:
        amount = self.policy.entitlement(quantity * self.size).amount
        assert amount is not None
        return amount

    def called(self, quantity: Fraction | int) -> Any:
        """What is sold, as a value."""
        sold = quantity * self.size
        if self.component.quantity_base is Base.UNITS:
            return Fraction(sold)
        return Money(self.component.counted_in, int(sold))

    def shown(self, quantity: Any) -> Any:
        """A value of what is sold, in words."""
        if isinstance(quantity, Money):
            return quantity
        return Said("{count} unit" if quantity == 1 else "{count} units", {"count": quantity})

    def finding(self, code: str, path: str, said: Said, **witness: Any) -> Finding:
        """With whatever was assumed beside the witness."""
        units = self.component.quantity_base is Base.UNITS
        for name, assumed in (("quota", self.quota), ("baseline", self.baseline)):
            if assumed is not None:
                witness[name] = assumed if units else Money(self.component.counted_in, int(assumed))
        if self.price != 1:
            witness["price"] = Money(self.component.counted_in, ASSUMED_PRICE * self.digits)
        return Finding(code, f"{self.path}{path}", said, witness or None)

    def findings(self) -> Iterator[Finding]:
        yield from self.cliffs()
        yield from self.refund_cliffs()
        yield from self.more_than_the_sale()
        yield from self.moot_bands("cap", self.component)
        if not self.component.bucketless:
            yield from self.moot_bands("maximum", attrs.evolve(self.component, cap=None))
        yield from self.cap_at_once()
        yield from self.guarantee()
        yield from self.shrinking()
        yield from self.accelerator_holes()
        yield from self.below_target()
        yield from self.empty_bands()

    def cliffs(self) -> Iterator[Finding]:
        """More is sold and less is paid: where the curve jumps down, or falls."""
        for place, (before, after) in enumerate(pairwise(self.points)):
            if after.amount >= before.amount:
                continue
            for low, high in _around(before, after):
                if self.paid(high) < self.paid(low):
                    yield self.cliff(low, high, place)
                    break

    def cliff(self, low: int, high: int, place: int) -> Finding:
        sold, more = self.called(low), self.called(high)
        paid, then = self.paid(low), self.paid(high)
        again = self.recovered(low, place + 1)
        values = {"low": self.shown(sold), "before": paid, "high": self.shown(more), "after": then}
        witness = {"sold": sold, "paid": paid, "sold_more": more, "paid_then": then}
        said = Said("more is sold and less is paid: {before} for {low}, {after} for {high}", values)
        if again is not None:
            witness["as_much_again"] = self.called(again)
            values["again"] = self.shown(self.called(again))
            said = Said(
                "more is sold and less is paid: {before} for {low}, {after} for {high}, and as much again only at {again}",
                values,
            )
        return self.finding("cliff", self.cliff_path(low, high), said, **witness)

    def cliff_path(self, low: int, high: int) -> str:
        before, after = (self.policy.band(one * self.size) for one in (low, high))
        return ".accelerator" if before == after and self.component.accelerator else f".curve[{after}]"

    def recovered(self, low: int, place: int) -> int | None:
        """The first whole quantity beyond another, from a point on, that is paid as much; None = none that is found."""
        amount = self.exact.amount(low * self.size)
        beyond = (one for one in self.climbed(amount, place) if one > low)
        return next((one for one in beyond if self.exact.amount(one * self.size) >= amount), None)

    def climbed(self, amount: Fraction, place: int) -> Iterator[int]:
        """Whole quantities next to where the curve comes to an amount."""
        for before, after in pairwise(self.points[place:]):
            if after.amount >= amount:
                yield math.ceil(_passed(before, amount) if _climbs(before) else after.quantity)
                yield math.floor(after.quantity) + 1
        last = self.points[-1]
        if _climbs(last):
            yield math.ceil(_passed(last, amount))

    def refund_cliffs(self) -> Iterator[Finding]:
        """A refund takes back more than was paid for it: where the curve jumps up and re-rating is not limited."""
        clawback = self.component.clawback
        if not clawback.may_exceed_sale:  # which goes with re-rating alone
            return
        for before, after in pairwise(self.points):
            if before.quantity != after.quantity or after.amount <= before.amount or not before.quantity:
                continue
            whole = math.floor(before.quantity)
            reached = self.exact.amount(whole * self.size) >= after.amount
            sold = whole if reached else whole + 1
            refunded = max(1, sold // 100)
            limited = attrs.evolve(self.component, clawback=attrs.evolve(clawback, may_exceed_sale=False))
            paid, taken = (self.refund(one, sold, refunded) for one in (limited, self.component))
            if taken > paid:
                yield self.refund_cliff(sold, refunded, paid, taken)

    def refund(self, component: Component, sold: int, refunded: int) -> Money:
        """What a component takes back for a refund, of the second of two sales together or of a part of one alone."""
        sales: tuple[Share, ...] = (self.share("kept", sold - refunded), self.share("refunded", refunded))
        if component.accumulate is Accumulate.TRANSACTION:
            sales = (self.share("refunded", sold),)
        earning = attrs.evolve(self.policy.earning(Fraction(0)), shares=sales)
        back = attrs.evolve(earning, shares=(*sales, self.share("refund", -refunded, "refunded")))
        before, after = (
            ComponentPolicy(component, component.name).entitlement(one).amount for one in (earning, back)
        )
        assert before is not None
        assert after is not None
        return before - after

    def share(self, name: str, quantity: int, returns: str | None = None) -> Share:
        """A sale, or what takes it back, of so many."""
        sold = quantity * self.size
        pay = sold * self.price
        if self.component.is_points and self.component.base is not Base.UNITS:
            pay /= self.digits
        day = SALE_DAY + datetime.timedelta(days=int(returns is not None))
        return Share(transaction=name, day=day, quantity=sold, pay=pay, returns=returns)

    def refund_cliff(self, sold: int, refunded: int, paid: Money, taken: Money) -> Finding:
        back, total = self.called(refunded), self.called(sold)
        values = {"refunded": self.shown(back), "sold": self.shown(total), "taken": taken, "paid": paid}
        said = Said(
            "of {sold} in all, a refund of {refunded} takes back {taken}; it was paid {paid}, at the rates then reached",
            values,
        )
        path = f".curve[{self.policy.band(sold * self.size)}]"
        return self.finding(
            "refund-cliff", path, said, sold=total, refunded=back, paid=paid, taken_back=taken
        )

    def more_than_the_sale(self) -> Iterator[Finding]:
        """A sale that is paid more than it is worth, or than it leaves."""
        one = self.component
        if one.base is Base.UNITS or one.is_points:
            return
        candidates = {1, *(whole for point in self.points for whole in _near(point.quantity) if whole > 0)}
        last = self.points[-1]
        if last.rate is not None and last.rate > self.price:  # it overtakes, sooner or later
            ahead = (1 + last.quantity * self.price - last.amount) / (last.rate - self.price)
            candidates.add(math.ceil(last.quantity + max(ahead, Fraction(0))))
        for quantity in sorted(candidates):
            paid = self.paid(quantity)
            if paid.minor > quantity * self.price:
                values = {"paid": paid, "sold": self.shown(self.called(quantity))}
                said = Said("pays more than the sale is worth: {paid} for {sold}", values)
                if one.base is Base.MARGIN:
                    said = Said("pays more than the margin: {paid} of {sold}", values)
                yield self.finding("more-than-the-sale", "", said, sold=self.called(quantity), paid=paid)
                return

    def moot_bands(self, limit: str, component: Component) -> Iterator[Finding]:
        """Bands that begin beyond where a limit is reached for good: all that is sold there pays the limit."""
        bound: Money | None = getattr(component, limit)
        if bound is None or not self.is_absolute:
            return
        reached = self.reached_for_good(self.points_of(component), bound.minor)
        if reached is None:
            return
        for place, start in enumerate(component.curve.ends, start=1):
            if reached <= start:
                sold = self.called(math.ceil(reached))
                values = {"bound": bound, "quantity": self.shown(sold)}
                messages = {
                    "cap": Said("the cap of {bound} is reached at {quantity}, before the band begins", values),
                    "maximum": Said("the maximum of {bound} is reached at {quantity}, before the band begins", values),
                }  # fmt: skip
                yield self.finding("moot-band", f".curve[{place}]", messages[limit], sold=sold, paid=bound)

    def reached_for_good(self, points: tuple[Point, ...], limit: int) -> Fraction | None:
        """From where on the amount stays at the limit, if it comes there without a jump."""
        if points[-1].amount != limit or points[-1].rate != 0:
            return None
        place = len(points) - 1
        while place > 0 and points[place - 1].amount == limit:
            place -= 1
        jumps = place > 0 and points[place - 1].quantity == points[place].quantity
        return None if jumps else points[place].quantity

    def cap_at_once(self) -> Iterator[Finding]:
        cap = self.component.cap
        if cap is None or not self.is_absolute or self.paid(1) != cap:
            return
        if self.reached_for_good_at_once(cap):
            sold = self.called(1)
            values = {"bound": cap, "quantity": self.shown(sold)}
            said = Said("the cap of {bound} is reached by the first sale, of {quantity}", values)
            yield self.finding("cap-at-once", ".cap", said, sold=sold, paid=cap)

    def reached_for_good_at_once(self, cap: Money) -> bool:
        return all(point.amount == cap.minor for point in self.points if point.quantity >= 1)

    def guarantee(self) -> Iterator[Finding]:
        """A guarantee that nothing sold can exceed."""
        one = self.component
        if one.guarantee is None:
            return
        last = self.points[-1]
        if not self.is_absolute or not one.bucketless or one.has_limits_per_sale or last.rate != 0:
            return
        if any(point.amount > one.guarantee.minor for point in self.points):
            return
        most = max((point for point in self.points if point.reached), key=lambda point: point.amount)
        sold = self.called(math.ceil(most.quantity))
        earned = self.paid(math.ceil(most.quantity))
        values = {"bound": one.guarantee, "earned": Exact(one.unit, most.amount)}
        said = Said("the guarantee of {bound} is always paid: nobody earns more than {earned}", values)
        yield self.finding(
            "guarantee-always", ".guarantee", said, sold=sold, earned=earned, paid=one.guarantee
        )

    def shrinking(self) -> Iterator[Finding]:
        """Growth chooses the band, all sales are paid for: the first band is for those who shrink as well."""
        if self.component.by is not By.GROWTH or self.component.growth or self.baseline is None:
            return
        half = math.floor(self.baseline / self.size / 2)
        paid = self.paid(half)
        if paid.minor > 0:
            values = {"paid": paid, "sold": self.shown(self.called(half))}
            said = Said(
                "who shrinks to half of the baseline is in the first band and paid {paid} for {sold}", values
            )
            yield self.finding("paid-for-shrinking", ".curve[0]", said, sold=self.called(half), paid=paid)

    def accelerator_holes(self) -> Iterator[Finding]:
        """Less attainment is paid, this much is not."""
        curve = self.component.accelerator
        if curve is None or curve.mode is not Mode.WHOLE or self.quota is None:
            return
        rates = [band.slope for band in curve.bands]
        for place in range(1, len(rates)):
            below = [one for one in range(place) if rates[one] > 0]
            if rates[place] == 0 and below:
                sold, less = (self.inside(curve, one) for one in (place, below[-1]))
                values = {"quantity": self.shown(self.called(sold)), "less": self.shown(self.called(less))}
                said = Said(
                    "this attainment is paid nothing, a lower one is: {quantity} against {less}", values
                )
                witness = {"sold": self.called(sold), "paid": self.paid(sold),
                           "sold_less": self.called(less), "paid_for_less": self.paid(less)}  # fmt: skip
                if self.paid(less).minor > 0:
                    yield self.finding("accelerator-hole", f".accelerator[{place}]", said, **witness)

    def inside(self, curve: Curve, place: int) -> int:
        """A quantity whose attainment is in a band."""
        assert self.quota is not None
        ends = (Fraction(0), *curve.ends)
        start = ends[place]
        end = ends[place + 1] if place + 1 < len(ends) else start + 1
        return math.floor((start + end) / 2 * self.quota / self.size)

    def below_target(self) -> Iterator[Finding]:
        """Bands of attainment that end below a target without which nothing is paid."""
        target = self.component.target
        if target is None or target.missed is not Missed.NOTHING:
            return
        curves = [("accelerator", self.component.accelerator)]
        if self.component.by is By.ATTAINMENT:
            curves.append(("curve", self.component.curve))
        for name, curve in curves:
            if curve is None or curve.mode is not Mode.WHOLE:
                continue
            for place, end in enumerate(curve.ends):
                upper = curve.boundary is Boundary.UPPER_INCLUSIVE
                wanted = target.attainment.fraction
                if (end < wanted or (end == wanted and not upper)) and _pays(curve.bands[place]):
                    sold = self.inside(curve, place)
                    said = Said(
                        "the band ends below the target of {target}, and below that nothing is paid",
                        {"target": target.attainment},
                    )
                    witness = {"sold": self.called(sold), "paid": self.paid(sold)}
                    yield self.finding("below-target", f".{name}[{place}]", said, **witness)

    def empty_bands(self) -> Iterator[Finding]:
        """Bands of packages between two whole numbers of them."""
        one = self.component
        if one.package is None or one.chosen_in is not Fraction:
            return
        last: Callable[[Fraction], int] = math.floor
        if one.curve.boundary is Boundary.LOWER_INCLUSIVE:
            last = lambda end: math.ceil(end) - 1  # noqa: E731 - the last number that is still below
        starts = (Fraction(0), *one.curve.ends)
        for place, end in enumerate(one.curve.ends):
            if last(end) > (last(starts[place]) if place else 0):
                continue
            below = last(end)
            values = {"low": below, "high": below + 1}
            said = Said("no number of packages is in the band: {low} is below it, {high} above", values)
            yield self.finding(
                "empty-band", f".curve[{place}]", said, packages_below=below, packages_above=below + 1
            )


def _climbs(point: Point) -> bool:
    return point.rate is not None and point.rate > 0


def _passed(point: Point, amount: Fraction) -> Fraction:
    """Where the line that begins at a point comes to an amount."""
    assert point.rate is not None
    return point.quantity + max((amount - point.amount) / point.rate, Fraction(0))


def _pays(band: Band) -> bool:
    return bool(band.slope or band.flat_minor)


def _near(quantity: Fraction) -> tuple[int, int, int]:
    whole = math.floor(quantity)
    return whole - 1, whole, whole + 1


def _around(before: Point, after: Point) -> list[tuple[int, int]]:
    """Whole quantities on either side of a jump, or at the ends of what falls."""
    if before.quantity < after.quantity:
        return [(math.ceil(before.quantity), math.floor(after.quantity))]
    whole = math.floor(before.quantity)
    return [pair for pair in ((whole, whole + 1), (whole - 1, whole)) if pair[0] >= 0]


def _eligibility(plan: Plan) -> Iterator[Finding]:
    """Criteria that nothing meets, and components that earlier ones of the same name leave nothing."""
    for place, one in enumerate(plan.components):
        path = f"components[{place}].when"
        try:
            yield from _never(plan, one, path)
        except Undecided:
            said = Said("{level}: too many combinations to decide", {"level": one.name})
            yield Finding("undecided", path, said)


def _never(plan: Plan, one: Component, path: str) -> Iterator[Finding]:
    rules = [] if one.when is None else [leaf.name for leaf in leaves(one.when) if isinstance(leaf, Rule)]
    if rules:
        said = Said("the rule {rule} is a function; it cannot be checked", {"rule": ", ".join(rules)})
        yield Finding("function-rule", path, said)
        return
    meeting = {} if one.when is None else facts_meeting(one.when, plan.facts)
    if meeting is None:
        said = Said("no transaction can meet what {component} asks for", {"component": one.name})
        yield Finding("never-eligible", path, said)
        return
    earlier = _before(plan, one)
    if not earlier or _left_over(plan, one, earlier):
        return
    names = ", ".join(other.name for other in earlier)
    said = Said("{component} never gets a transaction: {earlier} takes each one first",
                {"component": one.name, "earlier": names})  # fmt: skip
    yield Finding("never-first", path, said, meeting or None)


def _before(plan: Plan, one: Component) -> list[Component]:
    """The components that a transaction is offered to before, on the same day, as far as criteria are data."""
    if one.exclusive is None:
        return []
    ordered = sorted(plan.components, key=lambda other: other.priority or 0)
    return [
        other
        for other in ordered[: ordered.index(one)]
        if other.exclusive == one.exclusive
        and other.day is one.day
        and (other.when is None or not any(isinstance(leaf, Rule) for leaf in leaves(other.when)))
    ]


def _left_over(plan: Plan, one: Component, earlier: list[Component]) -> bool:
    """Whether a transaction whose facts are known gets past all earlier components to this one."""
    if any(other.when is None for other in earlier):
        return False
    wanted: list[Criterion] = [Not(other.when) for other in earlier if other.when is not None]
    own = [] if one.when is None else [one.when]
    return facts_meeting(all_of(*own, *wanted), plan.facts) is not None


LEGS = (ComponentKind.DISTRIBUTOR_LEG, ComponentKind.RESELLER_LEG)


def _legs(plan: Plan) -> Iterator[Finding]:
    """Two tiers paid on one sale, and nothing that bounds what both together are paid."""
    legs = [one for one in plan.components if one.kind in LEGS]
    if plan.ceiling is not None or {one.kind for one in legs} != set(LEGS):
        return
    rates = [highest_rate(one) for one in legs]
    witness: dict[str, Any] | None = None
    if None not in rates:
        witness = {one.name: Rate.of(rate or 0) for one, rate in zip(legs, rates, strict=True)}
        witness["together"] = Rate.of(sum((rate or Fraction(0) for rate in rates), Fraction(0)))
    said = Said("distributor and reseller are paid on the same sale, and the plan has no ceiling")
    yield Finding("no-ceiling", "ceiling", said, witness)
