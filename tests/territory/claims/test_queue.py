"""The queue behind an approved claim: in the order of complete submissions, freed when the holder goes."""

import datetime
import random

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.territory.claims import (
    Claim,
    ClaimKind,
    Companies,
    covers,
    freed,
    next_in_line,
    overlap,
    place,
    queue_behind,
    resubmitted,
)
from prmcore.territory.identity.model import Sameness
from prmcore.testing._claims import ACCOUNTS, PRODUCTS, TODAY, claims, samenesses
from prmcore.values import DateRange

NINE = datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC)
APPROVED = datetime.date(2026, 5, 5)


def claim(
    name: str, claimant: str, minutes: int, *products: str, approved: bool = False, account: str = "A"
) -> Claim:
    at = NINE + datetime.timedelta(minutes=minutes)
    return Claim(
        id=name, kind=ClaimKind.REGISTRATION, account=account, claimant=claimant, products=frozenset(products),
        submitted=at, completed=at, approved_on=APPROVED if approved else None,
    )  # fmt: skip


HOLDER = claim("H", "acme", 0, "bikes", approved=True)
FIRST, SECOND = claim("9", "bolt", 1, "road"), claim("1", "cato", 2, "city")
THIRD = claim("2", "dora", 3, "bikes")
ALL = (THIRD, SECOND, HOLDER, FIRST)


def test_those_who_wait_stand_in_the_order_of_their_complete_submissions() -> None:
    assert queue_behind(HOLDER, ALL, {}, PRODUCTS, as_of=TODAY) == (FIRST, SECOND, THIRD)


def test_an_incomplete_a_direct_and_an_ended_claim_do_not_wait() -> None:
    others = (
        attrs.evolve(FIRST, completed=None),
        attrs.evolve(SECOND, kind=ClaimKind.DIRECT),
        attrs.evolve(THIRD, period=DateRange(None, TODAY)),
        claim("5", "bolt", 1, "gear"),
    )
    assert queue_behind(HOLDER, others, {}, PRODUCTS, as_of=TODAY) == ()


def test_a_claim_on_what_is_possibly_the_same_company_does_not_wait() -> None:
    other = claim("5", "bolt", 1, "road", account="B")
    known = {("A", "B"): Sameness.POSSIBLE}
    assert queue_behind(HOLDER, (other,), known, PRODUCTS, as_of=TODAY) == ()
    assert queue_behind(HOLDER, (other,), {("B", "A"): Sameness.SAME}, PRODUCTS, as_of=TODAY) == (other,)


def test_when_the_holder_goes_the_first_is_next_and_others_if_they_do_not_meet_it() -> None:
    """Road bikes and city bikes are apart; whoever asked for all bikes, third, meets both."""
    assert next_in_line(HOLDER, ALL, {}, PRODUCTS, as_of=TODAY) == FIRST
    assert freed(HOLDER, ALL, {}, PRODUCTS, as_of=TODAY) == (FIRST, SECOND)


def test_one_that_meets_another_approved_claim_still_waits() -> None:
    racing = claim("7", "eve", 0, "racing", approved=True)
    assert freed(HOLDER, (*ALL, racing), {}, PRODUCTS, as_of=TODAY) == (SECOND,)


def test_two_of_one_partner_are_not_freed_for_the_same_products() -> None:
    # Siebel PRM: "Only one deal registration can be approved for each opportunity", whoever asks
    twice = (claim("1", "bolt", 1, "road"), claim("2", "bolt", 2, "road"))
    assert [one.id for one in freed(HOLDER, twice, {}, PRODUCTS, as_of=TODAY)] == ["1"]


def test_nobody_waits_nobody_is_next() -> None:
    assert next_in_line(HOLDER, (HOLDER,), {}, PRODUCTS, as_of=TODAY) is None


def test_a_corrected_claim_is_a_new_submission_and_loses_its_place() -> None:
    later = NINE + datetime.timedelta(hours=1)
    corrected = resubmitted(FIRST, at=later, sequence=4)
    assert (corrected.completed, corrected.sequence) == (later, 4)
    assert queue_behind(HOLDER, (corrected, SECOND), {}, PRODUCTS, as_of=TODAY) == (SECOND, corrected)


def test_a_program_may_let_a_corrected_claim_keep_its_place_unless_it_grows() -> None:
    later = NINE + datetime.timedelta(hours=1)
    smaller, larger = frozenset({"racing"}), frozenset({"road", "helmets"})
    kept = resubmitted(FIRST, at=later, products=smaller, keeps_place=True, tree=PRODUCTS)
    assert (kept.completed, kept.products) == (FIRST.completed, smaller)
    assert resubmitted(FIRST, at=later, products=larger, keeps_place=True, tree=PRODUCTS).completed == later


LISTS = st.lists(claims(live=True), max_size=8, unique_by=lambda one: one.id)


