"""Claims, choices and conflicts: what is refused, with its path, and what they say of themselves."""

import hashlib
from typing import Any

import attrs
import pytest
from tests.territory.claims.given import ACME, BLANKS, BOLT, MIDNIGHT, MINUTE, NINE, D, claim, faults_of

from prmcore.errors import Fault, InvalidInput
from prmcore.territory.claims import (
    Claim,
    ClaimKind,
    Conflict,
    Contender,
    CustomerChoice,
    Overlap,
    place,
)
from prmcore.territory.identity.model import Sameness
from prmcore.values import DateRange


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"id": " x"}, Fault(f"found ' x'; {BLANKS}", "id")),
        ({"account": " x"}, Fault(f"found ' x'; {BLANKS}", "account")),
        ({"claimant": " x"}, Fault(f"found ' x'; {BLANKS}", "claimant")),
        ({"products": frozenset({"road", " x"})}, Fault(f"found ' x'; {BLANKS}", "products")),
        ({"products": {"road"}}, Fault("accepted: a frozenset of at most 10000 codes", "products")),
        (
            {"products": frozenset(str(number) for number in range(10_001))},
            Fault("accepted: a frozenset of at most 10000 codes", "products"),
        ),
        ({"sequence": -1}, Fault("found -1; accepted: a whole number from 0", "sequence")),
        ({"sequence": True}, Fault("found True; accepted: a whole number from 0", "sequence")),
        ({"submitted": None}, Fault("submitted: found None; accepted: a datetime with its time zone")),
        ({"completed": "today"}, Fault("completed: found 'today'; accepted: a datetime with its time zone")),
        (
            {"completed": NINE - MINUTE},
            Fault(
                "found 2026-05-04 08:59:00+00:00; accepted: 2026-05-04 09:00:00+00:00, when it was submitted, or later",
                "completed",
            ),
        ),
        ({"approved_on": MIDNIGHT}, Fault(f"approved_on: found {MIDNIGHT!r}; accepted: a date without a time")),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_used_is_refused(told: dict[str, Any], fault: Fault) -> None:
    assert faults_of(claim, **told) == [fault]


@pytest.mark.parametrize(
    "told",
    [
        {"products": frozenset(str(number) for number in range(10_000))},
        {"sequence": 0},
        {"completed": NINE},
        {"completed": None},
        {"approved_on": D(2026, 5, 4)},
    ],
)
def test_what_is_just_within_the_bounds_of_a_claim_is_taken(told: dict[str, Any]) -> None:
    (name,) = told
    assert getattr(claim(**told), name) == told[name]


def test_what_is_not_said_of_a_claim_is_the_usual() -> None:
    one = Claim(id="1", kind=ClaimKind.DIRECT, account="A", claimant="acme", submitted=NINE)
    assert (one.products, one.period, one.completed, one.sequence, one.approved_on, one.protected) == (
        frozenset(), DateRange(), None, 0, None, None,
    )  # fmt: skip
    assert [kind.value for kind in ClaimKind] == ["registration", "opportunity", "assignment", "direct"]


@pytest.mark.parametrize(("kind", "is_direct"), [(kind, kind is ClaimKind.DIRECT) for kind in ClaimKind])
def test_a_claim_is_the_direct_teams_by_its_kind(kind: ClaimKind, is_direct: bool) -> None:
    one = claim(kind=kind)
    known = Contender(claim=one)
    assert (one.is_direct, known.is_direct, known.id, known.claimant) == (is_direct, is_direct, "1", "acme")


def test_a_claim_is_live_and_protected_on_the_days_of_its_own() -> None:
    may, june = DateRange(D(2026, 5, 1), D(2026, 6, 1)), DateRange(D(2026, 6, 1), D(2026, 7, 1))
    one = claim(period=may, protected=june)
    days = (D(2026, 4, 30), D(2026, 5, 1), D(2026, 5, 31), D(2026, 6, 1), D(2026, 6, 30), D(2026, 7, 1))
    assert [one.is_live_on(day) for day in days] == [False, True, True, False, False, False]
    assert [one.is_protected_on(day) for day in days] == [False, False, False, True, True, False]
    assert not claim().is_protected_on(D(2026, 5, 4))


