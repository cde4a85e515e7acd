"""Partners in storage: the aggregate, and the keys that it can be asked for by."""

from __future__ import annotations

from prmcore.partners.model import Partner
from prmcore.repository import Aggregate

__all__ = ["PARTNERS"]

PARTNERS: Aggregate[Partner] = Aggregate(
    "partner",
    Partner,
    lambda partner: partner.id,
    {
        "kind": lambda partner: partner.kinds,
        "parent": lambda partner: partner.parent,
        "country": lambda partner: partner.countries,
        "program": lambda partner: [one.program for one in partner.enrolments],
        "reference": lambda partner: [one.key for one in partner.references],
    },
)
