"""How a component is calculated: from a payee's earning of a period to an amount that is the sum of its lines.

The order is fixed: bands, what is due for each sale and its limits, accelerator, target, cap, refunds, guarantee, rounding.
Where refunds are re-rated, everything is calculated of what is left of the sales.
What comes before (eligibility, price, base, credit) is in `ledger/credit.py`; what comes after (splits, booking) in `ledger/posting.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from prmcore.decisions import Decision, Reason, Truth, fact
from prmcore.decisions.explain import Said
from prmcore.incentives.plans.curve import Curve, Mode
from prmcore.incentives.plans.facts import Earning, Share
from prmcore.incentives.plans.lines import Entitlement, Line, LineKind
from prmcore.incentives.plans.model import Accumulate, Basis, By, Component, Missed, Plan
from prmcore.incentives.plans.said import said_of_entitlement
from prmcore.values import Money, Rate, checked_date
from prmcore.values.wire import from_plain, to_plain

__all__ = ["ComponentPolicy", "Entitlement", "Line", "LineKind"]


@attrs.frozen(slots=False)
class ComponentPolicy:
    """Decides what a component of a plan pays for an earning; pure, so that an amount can be calculated again for ever."""

    component: Component
    name: str  # "reseller/2026/rebate/volume": plan and component

    def decide(self, facts: Earning, as_of: datetime.date) -> Decision[Entitlement]:
        """The entitlement of the period; `as_of` is the day up to which the earning is known."""
        checked_date(as_of, "as_of")
        return Decision(self.entitlement(facts), self, as_of, facts, 0)

    def entitlement(self, earning: Earning) -> Entitlement:
        unknown = self._unknown(earning)
        if unknown:
            return Entitlement(amount=None, unknown=unknown)
        return _Calculation(self.component, earning).entitlement()

    def _unknown(self, earning: Earning) -> tuple[str, ...]:
        """What the calculation needs and nobody said; a quota, a baseline or a part that is nothing divides nothing."""
        one = self.component
        missing = []
        if one.needs_quota and (earning.quota is None or earning.quota <= 0):
            missing.append("quota")
        if one.needs_baseline and (
            earning.baseline is None or (one.by is By.GROWTH and earning.baseline <= 0)
        ):
            missing.append("baseline")
        if earning.window is None:
            missing.append("window")
        if earning.part <= 0 and one.prorate & {"bands", "quota"}:
            missing.append("part")
        return tuple(missing)

    def reasons(self, decision: Decision[Any]) -> tuple[Reason, ...]:
        """The target, where there is one; the rest of the why is in the lines."""
        target = self.component.target
        if target is None:
            return ()
        asked = fact("attainment").at_least(target.attainment)
        seen = None if self._unknown(decision.facts) else self._attained(decision.facts)
        return (Reason(asked, Truth.of(None if seen is None else bool(asked.holds(seen))), seen),)

    def _attained(self, earning: Earning) -> Rate:
        calculation = _Calculation(self.component, earning)
        return Rate.of(calculation.attainment(calculation.counted))

    def said(self, decision: Decision[Any]) -> Said:
        return said_of_entitlement(self.name, self.component, decision)

    def written(self, decision: Decision[Any]) -> dict[str, Any]:
        return {
            "facts": to_plain(decision.facts),
            "outcome": to_plain(decision.outcome),
            "mask": decision.mask,
        }

    def facts_from(self, written: Any) -> Earning:
        earning: Earning = from_plain(written, Earning)
        return earning


@attrs.frozen
class _Part:
    """What one sale brings, before cap and guarantee."""

    share: Share
    calculated: Fraction  # by the bands, with the fixed part
    brought: Fraction  # within its limits


class _Calculation:
    """One component over one earning."""

    def __init__(self, component: Component, earning: Earning) -> None:
        self.component, self.earning = component, earning
        self.sales = [share for share in earning.shares if share.returns is None]
        self.returned = _returned(self.sales, earning.shares, component.clawback.within_days)

    def entitlement(self) -> Entitlement:
        lines = list(self.lines())
        earned = _sum(lines)
        top = self.guaranteed - self.earning.carried - earned
        if self.earning.closing and self.component.guarantee is not None and top > 0:
            lines.append(Line(what=LineKind.GUARANTEE, amount=top))
        exact = _sum(lines)
        whole = self.component.rounding.whole(exact)
        if whole != exact:
            lines.append(Line(what=LineKind.ROUNDING, amount=whole - exact))
        quantity, pay = self.measured(self.net)
        return Entitlement(
            amount=Money(self.component.unit, whole),
            lines=tuple(lines),
            quantity=quantity,
            pay=pay,
            carries=max(Fraction(0), -top) if self.component.carry_over else Fraction(0),
        )

    def lines(self) -> Iterator[Line]:
        """Everything up to the cap, and what was taken back."""
        basis = self.component.clawback.basis
        if basis is not Basis.RERATE:
            yield from self.within_cap([*self.capped(self.sales), *self.taken_back(basis)])
            return
        found = list(self.capped(self.net))
        yield from found
        if self.returned and not self.component.clawback.may_exceed_sale:
            beyond = self.at_rates_reached() - _sum(found)
            if beyond > 0:
                yield Line(what=LineKind.LIMIT, amount=beyond)

    def at_rates_reached(self) -> Fraction:
        """What is left of the sales, at the bands, accelerator and target that all of them had reached together."""
        total = Fraction(0)
        left = _buckets(self.net)
        for bucket, sales in _buckets(self.sales).items():
            quantity, pay = self.measured(left[bucket])
            bands = self.curve.kept(quantity, self.measured(sales)[0], pay)
            total += bands if self.component.bucketless else self._brought(pay, bands)[1]
        if self.component.bucketless and self.component.has_limits_per_sale:
            slope = self._slope(self.sales)
            total += _sum(line for one in self.net for line in self._limited("", one.pay, slope * one.pay))
        faster = self.component.accelerator
        if faster is not None:
            total *= faster.kept(self.attainment(self.net), self.attainment(self.sales), 1)
        total *= self.on_target(self.sales)
        return total if self.cap is None else min(total, self.cap)

    def taken_back(self, basis: Basis) -> Iterator[Line]:
        """A line for each sale of which something was returned: never more than it was paid."""
        if not self.returned:
            return
        times = self.multiplier(self.sales)
        calculated = {part.share.transaction: part.calculated * times for part in self.parts(self.sales)}
        by_id = {share.transaction: share for share in self.sales}
        for sale, returned in self.returned.items():
            part = _part(returned, by_id[sale])
            whole = calculated if basis is Basis.ORIGINAL_RATE else self.paid
            taken = _within(whole[sale] * part, self.paid[sale])
            yield Line(what=LineKind.CLAWBACK, amount=-taken, quantity=returned.pay, transaction=sale)

    def capped(self, sales: list[Share]) -> Iterator[Line]:
        return self.within_cap(self.uncapped(sales))

    def within_cap(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The lines, and what is beyond the cap; where a loss comes back, that may be so once more."""
        total = Fraction(0)
        for line in lines:
            total += line.amount
            yield line
        if self.cap is not None and total > self.cap:
            yield Line(what=LineKind.CAP, amount=self.cap - total)

    def uncapped(self, sales: list[Share]) -> Iterator[Line]:
        total = Fraction(0)
        for line in self.of_bands(sales):
            total += line.amount
            yield line
        times, on_target = self.accelerated(sales), self.on_target(sales)
        if times != 1:
            yield Line(what=LineKind.ACCELERATOR, amount=total * (times - 1), rate=times)
        if on_target != 1:
            yield Line(what=LineKind.TARGET, amount=total * times * (on_target - 1), rate=on_target)

    def of_bands(self, sales: list[Share]) -> Iterator[Line]:
        """The bands' own lines, and the differences that amounts for each sale and their limits make."""
        if not self.component.bucketless:
            for bucket in _buckets(sales).values():
                sale = bucket[0].transaction
                found = list(self._sliced(bucket))
                found.extend(self._limited(sale, self.measured(bucket)[1], _sum(found)))
                yield from found
                rest = self._rounded_each(_sum(found)) - _sum(found)
                if rest:
                    yield Line(what=LineKind.ROUNDING, amount=rest, transaction=sale)
            return
        yield from self._sliced(sales)
        if self.component.has_limits_per_sale:
            slope = self._slope(sales)
            for share in sales:
                yield from self._limited(share.transaction, share.pay, slope * share.pay)

    def _sliced(self, shares: list[Share]) -> Iterator[Line]:
        quantity, pay = self.measured(shares)
        for one in self.curve.slices(quantity, pay):
            kind = (
                LineKind.FLAT
                if one.slope is None and self.component.curve.mode is not Mode.INTERPOLATE
                else LineKind.BAND
            )
            yield Line(what=kind, amount=one.amount, band=one.band, quantity=one.paid_for, rate=one.slope)

    def _limited(self, sale: str, pay: Fraction, bands: Fraction) -> Iterator[Line]:
        """Fixed part, then minimum and maximum; what brought nothing in gets none of them."""
        if pay <= 0:
            return
        one = self.component
        total = bands
        if one.fixed is not None:
            total += one.fixed.minor
            yield Line(what=LineKind.FIXED, amount=Fraction(one.fixed.minor), transaction=sale)
        if one.minimum is not None and total < one.minimum.minor:
            yield Line(what=LineKind.MINIMUM, amount=one.minimum.minor - total, transaction=sale)
        elif one.maximum is not None and total > one.maximum.minor:
            yield Line(what=LineKind.MAXIMUM, amount=one.maximum.minor - total, transaction=sale)

    def _brought(self, pay: Fraction, bands: Fraction) -> tuple[Fraction, Fraction]:
        """What the bands' amount becomes with the fixed part, and then with its limits."""
        lines = list(self._limited("", pay, bands))
        fixed = _sum(line for line in lines if line.what is LineKind.FIXED)
        return self._rounded_each(bands + fixed), self._rounded_each(bands + _sum(lines))

    def _rounded_each(self, amount: Fraction) -> Fraction:
        """Of one sale or group, where each is rounded by itself."""
        return Fraction(self.component.rounding.whole(amount)) if self.component.round_each else amount

    def measured(self, shares: Iterable[Share]) -> tuple[Fraction, Fraction]:
        """What chooses the band, and what is paid for, of these together."""
        quantity, pay = Fraction(0), Fraction(0)
        for share in shares:
            quantity += share.quantity
            pay += share.pay
        return self.chosen_by(quantity, pay)

    def chosen_by(self, quantity: Fraction, pay: Fraction) -> tuple[Fraction, Fraction]:
        component, earning = self.component, self.earning
        if component.needs_baseline:
            assert earning.baseline is not None  # else it is unknown, and nothing is calculated
            grown = quantity - earning.baseline
            if component.growth:
                pay = max(grown, Fraction(0)) / component.per_minor
            quantity = grown / earning.baseline if component.by is By.GROWTH else max(grown, Fraction(0))
        elif component.by is By.ATTAINMENT:
            quantity = quantity / self.quota
        elif component.accumulate is Accumulate.ROLLING:
            assert earning.window is not None
            quantity += earning.window
        if component.package is not None:
            pay = component.package.count(pay)
            if component.chosen_in is Fraction:
                quantity = component.package.count(quantity)
        return quantity, pay

    def _slope(self, sales: list[Share]) -> Fraction:
        """Of a whole-volume curve: the rate of the band that all reached together."""
        quantity, _ = self.measured(sales)
        return self.curve.pieces[self.curve.band_of(quantity)].slope

    def parts(self, sales: list[Share]) -> Iterator[_Part]:
        """What each sale brought, in their order: what the total grew by when it came."""
        one = self.component
        if not one.bucketless:
            for bucket in _buckets(sales).values():
                yield from self._grown(bucket)
        elif one.curve.mode in (Mode.WHOLE, Mode.TOTAL):
            yield from self._at_one_rate(sales)
        else:
            yield from self._grown(sales)

    def _grown(self, sales: list[Share]) -> Iterator[_Part]:
        """Where all sales of a bucket are calculated, and limited, together."""
        before = limited_before = Fraction(0)
        for share, quantity, pay in self._running(sales):
            bands = self.curve.amount(quantity, pay)
            now, limited = (bands, bands) if self.component.bucketless else self._brought(pay, bands)
            yield _Part(share, now - before, limited - limited_before)
            before, limited_before = now, limited

    def _at_one_rate(self, sales: list[Share]) -> Iterator[_Part]:
        slope = self._slope(sales)
        flats_before = pay_before = Fraction(0)
        for share, quantity, pay in self._running(sales):
            own = self.curve.pieces[self.curve.band_of(quantity)].slope
            flats = self.curve.amount(quantity, pay) - own * pay
            now, limited = self._brought(share.pay, slope * (pay - pay_before))
            yield _Part(share, now + flats - flats_before, limited + flats - flats_before)
            flats_before, pay_before = flats, pay

    def _running(self, sales: list[Share]) -> Iterator[tuple[Share, Fraction, Fraction]]:
        """Each sale, with what is measured of all up to it."""
        quantity, pay = Fraction(0), Fraction(0)
        for share in sales:
            quantity += share.quantity
            pay += share.pay
            yield share, *self.chosen_by(quantity, pay)

    @cached_property
    def paid(self) -> dict[str, Fraction]:
        """What each sale was paid, in their order: once the cap is reached, later ones bring nothing more."""
        total = before = Fraction(0)
        times = self.multiplier(self.sales)
        found: dict[str, Fraction] = {}
        for part in self.parts(self.sales):
            total += part.brought * times
            now = total if self.cap is None else min(total, self.cap)
            found[part.share.transaction] = found.get(part.share.transaction, Fraction(0)) + now - before
            before = now
        return found

    @cached_property
    def net(self) -> list[Share]:
        """The sales less what was returned of them."""
        return [_less(share, self.returned.get(share.transaction)) for share in self.sales]

    @cached_property
    def curve(self) -> Curve:
        shrinks = "bands" in self.component.prorate and self.component.by not in (By.ATTAINMENT, By.GROWTH)
        return self.component.curve.scaled(self.earning.part) if shrinks else self.component.curve

    @cached_property
    def quota(self) -> Fraction:
        assert self.earning.quota is not None
        return self.earning.quota * self._part_for("quota")

    @cached_property
    def cap(self) -> Fraction | None:
        return None if self.component.cap is None else self.component.cap.minor * self._part_for("cap")

    @cached_property
    def guaranteed(self) -> Fraction:
        guarantee = self.component.guarantee
        return Fraction(0) if guarantee is None else guarantee.minor * self._part_for("guarantee")

    def _part_for(self, what: str) -> Fraction:
        return self.earning.part if what in self.component.prorate else Fraction(1)

    @property
    def counted(self) -> list[Share]:
        """What attains: less what was returned, where that is calculated anew."""
        return self.net if self.component.clawback.basis is Basis.RERATE else self.sales

    def attainment(self, sales: list[Share]) -> Fraction:
        return sum((share.quantity for share in sales), Fraction(0)) / self.quota

    def accelerated(self, sales: list[Share]) -> Fraction:
        curve = self.component.accelerator
        return Fraction(1) if curve is None else curve.amount(self.attainment(sales), 1)

    def on_target(self, sales: list[Share]) -> Fraction:
        target = self.component.target
        if target is None or target.missed is Missed.STILL_PAYS:
            return Fraction(1)
        reached = self.attainment(sales) / target.attainment.fraction
        if reached >= 1:
            return Fraction(1)
        return Fraction(0) if target.missed is Missed.NOTHING else max(Fraction(0), reached)

    def multiplier(self, sales: list[Share]) -> Fraction:
        return self.accelerated(sales) * self.on_target(sales)


