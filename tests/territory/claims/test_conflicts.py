"""Where claims meet: one company, a product in common, a day in common; and nothing else."""

import datetime
import random
import sys
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.territory.claims import (
    Claim,
    ClaimKind,
    Companies,
    Conflict,
    conflicts,
    covers,
    divided,
    overlap,
)
from prmcore.territory.claims.conflicts import without
from prmcore.territory.identity.model import Sameness
from prmcore.testing._claims import CODES, PRODUCTS, TODAY, claims, samenesses
from prmcore.values import DateRange, Tree

SAME, POSSIBLE, DISTINCT = Sameness.SAME, Sameness.POSSIBLE, Sameness.DISTINCT
NINE = datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC)


def claim(
    name: str, claimant: str, *products: str, account: str = "A", period: DateRange | None = None
) -> Claim:
    return Claim(
        id=name, kind=ClaimKind.REGISTRATION, account=account, claimant=claimant, products=frozenset(products),
        period=period or DateRange(), submitted=NINE, completed=NINE,
    )  # fmt: skip


def told(found: tuple[Conflict, ...]) -> list[tuple[list[str], list[str], Sameness]]:
    return [([one.id for one in each.claims], sorted(each.products), each.sameness) for each in found]


def test_two_partners_on_one_customer_and_one_product_are_a_conflict() -> None:
    # Siebel PRM: "must share the same end customer and have at least one product in common"
    # (docs.oracle.com/cd/E95904_01/books/PRMAdm/prmadm_dealreg005.htm)
    found = conflicts(
        [claim("1", "acme", "road", "helmets"), claim("2", "bolt", "road")], {}, PRODUCTS, as_of=TODAY
    )
    assert told(found) == [(["1", "2"], ["road"], SAME)]


def test_the_same_customer_and_other_products_are_none() -> None:
    assert (
        conflicts([claim("1", "acme", "road"), claim("2", "bolt", "city")], {}, PRODUCTS, as_of=TODAY) == ()
    )


def test_a_claim_above_meets_one_below_on_what_is_below() -> None:
    found = conflicts([claim("1", "acme", "bikes"), claim("2", "bolt", "racing")], {}, PRODUCTS, as_of=TODAY)
    assert told(found) == [(["1", "2"], ["racing"], SAME)]


def test_a_group_is_what_its_members_are() -> None:
    found = conflicts([claim("1", "acme", "light"), claim("2", "bolt", "gear")], {}, PRODUCTS, as_of=TODAY)
    assert told(found) == [(["1", "2"], ["helmets"], SAME)]


def test_a_claim_without_products_is_for_all_of_them() -> None:
    every, one = claim("1", "acme"), claim("2", "bolt", "city")
    assert told(conflicts([every, one], {}, PRODUCTS, as_of=TODAY)) == [(["1", "2"], ["city"], SAME)]
    assert told(conflicts([every, claim("3", "cato")], {}, None, as_of=TODAY)) == [(["1", "3"], [], SAME)]


def test_claims_that_meet_in_a_chain_are_not_thrown_together() -> None:
    found = conflicts(
        [claim("1", "acme", "bikes"), claim("2", "bolt", "bikes", "gear"), claim("3", "cato", "gear")],
        {}, PRODUCTS, as_of=TODAY,
    )  # fmt: skip
    assert told(found) == [(["1", "2"], ["bikes"], SAME), (["2", "3"], ["gear"], SAME)]


def test_each_piece_has_the_conflict_of_those_who_claim_it() -> None:
    found = conflicts(
        [claim("1", "acme", "bikes"), claim("2", "bolt", "bikes"), claim("3", "cato", "road")],
        {}, PRODUCTS, as_of=TODAY,
    )  # fmt: skip
    assert told(found) == [(["1", "2"], ["bikes"], SAME), (["1", "2", "3"], ["road"], SAME)]


def test_two_claims_of_one_partner_are_no_conflict() -> None:
    assert conflicts([claim("1", "acme"), claim("2", "acme")], {}, as_of=TODAY) == ()


