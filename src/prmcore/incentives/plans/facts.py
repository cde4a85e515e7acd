"""What incentives are calculated from: transactions, and what else is known about a payee and a period."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

import attrs

from prmcore.decisions import FactSheet
from prmcore.errors import Faults
from prmcore.values import AppliedRate, Money, checked_date
from prmcore.values.rates import exact_number

__all__ = ["Base", "Day", "Earning", "Share", "Transaction"]


class Base(StrEnum):
    """What of a transaction is measured."""

    GROSS = "gross"  # at list prices
    NET = "net"  # after discounts
    MARGIN = "margin"  # net less cost; a loss counts as one
    UNITS = "units"


class Day(StrEnum):
    """Which of a transaction's days settles its period, its plan version and its rate of exchange."""

    SIGNED = "signed"
    INVOICED = "invoiced"
    CLOSED = "closed"
    PAID = "paid"


def _exact(parts: Mapping[str, Fraction | int]) -> dict[str, Fraction]:
    return {payee: exact_number(part) for payee, part in parts.items()}


@attrs.frozen(kw_only=True)
class Transaction:
    """A sale, or what takes back a part of one. It is never edited: a correction has the same id and is known later."""

    id: str
    parties: Mapping[str, str]  # who plays which part: {"partner": "acme", "distributor": "d1"}
    days: Mapping[Day, datetime.date]  # a day that is missing has not come yet
    gross: Money | None = None  # None = not known; negative in what takes back
    net: Money | None = None
    cost: Money | None = None
    units: Fraction | None = attrs.field(default=None, converter=attrs.converters.optional(exact_number))
    returns: str | None = (
        None  # the sale that this takes back a part of: a refund, a credit note, a chargeback
    )
    facts: FactSheet | None = None  # what eligibility may ask for
    # who shares the partner's credit; none = it has it whole
    credits: Mapping[str, Fraction] = attrs.field(factory=dict, converter=_exact)
    # who is credited on top, such as a specialist
    overlay: Mapping[str, Fraction] = attrs.field(factory=dict, converter=_exact)
    recorded: datetime.date | None = None  # known since; None = since ever

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the transaction {self.id[:60]!r} cannot be used")
        for which, day in self.days.items():
            with faults.within(f"days.{which}"):
                checked_date(day)
        currencies = {one.currency for one in (self.gross, self.net, self.cost) if one is not None}
        if len(currencies) > 1:
            faults.add(f"found {', '.join(sorted(currencies))}; accepted: amounts of one currency")
        if self.credits and sum(self.credits.values()) != 1:
            faults.add(f"the shares add up to {sum(self.credits.values())}; accepted: exactly 1", "credits")
        for name, parts in (("credits", self.credits), ("overlay", self.overlay)):
            for payee, part in parts.items():
                if part < 0:
                    faults.add(f"found {part}; accepted: zero or more", f"{name}.{payee!s:.60}")
        wrong = self._wrong_sign()
        if wrong is not None:
            faults.add(*wrong)
        faults.raise_if_any()

    def _wrong_sign(self) -> tuple[str, str] | None:
        """A sale is not below zero, what takes back is not above: a sign the wrong way round would pay for a refund."""
        for name in ("gross", "net", "units"):
            amount = getattr(self, name)
            size = amount.minor if isinstance(amount, Money) else amount
            if size is not None and self.returns is None and size < 0:
                return (
                    f"found {amount}; accepted: zero or more, or `returns` with the sale that it takes back",
                    name,
                )
            if size is not None and self.returns is not None and size > 0:
                return f"found {amount} in what takes back {self.returns!r}; accepted: zero or less", name
        return None

    @property
    def currency(self) -> str | None:
        """Of its amounts; None when it has none."""
        for amount in (self.net, self.gross, self.cost):
            if amount is not None:
                return amount.currency
        return None

    def measured(self, base: Base) -> Money | Fraction | None:
        """How much of this it is; None when that is not known."""
        if base is Base.MARGIN:
            return None if self.net is None or self.cost is None else self.net - self.cost
        measured: Money | Fraction | None = getattr(self, base.value)
        return measured


@attrs.frozen(kw_only=True)
class Share:
    """What a payee is credited of a transaction: its part of what is measured, in units or minor units of the plan."""

    transaction: str
    day: datetime.date  # that counts
    quantity: Fraction  # what chooses the band
    pay: Fraction  # what is paid for
    returns: str | None = None
    bucket: str = ""  # what accumulates together, where not everything does
    credit: Fraction = Fraction(1)  # the payee's part of the transaction
    source: Money | None = None  # what was converted, where the plan counts in another currency
    exchange: AppliedRate | None = None  # at which rate, of which day


@attrs.frozen(kw_only=True)
class Earning:
    """All that a payee's entitlement for one period rests on."""

    payee: str
    period: str  # its name, or "lifetime"
    shares: tuple[Share, ...] = ()  # in order of day and id
    window: Fraction | None = Fraction(
        0
    )  # of a rolling one: sold in the window before the period; None = not known
    quota: Fraction | None = None  # in the unit of what is measured; None = there is none, or it is not known
    baseline: Fraction | None = None  # of growth: the same period of the year before
    part: Fraction = Fraction(1)  # of the period in which payee and plan were there
    carried: Fraction = Fraction(0)  # of a guarantee with carry-over: what earlier periods earned beyond it
    closing: bool = False  # floors are settled when the period is closed, not before