def _sum(lines: Iterable[Line]) -> Fraction:
    return sum((line.amount for line in lines), Fraction(0))


def _buckets(shares: Iterable[Share]) -> dict[str, list[Share]]:
    found: dict[str, list[Share]] = {}
    for share in shares:
        found.setdefault(share.bucket, []).append(share)
    return found


def _returned(sales: list[Share], shares: Iterable[Share], within_days: int | None) -> dict[str, Share]:
    """What was returned of each sale, in time, together, and never more than it was."""
    by_id = {share.transaction: share for share in sales}
    found: dict[str, Share] = {}
    for share in shares:
        sale = by_id.get(share.returns or "")
        if sale is None or (within_days is not None and (share.day - sale.day).days > within_days):
            continue
        found[sale.transaction] = _less(share, found.get(sale.transaction))
    return {
        name: attrs.evolve(
            share,
            quantity=_bounded(share.quantity, by_id[name].quantity),
            pay=_bounded(share.pay, by_id[name].pay),
        )
        for name, share in found.items()
    }


def _bounded(returned: Fraction, sold: Fraction) -> Fraction:
    """At most what was sold, whichever sign that has: a margin may be a loss."""
    return max(returned, -sold) if sold >= 0 else min(returned, -sold)


def _within(taken: Fraction, paid: Fraction) -> Fraction:
    """At most what was paid; of a loss that lowered what was paid, at most that is given back."""
    return min(max(taken, Fraction(0)), paid) if paid >= 0 else max(min(taken, Fraction(0)), paid)


def _part(returned: Share, sale: Share) -> Fraction:
    """Which part of a sale was returned."""
    if sale.pay:
        return -returned.pay / sale.pay
    return -returned.quantity / sale.quantity if sale.quantity else Fraction(0)


def _less(share: Share, returned: Share | None) -> Share:
    if returned is None:
        return share
    return attrs.evolve(share, quantity=share.quantity + returned.quantity, pay=share.pay + returned.pay)


def policies_of(plan: Plan) -> dict[str, ComponentPolicy]:
    """The policy of each component, by its whole name: plan and component."""
    names = {f"{plan.name}/{one.name}": one for one in plan.components}
    return {name: ComponentPolicy(one, name) for name, one in names.items()}
