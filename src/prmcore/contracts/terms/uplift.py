"""Uplift: the price of the next term, by a rate or an index, in the order that is declared here.

First the ratio of the index, rounded as the contract says; then the part of it that is passed on, and what is added; then the
cap or the floor; last the price is rounded. Each step is kept, so that the explanation is the calculation.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import attrs

from prmcore.errors import Faults, InvalidInput
from prmcore.values import Money, PercentagePoints, Rate
from prmcore.values.money import mirroring, rounded

__all__ = ["Compounding", "IndexValue", "Limit", "UpliftClause", "Uplifted", "uplifted"]

WHOLE = Rate(1)


class Compounding(StrEnum):
    """What a change is a change of."""

    PREVIOUS = "previous"  # the price of the term before, as it was before it was rounded
    BASE = "base"  # the price in the contract: the change is the one since then, and so are cap and floor


class Limit(StrEnum):
    """Which limit a price met."""

    CAP = "cap"
    FLOOR = "floor"


@attrs.frozen
class IndexValue:
    """What an index stood at, as it was published."""

    period: str  # such as 2026-01
    value: Decimal

    def __attrs_post_init__(self) -> None:
        faults = Faults("the value of an index cannot be used")
        if not isinstance(self.period, str) or not self.period:
            faults.add(f"found {self.period!r:.40}; accepted: the period that it is of", "period")
        exponent = self.value.as_tuple().exponent if isinstance(self.value, Decimal) else "no number"
        if not isinstance(exponent, int) or not -12 <= exponent <= 0 or self.value <= 0:
            faults.add(
                f"found {self.value!r:.40}; accepted: a Decimal above 0, with the digits of the publication",
                "value",
            )
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class UpliftClause:
    """By how much a price rises when a term is followed by another: by a rate, or by an index.

    "By the change of the index, rounded to a tenth of a percent, plus 1 point, at most 5 %": `index`, `ratio_digits` 3,
    `plus` 1 point, `cap` 5 %.
    """

    rate: Rate | None = None  # each time
    index: str | None = None  # which one, as the contract names it
    base: IndexValue | None = None  # of an index: what it stood at when the price was agreed
    ratio_digits: int | None = (
        None  # decimal digits to which the ratio of two values is rounded; None = exact
    )
    ratio_rounding: str = decimal.ROUND_HALF_UP
    passed_on: Rate = WHOLE  # of the change of the index
    plus: PercentagePoints = attrs.field(factory=lambda: PercentagePoints.of(0))
    cap: Rate | None = None  # no higher change; None = any
    floor: Rate | None = None  # no lower one; 0 % = the price never falls
    step: Money | None = None  # prices are whole steps, of 5 euro say; None = of minor units
    rounding: str = decimal.ROUND_HALF_UP
    compounding: Compounding = Compounding.PREVIOUS

    def __attrs_post_init__(self) -> None:
        faults = Faults("the uplift clause cannot be used")
        if (self.rate is None) is (self.index is None):
            faults.add("found both, or neither; accepted: a rate or an index", "rate")
        if (self.index is None) is not (self.base is None):
            faults.add("an index goes with the value that it stood at", "base")
        if self.ratio_digits is not None and not (
            type(self.ratio_digits) is int and 1 <= self.ratio_digits <= 12
        ):
            faults.add(f"found {self.ratio_digits!r:.40}; accepted: 1 to 12, or none", "ratio_digits")
        for name in ("ratio_rounding", "rounding"):
            with faults.within(name):
                mirroring(getattr(self, name))
        if not Rate(0) < self.passed_on <= WHOLE:
            faults.add(f"found {self.passed_on}; accepted: above 0 %, up to 100 %", "passed_on")
        if self.cap is not None and self.floor is not None and self.cap < self.floor:
            faults.add(f"found {self.cap}, below the floor of {self.floor}", "cap")
        if self.step is not None and self.step.minor <= 0:
            faults.add(f"found {self.step}; accepted: above zero", "step")
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class Uplifted:
    """A price for the next term, and each step that led to it."""

    clause: UpliftClause
    number: int  # 1 = the first uplift
    start: Money  # the price in the contract
    before: Fraction  # what was changed, in minor units: the price in the contract, or the one of the term before, unrounded
    reference: IndexValue | None  # of an index: what is compared
    observed: IndexValue | None
    ratio: Fraction | None  # of the two, rounded as the contract says
    asked: Rate  # the change by the clause
    change: Rate  # the one within cap and floor
    limit: Limit | None  # which of them held it; None = neither
    unrounded: Fraction  # in minor units: what the next uplift goes on from
    price: Money


def uplifted(
    clause: UpliftClause,
    start: Money,
    *,
    observed: IndexValue | None = None,
    after: Uplifted | None = None,
) -> Uplifted:
    """The price of the next term. `start` is the price in the contract, `after` the last uplift, None before the first.

    >>> clause = UpliftClause(rate=Rate.percent("3"))
    >>> first = uplifted(clause, Money.of("99.99", "EUR"))
    >>> str(first.price), str(uplifted(clause, Money.of("99.99", "EUR"), after=first).price)  # 102.9897, 106.079391
    ('102.99 EUR', '106.08 EUR')
    """
    _check(clause, start, observed, after)
    from_base = clause.compounding is Compounding.BASE or after is None
    number = 1 if after is None else after.number + 1
    before = Fraction(start.minor) if from_base or after is None else after.unrounded
    reference = clause.base if from_base or after is None else after.observed
    ratio = _ratio(clause, reference, observed)
    if ratio is None:
        assert clause.rate is not None
        times = number if clause.compounding is Compounding.BASE else 1
        asked = Rate.of(clause.rate.fraction * times) + clause.plus
    else:
        asked = Rate.of((ratio - 1) * clause.passed_on.fraction) + clause.plus
    change, limit = _limited(clause, asked)
    unrounded = before * (1 + change.fraction)
    return Uplifted(
        clause=clause, number=number, start=start, before=before, reference=reference, observed=observed, ratio=ratio,
        asked=asked, change=change, limit=limit, unrounded=unrounded, price=_rounded(clause, start.currency, unrounded),
    )  # fmt: skip


def _check(clause: UpliftClause, start: Money, observed: IndexValue | None, after: Uplifted | None) -> None:
    faults = Faults("the price cannot be uplifted")
    if (clause.index is None) is not (observed is None):
        accepted = "none for a rate" if clause.index is None else f"the value of {clause.index}"
        faults.add(f"found {observed}; accepted: {accepted}", "observed")
    if clause.step is not None and clause.step.currency != start.currency:
        faults.add(f"found {start}, and steps of {clause.step}; accepted: one currency", "start")
    if after is not None and (after.clause != clause or after.start != start):
        faults.add("found one of another clause or price; accepted: the last one of this contract", "after")
    faults.raise_if_any()


def _ratio(
    clause: UpliftClause, reference: IndexValue | None, observed: IndexValue | None
) -> Fraction | None:
    if reference is None or observed is None:
        return None
    exact = Fraction(observed.value) / Fraction(reference.value)
    if clause.ratio_digits is None:
        return exact
    scale = 10**clause.ratio_digits
    return Fraction(rounded(exact * scale, clause.ratio_rounding), scale)


def _limited(clause: UpliftClause, asked: Rate) -> tuple[Rate, Limit | None]:
    if clause.cap is not None and asked > clause.cap:
        return clause.cap, Limit.CAP
    if clause.floor is not None and asked < clause.floor:
        return clause.floor, Limit.FLOOR
    return asked, None


def _rounded(clause: UpliftClause, currency: str, unrounded: Fraction) -> Money:
    size = 1 if clause.step is None else clause.step.minor
    if unrounded < 0:
        raise InvalidInput("the change takes more than the whole price; accepted: a floor, such as 0 %")
    return Money(currency, size * rounded(unrounded / size, clause.rounding))
