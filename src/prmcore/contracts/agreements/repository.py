"""What agreements keep, as aggregates for any store: see prmcore.repository."""

from __future__ import annotations

from prmcore.contracts.agreements.model import Agreement
from prmcore.repository import Aggregate

__all__ = ["AGREEMENTS"]

AGREEMENTS: Aggregate[Agreement] = Aggregate(
    "agreement",
    Agreement,
    lambda one: one.id,
    {"partner": lambda one: one.partner, "kind": lambda one: one.kind},
)
