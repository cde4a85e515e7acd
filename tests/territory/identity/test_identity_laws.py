"""Laws of identity, for any accounts: small worlds in which names, numbers, domains and phones meet often."""

import datetime
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from prmcore.territory.identity import (
    Account,
    Address,
    IdentityIndex,
    IdentityPolicy,
    KeyKind,
    NameKind,
    OtherName,
    Pair,
    Sameness,
    StrongKey,
    grouped,
    strong_key,
)

DAY, POLICY = datetime.date(2026, 3, 31), IdentityPolicy()
NAMES = (
    "株式会社サカタのタネ", "サカタノタネ(株)", "スズキ株式会社", "鈴木株式会社", "SUZUKI CORPORATION", "Acme Holdings Inc.", "Acme Hldgs Ltd",
    "Acme Holdngs", "Acme GmbH", "Acme Fund II", "Acme Fund III",
)  # fmt: skip
KEYS = (
    strong_key("corporate_number", "7123456789012"), strong_key("corporate_number", "7010705000725"), strong_key("siren", "732829320"),
    strong_key("siret", "73282932000074"), strong_key("vat", "FR83404833048"), strong_key("lei", "5493000IBP32UQZ0KL24"),
)  # fmt: skip
ADDRESSES = ("東京都千代田区丸の内一丁目９番１号", "東京都千代田区丸の内1-9-1", "大阪市北区梅田1-1-1")


def _one_of_each(keys: list[StrongKey]) -> bool:
    namespaces = {key.identity[0]: key.identity for key in keys}
    return len({key.identity for key in keys}) == len(namespaces)


ACCOUNTS = st.builds(
    Account, id=st.uuids().map(str), name=st.sampled_from(NAMES), reading=st.sampled_from((None, "スズキ", "サカタノタネ")),
    country=st.sampled_from((None, "JP", "DE")),
    other_names=st.lists(st.builds(OtherName, name=st.sampled_from(NAMES), kind=st.sampled_from(NameKind)), max_size=1).map(tuple),
    domains=st.lists(st.sampled_from(("acme.com", "mail.acme.com", "sakataseed.co.jp", "gmail.com")), max_size=1).map(tuple),
    phones=st.lists(st.sampled_from(("+81312345678", "03-1234-5678", "+4930123456")), max_size=1).map(tuple),
    addresses=st.lists(st.sampled_from(ADDRESSES).map(lambda text: Address(text=text)), max_size=1).map(tuple),
    keys=st.lists(st.sampled_from(KEYS), max_size=2, unique=True).filter(_one_of_each).map(tuple),
)  # fmt: skip
LISTS = st.lists(ACCOUNTS, min_size=1, max_size=7, unique_by=lambda one: one.id)


def outcome(first: Account, second: Account) -> Sameness:
    return POLICY.decide(Pair(first, second), DAY).outcome


def are_told_apart(first: Account, second: Account) -> bool:
    """Whether one register gave them different numbers: written without the code that is tested."""
    ours = {key.identity for key in first.keys if key.kind is not KeyKind.DUNS}
    theirs = {key.identity for key in second.keys if key.kind is not KeyKind.DUNS}
    return any(one != other for one in ours for other in theirs if one[0] == other[0])


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
    if are_told_apart(first, second):
        assert outcome(first, second) is not Sameness.SAME


@settings(max_examples=60)
@given(LISTS, ACCOUNTS)
def test_a_search_finds_all_that_comparing_each_calls_the_same(
    accounts: list[Account], asked: Account
) -> None:
    index = IdentityIndex(accounts, IdentityPolicy(most_sharing=99), DAY)
    found = {match.account.id for match in index.find(asked, most=99) if match.sameness is Sameness.SAME}
    assert found == {one.id for one in accounts if outcome(asked, one) is Sameness.SAME}


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