def test_places_go_by_completeness_the_instant_the_sequence_and_last_the_id() -> None:
    in_order = [
        claim("9", submitted=NINE, completed=NINE + MINUTE),
        claim("8", submitted=NINE + MINUTE, completed=NINE + 2 * MINUTE),
        claim("7", submitted=NINE, completed=NINE + 3 * MINUTE, sequence=1),
        claim("5", submitted=NINE, completed=NINE + 3 * MINUTE, sequence=2),
        claim("6", submitted=NINE + MINUTE, completed=NINE + 3 * MINUTE, sequence=2),
        claim("4", submitted=NINE - 2 * MINUTE, completed=None),
        claim("3", submitted=NINE - MINUTE, completed=None),
    ]
    backwards = in_order[::-1]
    assert sorted(backwards, key=place) == in_order
    assert place(in_order[2]) == (False, NINE + 3 * MINUTE, 1, "7")
    assert place(in_order[5]) == (True, NINE - 2 * MINUTE, 0, "4")


LETTER: dict[str, Any] = {"claimant": "acme", "reference": "mail-7", "on": D(2026, 5, 4), "by": "head of purchasing"}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("claimant", " x", Fault(f"found ' x'; {BLANKS}", "claimant")),
        ("reference", " x", Fault(f"found ' x'; {BLANKS}", "reference")),
        ("by", " x", Fault(f"found ' x'; {BLANKS}", "by")),
        ("on", "today", Fault("on: found 'today'; accepted: a date without a time")),
    ],
)
def test_a_customers_choice_that_cannot_be_used_is_refused(name: str, value: str, fault: Fault) -> None:
    assert faults_of(CustomerChoice, **{**LETTER, name: value}) == [fault]
    assert CustomerChoice(**{**LETTER, "by": None}).by is None


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        (
            {"claims": (ACME, claim())},
            [
                Fault("the claim '1' stands here twice", "claims"),
                Fault("found 1 claimants; accepted: two at least", "claims"),
            ],
        ),
        ({"claims": (ACME, BOLT, claim())}, [Fault("the claim '1' stands here twice", "claims")]),
        (
            {"sameness": Sameness.DISTINCT},
            [Fault("claims on distinct accounts are no conflict; accepted: same, possible", "sameness")],
        ),
    ],
)
def test_a_conflict_that_is_none_is_refused(told: dict[str, Any], faults: list[Fault]) -> None:
    assert faults_of(Conflict, **{"claims": (ACME, BOLT), **told}) == faults


def test_a_conflict_tells_its_claims_by_their_ids_its_claimants_and_its_accounts() -> None:
    found = Conflict(claims=[claim("3", "acme", account="B"), claim("2", "cato"), claim("1", "bolt")])
    assert [one.id for one in found.claims] == ["1", "2", "3"]
    assert (found.claimants, found.accounts) == (("acme", "bolt", "cato"), ("A", "B"))
    assert (found.products, found.period, found.sameness) == (frozenset(), DateRange(), Sameness.SAME)
    assert found.claim("2").claimant == "cato"
    with pytest.raises(InvalidInput, match=r"^unknown claim '4'\. There are: 1, 2, 3$"):
        found.claim("4")


@pytest.mark.parametrize(
    ("second", "products", "about"),
    [
        ("2", ("road", "city"), b'[["1", "2"], ["city", "road"]]'),
        ("\u6771\u4eac", (), b'[["1", "\\u6771\\u4eac"], []]'),
    ],
)
def test_the_key_of_a_conflict_is_the_same_in_every_version(
    second: str, products: tuple[str, ...], about: bytes
) -> None:
    """Half of the SHA-256 of the claims' ids and the products as JSON: cases are found by it years later."""
    found = Conflict(claims=(claim(second, "bolt"), ACME), products=frozenset(products))
    assert found.key == hashlib.sha256(about).hexdigest()[:32]


@pytest.mark.parametrize("record", [Claim, CustomerChoice, Conflict, Overlap])
def test_every_part_is_told_by_its_name(record: type[attrs.AttrsInstance]) -> None:
    assert all(field.kw_only for field in attrs.fields(record))
