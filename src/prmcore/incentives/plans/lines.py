"""What a calculation comes to: lines that add up to its amount, so that the explanation is the calculation."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

import attrs

from prmcore.values import Money

__all__ = ["Entitlement", "Line", "LineKind"]


class LineKind(StrEnum):
    """What a line of a calculation stands for."""

    BAND = "band"  # a part of the quantity, at a band's rate
    FLAT = "flat"  # of a band that was reached
    FIXED = "fixed"  # for each sale
    MINIMUM = "minimum"  # what a sale was topped up to it
    MAXIMUM = "maximum"  # what a sale was cut to it
    ACCELERATOR = "accelerator"
    TARGET = "target"  # what a missed target costs
    CLAWBACK = "clawback"
    LIMIT = "limit"  # what a refund would have taken back of sales that nobody returned
    CAP = "cap"
    GUARANTEE = "guarantee"
    ROUNDING = "rounding"
    POSTED = "posted"  # what earlier entries hold of it already
    SPLIT = "split"  # what of it others are paid
    PAYMENT = "payment"
    DECISION = "decision"  # of a person: an adjustment, a settled dispute, a write-off


@attrs.frozen(kw_only=True)
class Line:
    """One part of an amount; the parts are the calculation."""

    what: LineKind
    amount: Fraction  # minor units
    band: int | None = None  # its place
    quantity: Fraction | None = None  # what is paid for
    rate: Fraction | None = None  # minor units for each one of it
    transaction: str | None = None


@attrs.frozen(kw_only=True)
class Entitlement:
    """What a payee is entitled to for a period, so far."""

    amount: Money | None  # None = it depends on what is not known, and nothing is moved until it is
    lines: tuple[Line, ...] = ()  # add up to the amount
    quantity: Fraction = Fraction(0)  # what chose the band
    pay: Fraction = Fraction(0)  # what was paid for
    carries: Fraction = Fraction(0)  # earned beyond a guarantee, for the next one
    unknown: tuple[str, ...] = ()  # what is missing
