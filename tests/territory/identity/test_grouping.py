"""The companies of a list: who is joined, who is not, and what a person is shown."""

import csv
import datetime
from pathlib import Path

import pytest

from prmcore.errors import InvalidInput
from prmcore.territory.identity import (
    Account,
    EvidenceKind,
    Grouping,
    IdentityPolicy,
    Link,
    Sameness,
    grouped,
    strong_key,
)

CASES = Path(__file__).parents[2] / "cases" / "identity"
DAY, POLICY = datetime.date(2026, 3, 31), IdentityPolicy()
FILERS = list(csv.DictReader((CASES / "edinet.csv").read_text(encoding="utf-8").splitlines(), strict=True))
ONE, OTHER = strong_key("corporate_number", "6010401082746"), strong_key("corporate_number", "1010401175166")


def acme(id: str, *keys: str, name: str = "Acme Ltd") -> Account:
    """One of those that share a name and a domain; the keys are D-U-N-S numbers."""
    return Account(
        id=id, name=name, domains=("acme.com",), keys=tuple(strong_key("duns", key) for key in keys)
    )


def grouping(*accounts: Account) -> Grouping:
    """Of the list in both directions, which is one and the same."""
    found = grouped(accounts, POLICY, DAY)
    assert grouped(reversed(accounts), POLICY, DAY) == found
    return found


def test_no_accounts_are_no_groups_and_one_is_one() -> None:
    assert grouping() == Grouping((), (), ())
    assert grouping(acme("a")) == Grouping((("a",),), (), ())


def test_an_id_that_comes_twice_is_refused() -> None:
    with pytest.raises(InvalidInput, match="found 'a' more than once"):
        grouped([acme("a"), acme("a", name="Other Ltd")], POLICY, DAY)


def test_accounts_are_joined_through_one_that_is_the_same_as_both() -> None:
    by_domain = Account(id="a", name="Acme Ltd", domains=("acme.com",))
    by_phone = Account(id="c", name="Acme Ltd", phones=("+442079460000",))
    between = Account(id="b", name="ACME Limited", domains=("www.acme.com",), phones=("+44 20 7946 0000",))
    found = grouping(by_domain, between, by_phone)
    assert found.joined == (("a", "b", "c"),)
    assert found.possible == ()


def test_a_link_that_would_join_two_numbers_of_one_register_is_refused_and_told() -> None:
    first = Account(id="a", name="Acme Ltd", domains=("acme.com",), keys=(ONE,))
    second = Account(id="c", name="Acme Ltd", domains=("acme.com",), keys=(OTHER,))
    found = grouping(first, acme("b"), second)
    assert found.groups == (("a", "b"), ("c",))
    assert [(link.first, link.second, link.points) for link in found.refused] == [("b", "c", 95)]


def test_a_number_joins_before_a_name_does() -> None:
    first = Account(id="a", name="Acme Ltd", domains=("acme.com",), keys=(ONE,))
    named = Account(id="b", name="Acme Ltd", domains=("acme.com",))
    both = Account(id="c", name="Acme Ltd", keys=(ONE,))
    assert grouping(first, named, both).groups == (("a", "b", "c"),)


def test_what_may_be_one_company_is_shown_and_not_joined() -> None:
    found = grouping(Account(id="a", name="Acme Ltd"), Account(id="b", name="ACME Limited"))
    assert found.joined == ()
    assert [(link.first, link.second, link.points) for link in found.possible] == [("a", "b", 50)]


def test_two_duns_numbers_are_shown_and_not_joined() -> None:
    found = grouping(acme("a", "150483782"), acme("b", "150483783"))
    assert found.joined == ()
    assert [(link.first, link.second, link.points) for link in found.possible] == [("a", "b", 95)]
    assert grouping(acme("a", "150483782"), acme("b", "150483783", "150483782")).joined == (("a", "b"),)


def test_the_filers_of_edinet_listed_twice_are_the_companies_that_they_are() -> None:
    """The second list has them without a form, as names are typed; its rows keep the number of their company."""
    listed = []
    for place, row in enumerate(FILERS):
        keys = (strong_key("corporate_number", row["houjin_bangou"]),)
        listed.append(Account(id=f"{place}-a", name=row["name"], keys=keys))
        listed.append(Account(id=f"{place}-b", name=row["name"].replace("株式会社", ""), keys=keys))
    found = grouping(*listed)
    numbers = {account.id: account.keys[0].value for account in listed}
    assert sorted(id for group in found.groups for id in group) == sorted(numbers)
    assert len(found.groups) == len({row["houjin_bangou"] for row in FILERS})
    assert all(len({numbers[id] for id in group}) == 1 for group in found.groups)
    assert found.refused == ()