def test_the_day_after_the_last_one_is_no_longer_live() -> None:
    over = claim("1", "acme", period=DateRange(None, TODAY))
    until_today = claim("2", "acme", period=DateRange.of_days(datetime.date(2026, 1, 1), TODAY))
    other = claim("3", "bolt")
    assert conflicts([over, other], {}, as_of=TODAY) == ()
    (found,) = conflicts([until_today, other], {}, as_of=TODAY)
    assert found.period == DateRange.of_days(datetime.date(2026, 1, 1), TODAY)


def test_accounts_that_are_possibly_one_make_a_conflict_for_a_person() -> None:
    claimed = [
        claim("1", "acme", account="A"),
        claim("2", "bolt", account="B"),
        claim("3", "cato", account="C"),
    ]
    known = {("B", "A"): POSSIBLE, ("B", "C"): DISTINCT}
    assert told(conflicts(claimed, known, as_of=TODAY)) == [(["1", "2"], [], POSSIBLE)]


def test_what_is_certain_is_not_held_up_by_what_is_possible() -> None:
    claimed = [
        claim("1", "acme", account="A"),
        claim("2", "bolt", account="A"),
        claim("3", "cato", account="B"),
    ]
    found = told(conflicts(claimed, {("A", "B"): POSSIBLE}, as_of=TODAY))
    assert found == [(["1", "2"], [], SAME), (["1", "2", "3"], [], POSSIBLE)]


def test_a_chain_of_accounts_that_are_the_same_is_one_company() -> None:
    claimed = [claim("1", "acme", account="A"), claim("2", "bolt", account="C")]
    known = Companies.of("ABC", {("A", "B"): SAME, ("C", "B"): SAME})
    assert told(conflicts(claimed, known, as_of=TODAY)) == [(["1", "2"], [], SAME)]


def test_a_chain_that_is_contradicted_is_in_doubt() -> None:
    known = Companies.of("ABC", {("A", "B"): SAME, ("B", "C"): SAME, ("A", "C"): DISTINCT})
    assert (known.between("A", "B"), known.between("C", "A")) == (SAME, POSSIBLE)
    claimed = [claim("1", "acme", account="A"), claim("2", "bolt", account="C")]
    assert told(conflicts(claimed, known, as_of=TODAY)) == [(["1", "2"], [], POSSIBLE)]


def test_only_within_a_company_and_between_two_something_is_in_doubt() -> None:
    said = {("A", "B"): SAME, ("A", "C"): DISTINCT, ("B", "D"): POSSIBLE}
    known = Companies.of("ABCD", said)
    assert known == Companies({"A": "A", "B": "A", "C": "C", "D": "D"}, frozenset(), frozenset({("A", "D")}))


def test_a_pair_that_is_said_twice_and_otherwise_is_in_doubt() -> None:
    known = Companies.of("AB", {("A", "B"): SAME, ("B", "A"): DISTINCT})
    assert known.between("A", "B") is POSSIBLE


def test_sameness_may_be_a_function() -> None:
    claimed = [
        claim("1", "acme", account="Toyota"),
        claim("2", "bolt", account="toyota"),
        claim("3", "cato", account="Honda"),
    ]
    found = conflicts(claimed, lambda a, b: SAME if a.lower() == b.lower() else DISTINCT, as_of=TODAY)
    assert told(found) == [(["1", "2"], [], SAME)]


def test_a_product_that_the_tree_does_not_know_is_refused_with_its_claim() -> None:
    with pytest.raises(InvalidInput, match=r"did you mean 'helmets'.*@ 2"):
        conflicts([claim("1", "acme"), claim("2", "bolt", "helmet")], {}, PRODUCTS, as_of=TODAY)


def test_two_claims_of_one_id_are_refused() -> None:
    with pytest.raises(InvalidInput, match="two claims have the id '1'"):
        conflicts([claim("1", "acme"), claim("1", "bolt")], {}, as_of=TODAY)


