"""Laws of identity, for any accounts: small worlds in which names, numbers, domains and phones meet often."""

import datetime
import random

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.decisions.explain import explain
from prmcore.territory.identity import (
    Account,
    EvidenceKind,
    IdentityIndex,
    IdentityPolicy,
    KeyKind,
    Pair,
    Sameness,
    StrongKey,
    grouped,
    strong_key,
)
from prmcore.testing import strategies
from prmcore.testing._identity import lists_of_accounts

DAY, POLICY = datetime.date(2026, 3, 31), IdentityPolicy()
ACCOUNTS, LISTS = strategies.of(Account), lists_of_accounts()
NUMBERS = strong_key("duns", "150483782"), strong_key("duns", "150483783")


def outcome(first: Account, second: Account) -> Sameness:
    return POLICY.decide(Pair(first, second), DAY).outcome


def are_told_apart(first: Account, second: Account) -> bool:
    """Whether one register gave them different numbers: written without the code that is tested."""
    ours = {key.identity for key in first.keys if key.kind is not KeyKind.DUNS}
    theirs = {key.identity for key in second.keys if key.kind is not KeyKind.DUNS}
    return any(one != other for one in ours for other in theirs if one[0] == other[0])


def are_located_apart(first: Account, second: Account) -> bool:
    """Whether both have D-U-N-S numbers, and none in common."""
    ours, theirs = ({key.value for key in one.keys if key.kind is KeyKind.DUNS} for one in (first, second))
    return bool(ours and theirs) and not ours & theirs


@given(ACCOUNTS, ACCOUNTS)
def test_it_does_not_matter_which_account_is_the_first(first: Account, second: Account) -> None:
    assert outcome(first, second) is outcome(second, first)


@given(ACCOUNTS)
def test_an_account_is_the_same_as_itself(account: Account) -> None:
    assert outcome(account, account) is Sameness.SAME


@given(ACCOUNTS, ACCOUNTS)
def test_the_same_is_never_said_against_a_different_number_of_one_register(
    first: Account, second: Account
) -> None:
    if are_told_apart(first, second) or are_located_apart(first, second):
        assert outcome(first, second) is not Sameness.SAME


def located(account: Account, *numbers: StrongKey) -> Account:
    """The same with these D-U-N-S numbers, and no others."""
    others = (key for key in account.keys if key.kind is not KeyKind.DUNS)
    return attrs.evolve(account, keys=(*others, *numbers))


@given(ACCOUNTS)
def test_the_same_is_not_said_against_another_duns_number_whatever_else_agrees(account: Account) -> None:
    here, there = (located(account, number) for number in NUMBERS)
    assert outcome(here, there) is Sameness.POSSIBLE
    assert outcome(here, located(account, *NUMBERS)) is Sameness.SAME


@given(ACCOUNTS, ACCOUNTS)
def test_another_duns_number_makes_possible_of_the_same_and_changes_nothing_else(
    first: Account, second: Account
) -> None:
    bare = located(first), located(second)
    if bare[0] != bare[1]:
        without = outcome(*bare)
        expected = Sameness.POSSIBLE if without is Sameness.SAME else without
        assert outcome(located(first, NUMBERS[0]), located(second, NUMBERS[1])) is expected


@given(ACCOUNTS, ACCOUNTS)
def test_every_number_of_a_register_that_both_are_in_has_a_line(first: Account, second: Account) -> None:
    told = {
        number
        for line in POLICY.evidence(Pair(first, second), DAY)
        if line.kind in (EvidenceKind.SAME_KEY, EvidenceKind.OTHER_KEY, EvidenceKind.OTHER_LOCATION)
        for number in (*line.first.split(", "), *line.second.split(", "))
    }
    ours, theirs = ({key.identity for key in one.keys} for one in (first, second))
    compared = {one[1] for one in ours for other in theirs if one[0] == other[0] and one[0] != "duns"}
    assert compared <= told
    assert {number for _, number in ours & theirs} <= told
    if are_located_apart(first, second):
        assert {key.value for one in (first, second) for key in one.keys if key.kind is KeyKind.DUNS} <= told


@given(ACCOUNTS, ACCOUNTS)
def test_a_decision_is_made_again_as_it_was_and_explained_in_every_language(
    first: Account, second: Account
) -> None:
    decision = POLICY.decide(Pair(first, second), DAY)
    assert IdentityPolicy().decide(Pair(first, second), DAY) == decision
    explained = {locale: str(explain(decision, locale)) for locale in ("en", "ja", "zh")}
    assert len(set(explained.values())) == 3
    assert len({len(text.splitlines()) for text in explained.values()}) == 1
    assert len(explained["en"].splitlines()) > len(decision.reasons)


@settings(max_examples=60)
@given(LISTS, ACCOUNTS)
def test_a_search_finds_all_that_comparing_each_calls_the_same_or_possible(
    accounts: list[Account], asked: Account
) -> None:
    index = IdentityIndex(accounts, IdentityPolicy(most_sharing=99), DAY)
    found = {match.account.id: match.sameness for match in index.find(asked, most=99)}
    compared = {one.id: outcome(asked, one) for one in accounts}
    assert found == {id: one for id, one in compared.items() if one is not Sameness.DISTINCT}


@settings(max_examples=60)
@given(LISTS)
def test_the_pairs_of_a_list_are_what_searching_for_each_account_finds(accounts: list[Account]) -> None:
    index = IdentityIndex(accounts, POLICY, DAY)
    near = {(place, other) for place, one in enumerate(index.profiles) for other in index.near(one)}
    assert index.pairs() == {(min(pair), max(pair)) for pair in near if pair[0] != pair[1]}


@settings(max_examples=60)
@given(LISTS)
def test_the_answers_by_pair_are_those_of_the_groups_and_the_links(accounts: list[Account]) -> None:
    grouping = grouped(accounts, POLICY, DAY)
    pairs = grouping.pairs()
    same = {pair for pair, one in pairs.items() if one is Sameness.SAME}
    assert same == {(group[0], one) for group in grouping.joined for one in group[1:]}
    links = {(link.first, link.second) for link in grouping.possible + grouping.refused}
    assert pairs.keys() - same == links


@settings(max_examples=60)
@given(LISTS, st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_the_list(
    accounts: list[Account], chance: random.Random
) -> None:
    turned = list(accounts)
    chance.shuffle(turned)
    assert grouped(turned, POLICY, DAY) == grouped(accounts, POLICY, DAY)


@settings(max_examples=60)
@given(LISTS)
def test_no_group_holds_two_accounts_that_a_register_tells_apart(accounts: list[Account]) -> None:
    known = {one.id: one for one in accounts}
    groups = grouped(accounts, POLICY, DAY).groups
    assert sorted(one for group in groups for one in group) == sorted(known)
    assert not any(are_told_apart(known[a], known[b]) for group in groups for a in group for b in group)