def named(id: str, name: str, **known: object) -> Account:
    return Account(id=id, name=name, **known)  # type: ignore[arg-type]


def test_a_link_says_of_whom_it_is_and_what_it_rests_on_and_links_are_in_the_order_of_their_ids() -> None:
    found = grouping(
        named("d", "Acme"),
        named("c", "Zzyzx"),
        named("b", "Acme Ltd"),
        named("a", "Zzyzx Ltd"),
        named("e", "ACME"),
    )
    same_name = (EvidenceKind.SAME_NAME,)
    assert found.possible == (
        Link("a", "c", 50, same_name),
        Link("b", "d", 50, same_name),
        Link("b", "e", 50, same_name),
        Link("d", "e", 50, same_name),
    )
    assert found.groups == (("a",), ("b",), ("c",), ("d",), ("e",))
    assert found.pairs() == {(link.first, link.second): Sameness.POSSIBLE for link in found.possible}


def test_a_possible_link_within_a_group_or_between_groups_that_a_register_tells_apart_is_not_shown() -> None:
    one = named("a", "Acme", keys=(ONE,))
    also = named("b", "Foobar", keys=(ONE,))
    assert grouping(one, also, named("c", "Acme")).possible == (
        Link("a", "c", 50, (EvidenceKind.SAME_NAME,)),
    )
    within = grouping(
        one, named("b", "Acme", domains=("acme.com",)), named("c", "Acme", keys=(ONE,), domains=("acme.com",))
    )
    assert (within.groups, within.possible) == ((("a", "b", "c"),), ())
    apart = grouping(named("a", "Acme", keys=(ONE,)), named("b", "Zzyzx", keys=(OTHER,)), named("c", "Zzyzx", domains=("a.com",)),
                     named("d", "Acme", keys=(ONE,), domains=("a.com",)))  # fmt: skip
    assert apart.joined == (("a", "d"),)
    assert [(link.first, link.second) for link in apart.possible] == [("b", "c"), ("c", "d")]


def test_of_two_links_that_cannot_both_be_the_one_with_more_points_joins_and_then_the_first() -> None:
    one = named("a", "Acme Ltd", keys=(ONE,), domains=("acme.com",))
    other = named("c", "Acme Ltd", keys=(OTHER,), domains=("acme.com",), phones=("+442079460000",))
    both = named("b", "Acme Ltd", domains=("acme.com",), phones=("+442079460000",))
    found = grouping(one, other, both)
    assert found.joined == (("b", "c"),)
    kinds = (EvidenceKind.SAME_NAME, EvidenceKind.SAME_DOMAIN)
    assert found.refused == (Link("a", "b", 95, kinds),)
    assert found.pairs() == {("b", "c"): Sameness.SAME, ("a", "b"): Sameness.POSSIBLE}


def test_the_numbers_of_a_group_are_those_of_all_of_it() -> None:
    vat, lei = strong_key("vat", "DE136695976"), strong_key("lei", "5493000IBP32UQZ0KL24")
    accounts = (
        named("a", "Acme", domains=("acme.com",)),
        named("b", "Acme", domains=("acme.com",), keys=(vat,)),
        named("c", "Acme", domains=("acme.com",), keys=(lei,)),
        named("d", "Acme", domains=("acme.com",), keys=(strong_key("vat", "DE129274202"),)),
        named("e", "Foobar", keys=(lei, strong_key("vat", "DE129274202"))),
    )
    found = grouping(*accounts)
    assert found.groups == (("a", "b"), ("c", "d", "e"))
    assert [(link.first, link.second) for link in found.refused] == [("a", "c"), ("a", "d"), ("b", "c")]


def test_the_same_pairs_are_the_first_of_a_group_with_each_other() -> None:
    found = Grouping((("a", "b", "c"), ("d",)), (Link("a", "d", 40, ()),), (Link("b", "d", 95, ()),))
    assert found.joined == (("a", "b", "c"),)
    assert found.pairs() == {
        ("a", "b"): Sameness.SAME, ("a", "c"): Sameness.SAME, ("a", "d"): Sameness.POSSIBLE, ("b", "d"): Sameness.POSSIBLE,
    }  # fmt: skip
