"""What the tests of claims have in common."""

import datetime
from typing import Any

import pytest

from prmcore.errors import Fault, InvalidInput
from prmcore.territory.claims import Claim, ClaimKind

D = datetime.date
NINE = datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC)
MIDNIGHT = datetime.datetime(2026, 5, 4)  # no day
MINUTE = datetime.timedelta(minutes=1)
BLANKS = "accepted: an id without outer blanks, in Unicode NFC"


def claim(id: str = "1", claimant: str = "acme", **told: Any) -> Claim:
    usual = {"kind": ClaimKind.REGISTRATION, "account": "A", "submitted": NINE, "completed": NINE}
    return Claim(id=id, claimant=claimant, **{**usual, **told})


ACME, BOLT = claim(), claim("2", "bolt")


def faults_of(made: Any, **told: Any) -> list[Fault]:
    with pytest.raises(InvalidInput) as refused:
        made(**told)
    return list(refused.value.faults)
