"""Benefits that take something off a price, a line before and after them, and why one takes nothing off."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import attrs

from prmcore.decisions import Criterion, FactSheet
from prmcore.errors import Faults, InvalidInput
from prmcore.values import Money, PercentagePoints, Rate, Text
from prmcore.values.rates import exact_number

__all__ = [
    "Combine", "Cut", "DealLine", "LeftOut", "Of", "PriceBenefit", "PriceLine", "Priced", "Rounds", "WhyLeftOut",
]  # fmt: skip


class Combine(StrEnum):
    """How benefits come together."""

    ADDITIVE = "additive"  # each is taken of the list price
    SEQUENTIAL = "sequential"  # each is taken of what those before it left
    BEST_OF = "best_of"  # only the one that takes off the most


class Of(StrEnum):
    """What the rate of a benefit is taken of."""

    LIST = "list"  # the list price
    LEFT = "left"  # what the benefits before it left of it


class Cut(StrEnum):
    """Why a benefit takes off less than was calculated."""

    LEFT = "left"  # nothing more was left of the price
    CEILING = "ceiling"


class Rounds(StrEnum):
    """What is rounded to whole minor units."""

    TOTAL = "total"  # the reductions together, once; each is what it adds to that
    LINE = (
        "line"  # each reduction, as on a document that prints it, and the next is taken of what that leaves
    )
    UNIT = "unit"  # each reduction of one unit, as on a document that prints the price of one; times their number


class WhyLeftOut(StrEnum):
    """Why a benefit takes nothing off."""

    NOT_MET = "not-met"
    UNKNOWN_FACT = "unknown-fact"  # whether it applies depends on what is not known
    NOT_FIRST = "not-first"  # another one that it excludes comes first
    WAITS = "waits"  # another one would come first, and whether it applies is not known
    NOTHING_TO_RAISE = "nothing-to-raise"  # the discount that its points are added to does not apply
    NOT_BEST = "not-best"


@attrs.frozen(kw_only=True)
class PriceBenefit:
    """What takes something off a price: a rate, percentage points on another one's rate, or an amount."""

    name: str
    rate: Rate | None = None
    points: PercentagePoints | None = None  # added to the rate of `raises`
    raises: str | None = None  # a benefit of a rate that is declared before, or a name of exclusive ones
    amount: Money | None = None  # once for the line
    each: Money | None = None  # for each unit
    when: Criterion | None = None  # None = always
    exclusive: str | None = None  # of benefits with one such name, the first that applies is given
    priority: int | None = None  # the order among them; the lowest number is the first
    of: Of | None = None  # what its rate is taken of; None = as the stacking combines
    lowers: bool = True  # whether those after it that are taken of what is left get less
    text: Text | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the benefit {self.name[:60]!r} cannot be used")
        given = [name for name in ("rate", "points", "amount", "each") if getattr(self, name) is not None]
        if len(given) != 1:
            faults.add(f"found {', '.join(given) or 'nothing'}; accepted: one of rate, points, amount, each")
        if (self.points is None) != (self.raises is None):
            faults.add("points and raises go together", "raises")
        if (self.exclusive is None) != (self.priority is None):
            faults.add("priority and exclusive go together", "priority")
        if self.of is not None and self.rate is None:
            faults.add("goes with a rate; nothing else is taken of a price", "of")
        for name in ("rate", "points"):
            share = _share(getattr(self, name))
            if share is not None and not 0 < share <= 1:
                faults.add(f"found {getattr(self, name)}; accepted: above zero, and up to 100", name)
        for name in ("amount", "each"):
            money: Money | None = getattr(self, name)
            if money is not None and money.minor <= 0:
                faults.add(f"found {money}; accepted: an amount above zero", name)
        faults.raise_if_any()

    @property
    def share(self) -> Fraction | None:
        """The part of a price that it takes off; None when it is an amount."""
        return _share(self.rate if self.points is None else self.points)

    def adds_to(self, other: PriceBenefit) -> bool:
        return self.raises is not None and self.raises in (other.name, other.exclusive)


def _share(rate: Rate | PercentagePoints | None) -> Fraction | None:
    if isinstance(rate, PercentagePoints):
        return rate.points / 100
    return None if rate is None else rate.fraction


@attrs.frozen(kw_only=True)
class DealLine:
    """A line of a deal before any benefit: what all its units cost by the list. What is taken back is negative."""

    list_price: Money
    quantity: Fraction = attrs.field(default=Fraction(1), converter=exact_number)
    facts: FactSheet | None = None  # what benefits may ask for; None = nothing is known

    def __attrs_post_init__(self) -> None:
        if self.list_price.minor * self.quantity < 0 or (self.quantity == 0 and self.list_price):
            raise InvalidInput(
                f"found {self.list_price} for {self.quantity} units; accepted: both above zero for what is sold, both "
                "below zero for what is taken back"
            )


@attrs.frozen(kw_only=True)
class PriceLine:
    """What one benefit takes off."""

    benefit: str
    calculated: Fraction  # in minor units, before any cut or rounding
    amount: Money  # what it comes to
    of: Fraction | None = None  # minor units that its rate was taken of; None = it is an amount
    cut: Cut | None = None


@attrs.frozen
class LeftOut:
    """A benefit that takes nothing off, which is something else than a rate of zero."""

    benefit: str
    why: WhyLeftOut
    what: str = ""  # the facts that are not known, or the benefit that it comes after or would be added to


@attrs.frozen(kw_only=True)
class Priced:
    """A price and how it comes about: what its lines take off is the whole difference."""

    list_price: Money
    net_price: Money
    quantity: Fraction
    lines: tuple[PriceLine, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def __attrs_post_init__(self) -> None:
        if sum(line.amount.minor for line in self.lines) != (self.list_price - self.net_price).minor:
            raise InvalidInput(f"the lines do not lead from {self.list_price} to {self.net_price}")

    @property
    def discount(self) -> Money:
        return self.list_price - self.net_price

    @property
    def discount_rate(self) -> Rate | None:
        """Of the list price; None when that is zero."""
        return Rate(self.discount.minor, self.list_price.minor) if self.list_price else None