def test_a_renewal_is_divided_from_new_business() -> None:
    both = Conflict(
        claims=(claim("1", "acme", "bikes"), claim("2", "bolt", "bikes")), products=frozenset({"bikes"})
    )
    sold, rest = divided(both, frozenset({"road"}), PRODUCTS)
    assert sold is not None
    assert rest is not None
    assert (set(sold.products), set(rest.products)) == ({"road"}, {"city"})
    assert divided(both, frozenset({"bikes", "gear"}), PRODUCTS) == (both, None)
    assert divided(both, frozenset({"gear"}), PRODUCTS) == (None, both)
    assert divided(both, frozenset(), PRODUCTS) == (None, both)


def test_without_a_tree_all_products_but_some_stay_all_products() -> None:
    both = Conflict(claims=(claim("1", "acme"), claim("2", "bolt")))
    sold, rest = divided(both, frozenset({"x"}))
    assert sold is not None
    assert (set(sold.products), rest) == ({"x"}, both)


def test_the_key_of_a_conflict_depends_on_what_meets_alone() -> None:
    first, second = claim("1", "acme"), claim("2", "bolt")
    one = Conflict(claims=(first, second), products=frozenset({"road"}))
    again = Conflict(claims=(attrs.evolve(second, sequence=7), first), products=frozenset({"road"}))
    assert one.key == again.key != attrs.evolve(one, products=frozenset({"city"})).key


@pytest.mark.parametrize("naive", [datetime.datetime(2026, 5, 4), datetime.date(2026, 5, 4), "2026-05-04"])
def test_an_instant_without_a_time_zone_is_refused(naive: Any) -> None:
    with pytest.raises(InvalidInput, match=r"submitted: found .*accepted: a datetime with its time zone"):
        attrs.evolve(claim("1", "acme"), submitted=naive, completed=None)


def test_instants_are_kept_in_utc() -> None:
    tokyo = datetime.datetime.fromisoformat("2026-05-04T18:00:00+09:00")
    kept = attrs.evolve(claim("1", "acme"), submitted=tokyo, completed=None).submitted
    assert (kept, kept.tzinfo) == (NINE, datetime.UTC)


def test_every_fault_of_a_claim_is_told_with_its_path() -> None:
    with pytest.raises(InvalidInput) as caught:
        Claim(
            id=" x", kind=ClaimKind.DIRECT, account="", claimant="acme", submitted=NINE,
            completed=NINE - datetime.timedelta(seconds=1), sequence=-1,
        )  # fmt: skip
    assert [fault.path for fault in caught.value.faults] == ["id", "account", "sequence"]


@given(
    st.lists(claims(), max_size=7, unique_by=lambda one: one.id),
    samenesses(),
    st.randoms(use_true_random=False),
)
def test_two_claims_that_meet_are_in_a_conflict_and_nobody_else_is(
    found: list[Claim], known: dict[tuple[str, str], Sameness], shuffle: random.Random
) -> None:
    """The oracle: every pair by itself."""
    companies = Companies.of({one.account for one in found}, known)
    made = conflicts(found, known, PRODUCTS, as_of=TODAY)
    live = [one for one in found if one.is_live_on(TODAY)]
    together = {
        frozenset((a.id, b.id)) for each in made for a in each.claims for b in each.claims if a.claimant != b.claimant
    }  # fmt: skip
    meeting = {
        frozenset((a.id, b.id)) for a in live for b in live
        if a.id < b.id and overlap(a, b, companies, PRODUCTS) is not None
    }  # fmt: skip
    assert meeting <= together
    for each in made:
        for a in each.claims:
            assert TODAY in each.period
            assert covers(a.products, each.products, PRODUCTS)
            assert all(covers(b.products, each.products, PRODUCTS) for b in each.claims)
        if each.sameness is SAME:
            assert {
                frozenset((a.id, b.id)) for a in each.claims for b in each.claims if a.claimant != b.claimant
            } <= meeting
    other = list(found)
    shuffle.shuffle(other)
    assert conflicts(other, dict(reversed(known.items())), PRODUCTS, as_of=TODAY) == made


