"""What a resolution may look at: what is refused, with its path, and how it is kept."""

import datetime
from typing import Any

import attrs
import pytest
from tests.territory.claims.given import ACME, BLANKS, BOLT, MIDNIGHT, D, faults_of

from prmcore.errors import Fault
from prmcore.territory.claims import (
    Conflict,
    ConflictFacts,
    Contender,
)
from prmcore.territory.identity.model import Sameness
from prmcore.values import Rate


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"tier": " x"}, Fault(f"found ' x'; {BLANKS}", "tier")),
        ({"role": " x"}, Fault(f"found ' x'; {BLANKS}", "role")),
        ({"agreed_share": Rate(-1, 100)}, Fault("found -1 %; accepted: 0 to 100 %", "agreed_share")),
        ({"agreed_share": Rate(101, 100)}, Fault("found 101 %; accepted: 0 to 100 %", "agreed_share")),
    ],
)
def test_what_cannot_be_known_of_a_claim_is_refused(told: dict[str, Any], fault: Fault) -> None:
    assert faults_of(Contender, claim=ACME, **told) == [fault]


@pytest.mark.parametrize("share", [Rate(0), Rate(1)])
def test_nothing_and_all_of_it_can_be_agreed_on(share: Rate) -> None:
    assert Contender(claim=ACME, agreed_share=share).agreed_share == share


def days(count: int) -> list[datetime.date]:
    return [D(2000, 1, 1) + datetime.timedelta(days=number) for number in range(count)]


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        (
            {"contenders": [Contender(claim=ACME)]},
            [Fault("found 1 claimants; accepted: two at least", "contenders.claims")],
        ),
        (
            {"sameness": Sameness.DISTINCT},
            [
                Fault(
                    "claims on distinct accounts are no conflict; accepted: same, possible",
                    "contenders.sameness",
                )
            ],
        ),
        (
            {"engagements": [MIDNIGHT]},
            [Fault(f"the day: found {MIDNIGHT!r}; accepted: a date without a time", "engagements")],
        ),
        ({"engagements": days(10_001)}, [Fault("found 10001 days; accepted: at most 10000", "engagements")]),
    ],
)
def test_facts_of_no_conflict_are_refused(told: dict[str, Any], faults: list[Fault]) -> None:
    usual = {"contenders": [Contender(claim=ACME), Contender(claim=BOLT)]}
    assert faults_of(ConflictFacts, **{**usual, **told}) == faults


def test_facts_are_kept_in_order_and_hold_their_conflict() -> None:
    known = [Contender(claim=BOLT), Contender(claim=ACME)]
    first, last = D(2026, 5, 1), D(2026, 5, 2)
    facts = ConflictFacts(
        contenders=known, products=frozenset({"road"}), sameness=Sameness.POSSIBLE, engagements=[last, first, last]
    )  # fmt: skip
    assert [one.id for one in facts.contenders] == ["1", "2"]
    assert (facts.engagements, facts.claimants) == ((first, last), ("acme", "bolt"))
    assert facts.conflict == Conflict(
        claims=(ACME, BOLT), products=frozenset({"road"}), sameness=Sameness.POSSIBLE
    )
    assert len(ConflictFacts(contenders=known, engagements=days(10_000)).engagements or ()) == 10_000


def test_what_is_not_said_of_a_conflict_is_not_known() -> None:
    facts = ConflictFacts(contenders=[Contender(claim=ACME), Contender(claim=BOLT)])
    known = (facts.products, facts.sameness, facts.is_house_account, facts.is_renewal)
    assert known == (frozenset(), Sameness.SAME, None, None)
    assert (facts.engagements, facts.choice) == (None, None)


@pytest.mark.parametrize("record", [Contender, ConflictFacts])
def test_every_part_is_told_by_its_name(record: type[attrs.AttrsInstance]) -> None:
    assert all(field.kw_only for field in attrs.fields(record))