@given(LISTS, samenesses(), st.randoms(use_true_random=False))
def test_those_who_are_freed_meet_no_approved_claim_and_one_another_neither(
    found: list[Claim], known: dict[tuple[str, str], Sameness], shuffle: random.Random
) -> None:
    companies = Companies.of(ACCOUNTS, known)
    holder = attrs.evolve(claim("H", "zed", 0, "bikes", approved=True), account="A-1")
    free = freed(holder, found, known, PRODUCTS, as_of=TODAY)
    queue = queue_behind(holder, found, known, PRODUCTS, as_of=TODAY)
    assert list(queue) == sorted(queue, key=place)
    assert free[:1] == queue[:1] or any(one.approved_on for one in found)
    held = [one for one in found if one.approved_on is not None]
    for number, one in enumerate(free):
        for other in (*held, *free[:number]):
            met = overlap(
                attrs.evolve(one, claimant="x"), attrs.evolve(other, claimant="y"), companies, PRODUCTS
            )
            assert met is None or met.sameness is not Sameness.SAME
    other_order = list(found)
    shuffle.shuffle(other_order)
    assert freed(holder, other_order, known, PRODUCTS, as_of=TODAY) == free


@given(claims(), st.integers(0, 5), st.frozensets(st.sampled_from(("bikes", "road", "helmets"))))
def test_a_place_that_is_kept_is_never_one_for_more_products(
    one: Claim, hours: int, products: frozenset[str]
) -> None:
    later = NINE + datetime.timedelta(hours=hours + 1)
    found = resubmitted(one, at=later, products=products, keeps_place=True, tree=PRODUCTS)
    if found.completed != later:
        assert covers(one.products, products, PRODUCTS)


def test_without_a_tree_products_are_compared_as_they_are_called() -> None:
    one, other = claim("1", "bolt", 1, "bikes"), claim("2", "cato", 2, "road")
    assert queue_behind(HOLDER, (other, one), {}, as_of=TODAY) == (one,)
    assert freed(HOLDER, (other, one), {}, as_of=TODAY) == (one,)
    assert next_in_line(HOLDER, (other, one), {}, as_of=TODAY) == one
    assert next_in_line(HOLDER, (other,), {}, as_of=TODAY) is None


def test_the_queue_is_that_of_a_day() -> None:
    with pytest.raises(InvalidInput, match=r"^as_of: found 'today'"):
        queue_behind(HOLDER, ALL, {}, PRODUCTS, as_of="today")  # type: ignore[arg-type]


def test_an_approved_claim_and_the_holder_itself_do_not_wait() -> None:
    approved = attrs.evolve(SECOND, approved_on=APPROVED)
    waiting = attrs.evolve(HOLDER, approved_on=None)  # as it was before
    assert queue_behind(HOLDER, (FIRST, approved, waiting), {}, PRODUCTS, as_of=TODAY) == (FIRST,)


def test_an_approved_claim_that_has_ended_holds_nobody_up() -> None:
    ended = attrs.evolve(claim("7", "eve", 0, "bikes", approved=True), period=DateRange(None, TODAY))
    assert freed(HOLDER, (*ALL, ended), {}, PRODUCTS, as_of=TODAY) == (FIRST, SECOND)
    assert freed(HOLDER, (*ALL, attrs.evolve(ended, period=DateRange())), {}, PRODUCTS, as_of=TODAY) == ()


def test_only_registrations_wait() -> None:
    others = [attrs.evolve(FIRST, kind=kind, id=kind.value) for kind in ClaimKind]
    assert [one.id for one in queue_behind(HOLDER, others, {}, PRODUCTS, as_of=TODAY)] == ["registration"]


def test_a_corrected_claim_keeps_all_but_its_place() -> None:
    later = NINE + datetime.timedelta(hours=1)
    old = attrs.evolve(FIRST, sequence=3)
    assert resubmitted(old, at=later) == attrs.evolve(old, submitted=later, completed=later, sequence=0)
    gear = frozenset({"gear"})
    assert resubmitted(old, at=later, sequence=2, products=gear) == attrs.evolve(
        old, submitted=later, completed=later, sequence=2, products=gear
    )
    assert resubmitted(old, at=later, keeps_place=True) == old
    unfinished = attrs.evolve(old, completed=None)  # it has no place to keep
    assert resubmitted(unfinished, at=later, keeps_place=True).completed == later


def test_without_a_tree_a_place_is_kept_for_codes_that_were_claimed() -> None:
    later = NINE + datetime.timedelta(hours=1)
    both = attrs.evolve(FIRST, products=frozenset({"road", "city"}))
    for products, kept in (("city", True), ("racing", False)):
        found = resubmitted(both, at=later, products=frozenset({products}), keeps_place=True)
        assert (found.completed == both.completed) is kept
