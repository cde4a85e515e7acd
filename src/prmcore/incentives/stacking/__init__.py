"""Stacking: what price-side benefits take off the price of one deal line, in the order in which they are declared.

The order is part of the agreement: the same benefits in another order can make another price; `order` says whether it does, with
a price that shows it.
"""

from prmcore.incentives.stacking.applying import Choice, choose_first
from prmcore.incentives.stacking.model import (
    Combine,
    Cut,
    DealLine,
    LeftOut,
    Of,
    PriceBenefit,
    Priced,
    PriceLine,
    Rounds,
    WhyLeftOut,
)
from prmcore.incentives.stacking.order import OrderFound, OrderWitness, lint_stacking, order_matters
from prmcore.incentives.stacking.policy import Stacking, priced

__all__ = [
    "Choice", "Combine", "Cut", "DealLine", "LeftOut", "Of", "OrderFound", "OrderWitness", "PriceBenefit", "PriceLine", "Priced",
    "Rounds", "Stacking", "WhyLeftOut", "choose_first", "lint_stacking", "order_matters", "priced",
]  # fmt: skip
