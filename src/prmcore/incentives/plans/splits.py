"""Splits: who gets which part of a sale's credit, or of what it pays, to the last minor unit."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

import attrs

from prmcore.errors import Faults, InvalidInput, unknown_name
from prmcore.incentives.plans.curve import Rounding
from prmcore.values import Method, Rate, checked_id
from prmcore.values.money import METHODS, shared_out
from prmcore.values.rates import exact_number

__all__ = ["At", "Parts", "Split", "SplitKind"]


class SplitKind(StrEnum):
    """Whether the parts make the whole."""

    REVENUE = "revenue"  # exactly 100 %: what there is, is divided
    OVERLAY = "overlay"  # any total: those who helped are paid beside it


class At(StrEnum):
    """What is split. The two differ as soon as a plan has bands."""

    CREDIT = "credit"  # the sale, before the bands: each payee's own bands see its part
    PAYOUT = "payout"  # what was calculated once, for all of it


@attrs.frozen
class Parts:
    """What was split: the shares and the rest add up to the total."""

    shares: Mapping[str, int]  # minor units by payee
    rest: int = 0  # that nobody gets: of the method `separate` without a house

    @property
    def total(self) -> int:
        """The amount itself for a revenue split, the rounded sum of the parts for an overlay."""
        return sum(self.shares.values()) + self.rest


def _as_rates(shares: Mapping[str, Rate | Fraction | int]) -> dict[str, Rate]:
    return {
        payee: share if isinstance(share, Rate) else Rate.of(exact_number(share))
        for payee, share in shares.items()
    }


@attrs.frozen(kw_only=True)
class Split:
    """Who shares, in which parts.

    What rounding down leaves over is given by the method, as in `Money.allocation`; with `separate` it belongs to the
    house, or stays a rest. An overlay is rounded once, as a whole, and its parts then add up to that.

    >>> split = Split(shares={"acme": Rate.percent("33.33"), "bolt": Rate.percent("33.33"), "cato": Rate.percent("33.34")})
    >>> split.paid_out(10_000).shares
    {'acme': 3333, 'bolt': 3333, 'cato': 3334}
    """

    shares: Mapping[str, Rate] = attrs.field(converter=_as_rates, hash=False)  # exact, by payee
    kind: SplitKind = SplitKind.REVENUE
    at: At = At.PAYOUT
    method: Method = "largest_remainder"
    house: str | None = None  # who gets what `separate` leaves over; None = nobody, it stays a rest

    def __attrs_post_init__(self) -> None:
        faults = Faults("the split cannot be used")
        self._check_shares(faults)
        if self.method not in METHODS:
            faults.add(unknown_name("method of allocation", str(self.method), METHODS), "method")
        if self.house is not None:
            with faults.within("house"):
                checked_id(self.house)
            if self.method != "separate":
                faults.add(f"goes with separate; {self.method} leaves nothing over", "house")
        faults.raise_if_any()

    def _check_shares(self, faults: Faults) -> None:
        for payee, share in self.shares.items():
            with faults.within("shares"):
                checked_id(payee)
            if share < Rate(0):
                faults.add(f"found {share}; accepted: zero or more", f"shares.{payee!s:.60}")
        whole = self.whole
        if whole <= 0:
            faults.add("accepted: one share above zero at least", "shares")
        elif self.kind is SplitKind.REVENUE and whole != 1:
            missing = f"{Rate.of(1 - whole)} is missing" if whole < 1 else f"{Rate.of(whole - 1)} is too much"
            faults.add(
                f"the shares make {Rate.of(whole)}; a revenue split makes 100 % exactly: {missing}", "shares"
            )

    @property
    def whole(self) -> Fraction:
        """What the shares make together: one for a revenue split."""
        return sum((share.fraction for share in self.shares.values()), Fraction(0))

    def credited(self, amount: int, rounding: Rounding = Rounding.HALF_EVEN) -> Parts:
        """The credit of a sale, in minor units, by payee; refused where the payout is split."""
        return self._split(amount, rounding, At.CREDIT)

    def paid_out(self, amount: int, rounding: Rounding = Rounding.HALF_EVEN) -> Parts:
        """What was calculated, in minor units, by payee; refused where the credit was split."""
        return self._split(amount, rounding, At.PAYOUT)

    def exact(self, quantity: Fraction | int) -> dict[str, Fraction]:
        """The parts of a quantity before any rounding: what each payee's own bands see of a sale."""
        return {payee: quantity * share.fraction for payee, share in self.shares.items()}

    def _split(self, amount: int, rounding: Rounding, at: At) -> Parts:
        """Of a negative amount the mirror of what the positive one gives."""
        if self.at is not at:
            raise InvalidInput(f"the split is of the {self.at.value}; the {at.value} is not split once more")
        if type(amount) is not int:
            raise InvalidInput(f"found {amount!r:.60}; accepted: an int of minor units")
        sign = -1 if amount < 0 else 1
        exact = self.exact(abs(amount))
        given, left = shared_out(exact, rounding.whole(abs(amount) * self.whole), self.method)
        if self.house is not None:
            given[self.house] = given.get(self.house, 0) + left
            left = 0
        return Parts({payee: sign * share for payee, share in given.items()}, sign * left)