@given(claims(), claims(), samenesses())
def test_meeting_is_symmetric(first: Claim, second: Claim, known: dict[tuple[str, str], Sameness]) -> None:
    companies = Companies.of((first.account, second.account), known)
    assert overlap(first, second, companies, PRODUCTS) == overlap(second, first, companies, PRODUCTS)


LEAVES = [code for code in PRODUCTS.parents if not PRODUCTS.children(code)]


def leaves(products: frozenset[str]) -> set[str]:
    """The products of a set, by looking at each."""
    return {
        leaf for leaf in LEAVES if not products or any(PRODUCTS.contains(code, leaf) for code in products)
    }


@given(claims(), claims())
def test_what_two_claims_have_in_common_is_what_both_hold(first: Claim, second: Claim) -> None:
    first, second = attrs.evolve(first, claimant="acme"), attrs.evolve(second, claimant="bolt")
    first, second = (
        attrs.evolve(first, period=DateRange()),
        attrs.evolve(second, period=DateRange(), account=first.account),
    )
    found = overlap(first, second, Companies.of((), {}), PRODUCTS)
    both = leaves(first.products) & leaves(second.products)
    assert (found is not None) == bool(both)
    if found is not None:
        assert leaves(found.products) == both


SETS = st.frozensets(st.sampled_from(CODES), min_size=1, max_size=4)


@given(SETS, SETS)
def test_what_is_taken_out_and_what_is_left_make_the_whole(
    products: frozenset[str], taken: frozenset[str]
) -> None:
    left = without(products, taken, PRODUCTS)
    assert (leaves(left) if left else set()) == leaves(products) - leaves(taken)


@given(SETS, SETS)
def test_a_set_covers_another_when_its_products_are_among_its_own(
    first: frozenset[str], second: frozenset[str]
) -> None:
    assume(covers(first, second, PRODUCTS))
    assert leaves(second) <= leaves(first)


