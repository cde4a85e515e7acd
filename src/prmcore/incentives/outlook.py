"""The outlook of a plan before it pays: its payout curve, and what it would have cost on the sales there were.

The curve is asked of the policy itself, point by point, so that it shows what would be paid and nothing else. Between two
places where something changes it is a straight line nearly always; where it is not (a rate that grows, a target paid in
proportion), points on it are given and no rate.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

import attrs

from prmcore.errors import InvalidInput
from prmcore.incentives.ledger.model import Bookkeeping, Ledger
from prmcore.incentives.ledger.posting import Circumstances, Posting, post
from prmcore.incentives.plans.curve import Curve
from prmcore.incentives.plans.facts import Base, Earning, Share, Transaction
from prmcore.incentives.plans.lines import Entitlement, LineKind
from prmcore.incentives.plans.model import By, Component, Plan
from prmcore.incentives.plans.policy import ComponentPolicy
from prmcore.values import Dated, Money, currency_digits, total

__all__ = ["Cost", "CostRow", "Point", "compared", "cost", "payout_curve"]

MOST_STEPS = 500  # of packages in one curve
SAMPLES = 16  # points of a part that is not straight
SALE_DAY = datetime.date(2000, 1, 1)  # any day will do: nothing in a calculation depends on it

Amount = Callable[[Fraction], Fraction]


@attrs.frozen
class Point:
    """A point of a payout curve."""

    quantity: Fraction  # sold: minor units of the currency that sales are counted in, or units
    amount: Fraction  # paid for it: minor units, before rounding
    rate: Fraction | None  # paid for one more, up to the next point; None = no straight line
    band: int  # of the curve, which the next sale is in
    reached: bool = True  # False: where the curve jumps, the amount that is only come close to


@attrs.frozen
class _Stretch:
    """What lies between two places where something changes, neither of them included."""

    start: Fraction
    end: Fraction
    first: Fraction  # the amounts that are come close to at either end
    last: Fraction
    rate: Fraction | None


def payout_curve(
    component: Component,
    upto: Fraction | Money | int | None = None,
    *,
    part: Fraction | int = 1,
    quota: Fraction | Money | int | None = None,
    baseline: Fraction | Money | int | None = None,
    pay: Fraction | int = 1,
    settled: bool = True,
) -> tuple[Point, ...]:
    """What one sale of ever larger quantity, alone in its period and window, is paid; in order, both sides of each jump.

    `part` is the part of the period that the payee is there for; `quota` and `baseline` are needed where the component
    needs them. `pay` is how much is paid for with each one of what chooses the band, where the two are not the same.
    `settled` tops up to a guarantee. Without `upto` it goes half as far again as the last place where something changes,
    and no further than 500 packages.
    """
    exact = attrs.evolve(component, round_each=False)
    payout = Payout(exact, Fraction(part), _plain(quota), _plain(baseline), Fraction(pay), settled)
    return payout.points(_plain(upto))


def _plain(quantity: Fraction | Money | int | None) -> Fraction | None:
    if quantity is None:
        return None
    return Fraction(quantity.minor if isinstance(quantity, Money) else quantity)


@attrs.frozen
class Payout:
    """One sale of any quantity, as the policy pays it."""

    component: Component
    part: Fraction
    quota: Fraction | None
    baseline: Fraction | None
    pay: Fraction
    settled: bool

    def earning(self, quantity: Fraction) -> Earning:
        pay = quantity * self.pay
        if self.component.is_points and self.component.base is not Base.UNITS:
            pay /= 10 ** currency_digits(self.component.counted_in)
        bucket = "" if self.component.bucketless else "sale"
        sale = Share(transaction="sale", day=SALE_DAY, quantity=quantity, pay=pay, bucket=bucket)
        return Earning(
            payee="payee",
            period="period",
            shares=(sale,) if quantity or pay else (),
            quota=self.quota,
            baseline=self.baseline,
            part=self.part,
            closing=self.settled,
        )

    def entitlement(self, quantity: Fraction) -> Entitlement:
        found = ComponentPolicy(self.component, self.component.name).entitlement(self.earning(quantity))
        if found.amount is None:
            missing = ", ".join(found.unknown)
            raise InvalidInput(
                f"the payout of {self.component.name} depends on {missing}; give it, above zero"
            )
        return found

    def amount(self, quantity: Fraction) -> Fraction:
        lines = self.entitlement(quantity).lines
        return sum((line.amount for line in lines if line.what is not LineKind.ROUNDING), Fraction(0))

    def points(self, upto: Fraction | None) -> tuple[Point, ...]:
        if upto is not None and upto <= 0:
            raise InvalidInput(f"found {upto}; accepted: a quantity above zero")
        breaks = self.breaks(upto)
        end = upto if upto is not None else self.far_enough(breaks)
        places = [*sorted(one for one in breaks if one < end), end]
        stretches = [stretch(self.amount, start, after) for start, after in pairwise(places)]
        return tuple(self._drawn(stretches))

    def far_enough(self, breaks: set[Fraction]) -> Fraction:
        furthest = max(breaks)
        if not furthest:
            return Fraction(
                100 if self.counts_units else 100 * 10 ** currency_digits(self.component.counted_in)
            )
        package = self.component.package
        return furthest * 3 / 2 if package is None else min(furthest, MOST_STEPS * package.size / self.pay)

    def _drawn(self, stretches: list[_Stretch]) -> Iterator[Point]:
        before: _Stretch | None = None
        for one in stretches:
            yield from self._at(one.start, before, one)
            if one.rate is None:
                band = self.band((one.start + one.end) / 2)
                for place in range(1, SAMPLES):
                    quantity = one.start + (one.end - one.start) * place / SAMPLES
                    yield Point(quantity, self.amount(quantity), None, band)
            before = one
        last = stretches[-1]
        own, band = self.amount(last.end), self.band(last.end)
        if own != last.last:
            yield Point(last.end, last.last, Fraction(0), band, reached=False)
        yield Point(last.end, own, last.rate, band)

    def _at(self, quantity: Fraction, before: _Stretch | None, after: _Stretch) -> Iterator[Point]:
        """The amount at a place, and those on either side that are others."""
        own = self.amount(quantity)
        band = self.band((after.start + after.end) / 2)
        if before is not None and before.last != own:
            yield Point(quantity, before.last, Fraction(0), self.band(before.end), reached=False)
        yield Point(quantity, own, after.rate if own == after.first else Fraction(0), band)
        if after.first != own:
            yield Point(quantity, after.first, after.rate, band, reached=False)

    def band(self, quantity: Fraction) -> int:
        return self.curve.band_of(self.entitlement(quantity).quantity)

    @property
    def curve(self) -> Curve:
        scaled = "bands" in self.component.prorate and self.component.by not in (By.ATTAINMENT, By.GROWTH)
        return self.component.curve.scaled(self.part) if scaled else self.component.curve

    @property
    def counts_units(self) -> bool:
        return self.component.quantity_base is Base.UNITS

    def breaks(self, upto: Fraction | None) -> set[Fraction]:
        """Where something changes, from zero on: bands, packages, targets, and where limits begin or end to bind."""
        places = {Fraction(0), *self.declared(upto)}
        places = {place for place in places if place >= 0}
        one = self.component
        bare = attrs.evolve(one, minimum=None, maximum=None, cap=None, guarantee=None, carry_over=False,
                            accelerator=None, target=None)  # fmt: skip
        limits = [limit.minor for limit in (one.minimum, one.maximum) if limit is not None]
        places |= _crossings(attrs.evolve(self, component=bare).amount, limits, places)
        whole = attrs.evolve(one, cap=None, guarantee=None, carry_over=False)
        bounds = [self._of_period(name) for name in ("cap", "guarantee")]
        return places | _crossings(
            attrs.evolve(self, component=whole).amount, [one for one in bounds if one is not None], places
        )

    def _of_period(self, name: str) -> Fraction | None:
        bound: Money | None = getattr(self.component, name)
        if bound is None:
            return None
        return bound.minor * (self.part if name in self.component.prorate else Fraction(1))

    def declared(self, upto: Fraction | None) -> Iterator[Fraction]:
        """The places that the component names."""
        one = self.component
        size = one.package.size if one.package is not None and one.chosen_in is Fraction else Fraction(1)
        ends = [self.sold(end * size) for end in self.curve.ends]
        yield from ends
        if one.needs_baseline and self.baseline is not None:
            yield self.baseline
        quota = (self.quota or Fraction(0)) * (self.part if "quota" in one.prorate else Fraction(1))
        if one.accelerator is not None:
            yield from (end * quota for end in one.accelerator.ends)
        if one.target is not None:
            yield one.target.attainment.fraction * quota
        if one.package is not None:
            size = one.package.size / self.pay
            usual = min(max([*ends, 10 * size]) * 3 / 2, MOST_STEPS * size)
            yield from self._packages(size, usual if upto is None else upto)

    def _packages(self, size: Fraction, furthest: Fraction) -> Iterator[Fraction]:
        if furthest / size > MOST_STEPS:
            raise InvalidInput(
                f"there are more than {MOST_STEPS} packages up to there; accepted: upto = less"
            )
        start = self.baseline or Fraction(0) if self.component.growth else Fraction(0)
        for count in range(int(furthest / size) + 1):
            yield start + size * count

    def sold(self, chosen: Fraction) -> Fraction:
        """What has to be sold for this much of what chooses the band."""
        one, baseline = self.component, self.baseline or Fraction(0)
        if one.by is By.GROWTH:
            return baseline * (1 + chosen)
        if one.growth:
            return baseline + chosen
        if one.by is By.ATTAINMENT:
            return chosen * (self.quota or 0) * (self.part if "quota" in one.prorate else 1)
        return chosen


def stretch(amount: Amount, start: Fraction, end: Fraction) -> _Stretch:
    """What lies between: straight when five points in it are on one line, as no curve that a plan can have does."""
    width = end - start
    inner = [start + width * place / 6 for place in range(1, 6)]
    amounts = [amount(one) for one in inner]
    rates = {(after - before) / (width / 6) for before, after in pairwise(amounts)}
    if len(rates) == 1:
        rate = rates.pop()
        return _Stretch(start, end, amounts[0] - rate * width / 6, amounts[-1] + rate * width / 6, rate)
    return _Stretch(start, end, _near(amount, start, width / 10**9), _near(amount, end, -width / 10**9), None)


def _near(amount: Amount, place: Fraction, step: Fraction) -> Fraction:
    """What a part that is not straight comes close to at its end: the amount there, unless it jumps."""
    own, near, nearer = amount(place), amount(place + step), amount(place + step / 2)
    return nearer if 4 * abs(nearer - own) > 3 * abs(near - own) else own


def _crossings(amount: Amount, levels: Iterable[Fraction | int], places: set[Fraction]) -> set[Fraction]:
    """Where the amount passes one of the levels on a straight stretch, beyond the last place among them."""
    found = set()
    ordered = sorted(places)
    wanted = list(levels)
    for start, end in [*pairwise(ordered), (ordered[-1], None)] if wanted else []:
        one = stretch(amount, start, start + 1 if end is None else end)
        for level in wanted if one.rate else []:
            assert one.rate is not None
            place = start + (level - one.first) / one.rate
            if place > start and (end is None or place < end):
                found.add(place)
    return found


@attrs.frozen(kw_only=True)
class CostRow:
    """What a payee would have been paid in one unit, by either plan."""

    payee: str
    before: Money
    after: Money

    @property
    def unit(self) -> str:
        return self.before.currency

    @property
    def difference(self) -> Money:
        return self.after - self.before


@attrs.frozen
class Cost:
    """What one plan costs against another, and what either could not calculate: those sales are not in the rows."""

    rows: tuple[CostRow, ...]  # by payee and unit
    before: Posting
    after: Posting

    @property
    def totals(self) -> tuple[CostRow, ...]:
        """All payees together, for each unit; units are never added to one another."""
        units = sorted({row.unit for row in self.rows})
        return tuple(
            CostRow(
                payee="",
                before=total((row.before for row in self.rows if row.unit == unit), unit),
                after=total((row.after for row in self.rows if row.unit == unit), unit),
            )
            for unit in units
        )


def cost(
    before: Dated[Plan],
    after: Dated[Plan],
    transactions: Iterable[Transaction],
    *,
    known: datetime.date,
    books: Bookkeeping = Bookkeeping(),
    circumstances: Circumstances | None = None,
    settled_through: datetime.date | None = None,
) -> Cost:
    """What `after` would have paid against `before` for the same transactions, for each payee and unit.

    Both are calculated from nothing, as they would be today: what was posted in truth is in the ledger, not here.
    """
    given = list(transactions)

    def posted(plans: Dated[Plan]) -> Posting:
        return post(
            plans,
            given,
            Ledger(),
            known=known,
            books=books,
            circumstances=circumstances,
            settled_through=settled_through,
        )

    postings = posted(before), posted(after)
    return Cost(compared(*(Ledger(one.entries) for one in postings)), *postings)


def compared(before: Ledger, after: Ledger) -> tuple[CostRow, ...]:
    """What one ledger pays each payee, in each unit, against another."""
    pairs = sorted(
        {(payee, unit) for one in (before, after) for payee in one.payees() for unit in one.units(payee)}
    )
    return tuple(
        CostRow(payee=payee, before=before.balance(payee, unit), after=after.balance(payee, unit))
        for payee, unit in pairs
    )
