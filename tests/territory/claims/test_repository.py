"""How claims are kept, and found again."""

import datetime
from typing import Any

from prmcore.storage import MemoryStore
from prmcore.territory.claims import (
    Claim,
    ClaimKind,
)
from prmcore.territory.claims.repository import CLAIMS

NINE = datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC)


def claim(id: str = "1", claimant: str = "acme", **told: Any) -> Claim:
    usual = {"kind": ClaimKind.REGISTRATION, "account": "A", "submitted": NINE, "completed": NINE}
    return Claim(id=id, claimant=claimant, **{**usual, **told})


ACME, BOLT = claim(), claim("2", "bolt")


def test_claims_are_kept_by_their_ids_and_found_by_account_claimant_and_kind() -> None:
    store = MemoryStore()
    with store.unit_of_work() as work:
        for one in (ACME, claim("2", "bolt", account="B"), claim("3", "bolt", kind=ClaimKind.DIRECT)):
            work.repository(CLAIMS).put(one)
        work.commit()
    with store.unit_of_work() as work:
        kept = work.repository(CLAIMS)
        found = [
            [one.record.id for one in kept.query(**asked)]
            for asked in ({"account": "A"}, {"claimant": "bolt"}, {"kind": ClaimKind.DIRECT})
        ]
    assert found == [["1", "3"], ["2", "3"], ["3"]]
    assert (CLAIMS.name, CLAIMS.record.__name__) == ("claim", "Claim")
