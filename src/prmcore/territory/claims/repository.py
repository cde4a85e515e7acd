"""What claims keep, as aggregates for any store: see prmcore.repository."""

from __future__ import annotations

from prmcore.repository import Aggregate
from prmcore.territory.claims.cases import ConflictCase
from prmcore.territory.claims.model import Claim

__all__ = ["CLAIMS", "CONFLICT_CASES"]

CLAIMS: Aggregate[Claim] = Aggregate(
    "claim",
    Claim,
    lambda claim: claim.id,
    {
        "account": lambda claim: claim.account,
        "claimant": lambda claim: claim.claimant,
        "kind": lambda claim: claim.kind,
    },
)
CONFLICT_CASES: Aggregate[ConflictCase] = Aggregate(
    "conflict-case",
    ConflictCase,
    lambda case: case.id,
    {
        "program": lambda case: case.program,
        "state": lambda case: case.state,
        "account": lambda case: case.conflict.accounts,
        "claimant": lambda case: case.conflict.claimants,
        "claim": lambda case: [claim.id for claim in case.conflict.claims],
    },
)