def test_ten_times_as_many_claims_take_about_ten_times_as_many_steps() -> None:
    tree = Tree("many", {"all": None, **{f"p{n}": "all" for n in range(50)}})

    def steps(count: int) -> int:
        """Calls of functions, which a clock cannot disturb."""
        made = [
            claim(f"C-{n}", f"P-{n % 7}", f"p{n % 50}", account=f"A-{n // 4}") for n in range(count)
        ]  # fmt: skip
        known = {(f"A-{n}", f"A-{n + 1}"): SAME for n in range(0, count // 4, 10)}
        found = 0

        def counted(*_: object) -> None:
            nonlocal found
            found += 1

        sys.setprofile(counted)
        try:
            conflicts(made, known, tree, as_of=TODAY)
        finally:
            sys.setprofile(None)
        return found

    assert steps(5_000) < 12 * steps(500)  # a hundredfold were quadratic


# companies


def test_a_function_is_asked_once_for_every_pair() -> None:
    asked: list[tuple[str, str]] = []

    def sameness(first: str, second: str) -> Sameness:
        asked.append((first, second))
        return DISTINCT

    Companies.of(("C", "A", "B", "A"), sameness)
    assert asked == [("A", "B"), ("A", "C"), ("B", "C")]


def test_what_is_said_of_an_account_and_itself_is_passed_over() -> None:
    known = Companies.of("AB", {("A", "A"): DISTINCT, ("A", "B"): SAME})
    assert (known.between("A", "A"), known.between("B", "A")) == (SAME, SAME)
    assert known.doubts == frozenset()


def test_what_is_said_twice_alike_is_certain() -> None:
    known = Companies.of((), {("A", "B"): SAME, ("B", "A"): SAME})
    assert known == Companies({"A": "A", "B": "A"})


def test_an_account_that_is_not_known_is_the_same_as_itself_only() -> None:
    known = Companies.of((), {})
    assert (known.between("A", "A"), known.between("A", "B")) == (SAME, DISTINCT)


def test_a_company_is_certain_of_accounts_of_which_no_two_are_in_doubt() -> None:
    known = Companies.of("ABC", {("A", "B"): SAME, ("B", "C"): SAME, ("A", "C"): DISTINCT})
    assert [known.is_certain(some) for some in ("AB", "BC", "AC", "ABC", "A")] == [True, True, False, False, True]  # fmt: skip


# products


ROAD, CITY, RACING, BIKES, GEAR, EVERY = map(frozenset, (["road"], ["city"], ["racing"], ["bikes"], ["gear"], []))  # fmt: skip


@pytest.mark.parametrize(
    ("products", "others", "expected"),
    [
        (EVERY, EVERY, True), (EVERY, ROAD, True), (ROAD, EVERY, False), (BIKES, RACING, True), (RACING, BIKES, False),
        (BIKES, ROAD | GEAR, False), (BIKES | GEAR, ROAD | {"helmets"}, True), (BIKES | GEAR, frozenset({"light"}), True),
        (BIKES, frozenset({"light"}), False), (frozenset({"light"}), RACING, True), (frozenset({"light"}), ROAD, False),
    ],
)  # fmt: skip
def test_products_cover_what_is_among_them_or_below(
    products: frozenset[str], others: frozenset[str], expected: bool
) -> None:
    assert covers(products, others, PRODUCTS) is expected


def test_without_a_tree_products_cover_themselves() -> None:
    assert [covers(ROAD, other) for other in (ROAD, CITY, ROAD | CITY, EVERY)] == [True, False, False, False]
    assert covers(ROAD | CITY, ROAD)


def met(first: frozenset[str], second: frozenset[str], tree: Tree | None = PRODUCTS) -> set[str] | None:
    """What two claims with these products have in common."""
    companies = Companies.of((), {})
    one, other = (claim(name, name, *codes) for name, codes in (("1", first), ("2", second)))
    found = overlap(one, other, companies, tree)
    return None if found is None else set(found.products)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (EVERY, EVERY, set()), (EVERY, BIKES | RACING, {"bikes"}), (EVERY, BIKES | ROAD, {"bikes"}),
        (EVERY, ROAD | CITY, {"road", "city"}), (EVERY, frozenset({"light"}), {"racing", "helmets"}),
        (BIKES, ROAD | GEAR, {"road"}), (ROAD | CITY, BIKES, {"road", "city"}), (ROAD, CITY, None), (BIKES | GEAR, BIKES | RACING, {"bikes"}),
    ],
)  # fmt: skip
def test_what_two_have_in_common_is_told_by_its_highest_codes(
    first: frozenset[str], second: frozenset[str], expected: set[str] | None
) -> None:
    assert met(first, second) == met(second, first) == expected


def test_without_a_tree_the_codes_that_both_name_are_in_common() -> None:
    assert (met(ROAD | CITY, CITY, None), met(ROAD, CITY, None), met(EVERY, CITY, None)) == ({"city"}, None, {"city"})  # fmt: skip


@pytest.mark.parametrize("known", [True, False])
def test_codes_that_the_tree_does_not_know_are_refused_wherever_they_stand(known: bool) -> None:
    first, second = (ROAD, frozenset({"rod"})) if known else (frozenset({"rod"}), ROAD)
    for asked in (covers, met):
        with pytest.raises(InvalidInput, match="did you mean 'road'"):
            asked(first, second, PRODUCTS)


def test_claims_overlap_in_the_days_of_both() -> None:
    may, june = (
        DateRange(datetime.date(2026, month, 1), datetime.date(2026, month + 1, 1)) for month in (5, 6)
    )
    long = DateRange(datetime.date(2026, 5, 20), None)
    none = Companies.of((), {})
    found = overlap(claim("1", "acme", period=may), claim("2", "bolt", period=long), none)
    assert found is not None
    assert (found.period, found.sameness) == (
        DateRange(datetime.date(2026, 5, 20), datetime.date(2026, 6, 1)),
        SAME,
    )
    assert overlap(claim("1", "acme", period=may), claim("2", "bolt", period=june), none) is None
    assert overlap(claim("1", "acme"), claim("2", "acme"), none) is None
    assert overlap(claim("1", "acme"), claim("2", "bolt", account="B"), none) is None
    unsure = Companies.of((), {("B", "A"): POSSIBLE})
    doubted = overlap(claim("1", "acme"), claim("2", "bolt", account="B"), unsure)
    assert doubted is not None
    assert doubted.sameness is POSSIBLE


# many


def test_a_conflict_is_live_while_all_of_its_claims_are() -> None:
    day = datetime.date
    claimed = [
        claim("1", "acme", period=DateRange(day(2026, 3, 1), day(2026, 7, 1))),
        claim("2", "bolt", period=DateRange(day(2026, 4, 1), day(2026, 8, 1))),
        claim("3", "cato", period=DateRange(day(2026, 1, 1), None)),
    ]
    (found,) = conflicts(claimed, {}, as_of=TODAY)
    assert found.period == DateRange(day(2026, 4, 1), day(2026, 7, 1))
    claimed[2] = claim("3", "cato", period=DateRange(day(2026, 5, 1), None))
    (found,) = conflicts(claimed, {}, as_of=TODAY)
    assert found.period == DateRange(day(2026, 5, 1), day(2026, 7, 1))


def test_one_claimant_on_two_companies_that_are_possibly_one_has_nothing_to_settle() -> None:
    claimed = [claim("1", "acme"), claim("2", "acme", account="B")]
    assert conflicts(claimed, {("A", "B"): POSSIBLE}, as_of=TODAY) == ()


def test_what_only_one_of_two_companies_is_claimed_for_is_certain() -> None:
    claimed = [
        claim("1", "acme", "road"), claim("2", "bolt", "road"), claim("3", "cato", "city", account="B"), claim("4", "dora", "gear", account="C"),
    ]  # fmt: skip
    known = {("A", "B"): POSSIBLE, ("A", "D"): POSSIBLE, ("C", "E"): POSSIBLE}
    assert told(conflicts(claimed, known, PRODUCTS, as_of=TODAY)) == [(["1", "2"], ["road"], SAME)]


def test_a_conflict_needs_a_day_that_is_one() -> None:
    with pytest.raises(InvalidInput, match=r"^as_of: found 'today'"):
        conflicts([], {}, as_of="today")  # type: ignore[arg-type]


def test_claims_that_cannot_be_compared_are_refused_with_all_that_is_wrong() -> None:
    ended = claim("2", "acme", "nothing", period=DateRange(None, TODAY))
    claimed = [claim("3", "bolt", "helmet"), ended, ended, claim("1", "acme"), claim("1", "cato", "rod")]
    with pytest.raises(InvalidInput) as refused:
        conflicts(claimed, {}, PRODUCTS, as_of=TODAY)
    assert [(fault.message.partition(";")[0], fault.path) for fault in refused.value.faults] == [
        ("two claims have the id '1'", ""), ("unknown code of products 'rod'", "1"), ("unknown code of products 'helmet'", "3"),
    ]  # fmt: skip


# renewals


def halves(conflict: Conflict, sold: frozenset[str], tree: Tree | None = PRODUCTS) -> list[set[str] | None]:
    found = divided(conflict, sold, tree)
    assert all(one is None or one.claims == conflict.claims for one in found)
    return [None if one is None else set(one.products) for one in found]


def contested(*products: str) -> Conflict:
    return Conflict(claims=(claim("1", "acme"), claim("2", "bolt")), products=frozenset(products))


def test_what_was_sold_before_is_divided_from_the_rest_by_the_codes_that_say_so() -> None:
    assert halves(contested("bikes"), ROAD) == [{"road"}, {"city"}]
    assert halves(contested("bikes"), RACING) == [{"racing"}, {"city"}]  # of road bikes there are no others
    assert halves(contested("bikes"), ROAD | CITY) == [{"road", "city"}, None]
    assert halves(contested(), BIKES) == [{"bikes"}, {"gear"}]
    assert halves(contested("road"), BIKES) == [{"road"}, None]
    assert halves(contested("road"), CITY) == [None, {"road"}]
    assert halves(contested("road"), EVERY) == [None, {"road"}]
    assert halves(contested("x", "y"), frozenset({"y", "z"}), None) == [{"y"}, {"x"}]
