"""A list searched: an account is found in it by whatever way its name is written, and by its numbers."""

import csv
import datetime
import gc
import importlib.util
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from prmcore.errors import InvalidInput
from prmcore.territory.identity import (
    Account,
    Address,
    Crowd,
    IdentityIndex,
    IdentityPolicy,
    NameKind,
    OtherName,
    Pair,
    Sameness,
    grouped,
    missing_libraries,
    strong_key,
)
from prmcore.values import DateRange

CASES = Path(__file__).parents[2] / "cases" / "identity"
DAY, POLICY = datetime.date(2026, 3, 31), IdentityPolicy()
FILERS = list(csv.DictReader((CASES / "edinet.csv").read_text(encoding="utf-8").splitlines(), strict=True))
NARROW = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFFA0)}


@pytest.fixture(scope="module")
def filers() -> IdentityIndex:
    return IdentityIndex(
        [
            Account(
                id=str(place), name=row["name"], keys=(strong_key("corporate_number", row["houjin_bangou"]),)
            )
            for place, row in enumerate(FILERS)
        ],
        POLICY,
        DAY,
    )


def in_half_width(name: str) -> str:
    """Katakana as banks write them, a voiced one with its mark behind it."""
    return "".join(
        "".join(NARROW.get(part, part) for part in unicodedata.normalize("NFD", sign))
        if "ァ" <= sign <= "ー"
        else sign
        for sign in name
    )


CORRUPTIONS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "one sign for the form": lambda name: name.replace("株式会社", "㈱").replace("有限会社", "㈲"),
    "the form in brackets": lambda name: name.replace("株式会社", "（株）"),
    "the form of banks": lambda name: name.replace("株式会社", "ｶ)") if name.startswith("株式会社") else name,
    "half width": in_half_width,
    "compatibility signs made one": lambda name: unicodedata.normalize("NFKC", name),
    "lower case": str.lower,
    "a fullwidth minus for a long mark": lambda name: name.replace("ー", "－"),
    "a minus for a long mark": lambda name: name.replace("ー", "−"),
    "no middle dots": lambda name: name.replace("・", ""),
    "blanks around it": lambda name: f"　{name} ",
    "a branch behind it": lambda name: f"{name}大阪支店" if name.endswith("株式会社") else name,
}


@pytest.mark.parametrize("how", CORRUPTIONS)
def test_every_name_is_found_among_all_however_it_is_written(filers: IdentityIndex, how: str) -> None:
    missed = [
        row["name"]
        for place, row in enumerate(FILERS)
        if str(place)
        not in {match.account.id for match in filers.find(CORRUPTIONS[how](row["name"]), most=99)}
    ]
    assert missed == []


def test_a_number_finds_its_company_alone_among_those_of_its_name(filers: IdentityIndex) -> None:
    for row in FILERS:
        key = strong_key("corporate_number", row["houjin_bangou"])
        found = filers.find(Account(id="asked", name=row["name"], keys=(key,)), most=99)
        same = [match.account for match in found if match.sameness is Sameness.SAME]
        assert {account.keys[0].value for account in same} == {row["houjin_bangou"]}
        assert found[0].sameness is Sameness.SAME


LATIN = (
    "Sakata Seed Corporation", "Kaneko Seeds Co., Ltd.", "Mitsubishi Electric Corporation", "Fuji Electric Co., Ltd.",
    "Takashimaya Company, Limited", "International Business Machines Corporation", "Yamaha Motor Robotics Holdings Co., Ltd.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("SAKATA SEEDS CORP", "Sakata Seed Corporation"),  # a letter put in
        ("Kaneko Seed Company", "Kaneko Seeds Co., Ltd."),  # left out
        ("Mitsubishi Electirc", "Mitsubishi Electric Corporation"),  # changed with its neighbour
        ("Mitsubishi Electrik", "Mitsubishi Electric Corporation"),  # replaced
        ("Takashimya", "Takashimaya Company, Limited"),
        ("Machines Business International", "International Business Machines Corporation"),  # another order
        ("Intl Business Machines", "International Business Machines Corporation"),  # shortened
        ("Yamaha Motor Robotics Hldgs", "Yamaha Motor Robotics Holdings Co., Ltd."),
    ],
)
def test_a_name_with_a_slip_finds_the_one_it_was_meant_for(asked: str, name: str) -> None:
    index = IdentityIndex([Account(id=str(n), name=one) for n, one in enumerate(LATIN)], POLICY, DAY)
    assert [match.account.name for match in index.find(asked)] == [name]


@pytest.mark.parametrize("how", sorted(CORRUPTIONS.keys() - {"as it is"}))
def test_every_way_of_writing_changes_names_of_the_list(how: str) -> None:
    assert any(CORRUPTIONS[how](row["name"]) != row["name"] for row in FILERS)


def test_a_company_is_found_by_the_name_that_it_had_and_not_by_one_that_it_is_yet_to_have() -> None:
    others = (
        OtherName(name="松下電器産業株式会社", kind=NameKind.FORMER, valid=DateRange(None, datetime.date(2008, 10, 1))),
        OtherName(name="Next Century", valid=DateRange(datetime.date(2030, 1, 1), None)),
    )  # fmt: skip
    index = IdentityIndex([Account(id="a", name="パナソニック株式会社", other_names=others)], POLICY, DAY)
    assert [match.points for match in index.find("松下電器産業(株)")] == [45]
    assert index.find("Next Century") == ()


def test_a_name_that_nobody_has_finds_nothing_and_no_more_is_found_than_asked_for(
    filers: IdentityIndex,
) -> None:
    assert filers.find("存在しない商会") == ()
    assert filers.find(FILERS[0]["name"], most=0) == ()


def test_the_same_come_first_then_those_with_more_points() -> None:
    listed = [
        Account(id="name", name="Acme Ltd"),
        Account(id="phone", name="Other Ltd", phones=("+81312345678",)),
        Account(id="both", name="Acme Limited", phones=("+81312345678",)),
    ]
    found = IdentityIndex(listed, POLICY, DAY).find(
        Account(id="asked", name="ACME", phones=("+81 3-1234-5678",))
    )
    assert [(match.account.id, match.points) for match in found] == [
        ("both", 90),
        ("name", 50),
        ("phone", 40),
    ]


def test_a_phone_that_more_than_five_accounts_have_finds_none_of_them() -> None:
    listed = [Account(id=str(n), name=f"{word} Ltd", phones=("+81312345678",)) for n, word in enumerate(
        ("Apple", "Banana", "Cherry", "Damson", "Elder", "Fig"))]  # fmt: skip
    asked = Account(id="asked", name="Grape Ltd", phones=("+81312345678",))
    assert IdentityIndex(listed, POLICY, DAY).find(asked) == ()
    assert len(IdentityIndex(listed[:5], POLICY, DAY).find(asked)) == 5


def test_an_empty_list_is_searched_and_an_id_that_comes_twice_is_refused() -> None:
    assert IdentityIndex([], POLICY, DAY).find("Acme") == ()
    twice = [Account(id="a", name="Acme"), Account(id="a", name="Other"), Account(id="b", name="Third")]
    with pytest.raises(InvalidInput, match="found 'a' more than once; accepted: each id once"):
        IdentityIndex(twice, POLICY, DAY)


def listed(*accounts: Account, **policy: int) -> IdentityIndex:
    return IdentityIndex(accounts, IdentityPolicy(**policy), DAY)  # type: ignore[arg-type]


def ids(index: IdentityIndex, asked: Account | str, most: int = 10) -> list[str]:
    return [match.account.id for match in index.find(asked, most)]


def test_ten_are_found_unless_more_are_asked_for_and_as_they_stand_in_the_list() -> None:
    index = listed(*(Account(id=str(place), name="Acme") for place in range(20, 8, -1)))
    assert len(index) == 12
    assert [match.account.id for match in index.find("Acme")] == [str(place) for place in range(20, 10, -1)]
    assert len(index.find("Acme", most=99)) == 12
    assert len(index.find("Acme", most=1)) == 1
    assert index.find("Acme", most=-1) == ()


def test_a_match_holds_the_decision_that_the_policy_makes_of_the_two() -> None:
    phones = ("+81312345678",)
    others = (
        Account(id=str(place), name=f"{word} Ltd", phones=phones)
        for place, word in enumerate(("Damson", "Elder", "Fig"))
    )
    index = listed(Account(id="a", name="Acme Ltd", phones=phones), *others, most_sharing=3)
    asked = Account(id="asked", name="Acme", phones=phones, domains=("acme.com",))
    (match,) = index.find(asked)
    assert (match.account.id, match.points, match.sameness) == ("a", 50, Sameness.POSSIBLE)
    assert match.decision.facts == Pair(asked, index.accounts[0], (Crowd("+81312345678", 4),))
    assert match.decision == index.policy.decide(match.decision.facts, DAY)
    assert index.crowds == {"+81312345678": 4}
    (bare,) = index.find("Acme")
    assert bare.decision.facts == Pair(Account(id="asked", name="Acme"), index.accounts[0])


def test_a_list_without_a_crowd_has_none_and_as_many_as_the_policy_says_are_none() -> None:
    phones = ("+81312345678",)
    three = [Account(id=word, name=f"{word} Ltd", phones=phones) for word in ("Damson", "Elder", "Fig")]
    assert listed(*three, most_sharing=3).crowds == {}
    assert listed(*three, most_sharing=2).crowds == {"+81312345678": 3}
    assert ids(listed(*three, most_sharing=3), three[0]) == ["Damson", "Elder", "Fig"]
    assert ids(listed(*three, most_sharing=2), three[0]) == ["Damson"]
    assert listed(*three, most_sharing=3).pairs() == {(0, 1), (0, 2), (1, 2)}
    assert listed(*three, most_sharing=2).pairs() == set()


def test_an_account_of_the_list_finds_itself_as_the_same() -> None:
    account = Account(id="a", name="Acme")
    (match,) = listed(account).find(account)
    assert (match.sameness, match.decision.outcome, match.points) == (Sameness.SAME, Sameness.SAME, 50)
    assert match.decision == POLICY.decide(Pair(account, account), DAY)
    assert listed(account).find("Acme")[0].sameness is Sameness.POSSIBLE


@pytest.mark.parametrize(
    ("name", "reading", "asked"),
    [
        ("鈴木", "スズキ", Account(id="asked", name="Suzuki")),
        ("Suzuki", None, Account(id="asked", name="鈴木", reading="スズキ")),
        ("鈴木", "スズキ", Account(id="asked", name="寿々木", reading="すずき")),
        ("鈴木", "スズキ", Account(id="asked", name="スズキ")),
        ("スズキ", None, Account(id="asked", name="鈴木", reading="スズキ")),
    ],
)
def test_an_account_is_found_by_how_its_name_is_read(name: str, reading: str | None, asked: Account) -> None:
    account = Account(id="a", name=name, reading=reading)
    index = listed(account, Account(id="b", name="山田", reading="ヤマダ"), Account(id="c", name="12"))
    assert ids(index, asked) == ["a"]
    assert listed(account, asked, Account(id="c", name="12")).pairs() == {(0, 1)}
    assert listed(asked, account).pairs() == {(0, 1)}


def test_of_many_accounts_of_one_name_the_first_50_by_id_and_those_at_the_same_block_are_compared() -> None:
    def account(place: int) -> Account:
        return Account(id=f"{place:03}", name="Acme Ltd", addresses=(Address(text=f"港区海岸1-2-{place}-9"),))

    order = [*range(40, 60), *range(40)]  # not the order of the ids
    index = listed(*map(account, order))
    bare = {f"{place:03}" for place in range(50)}
    assert {match.account.id for match in index.find("Acme", most=99)} == bare
    asked = Account(id="asked", name="Acme", addresses=(Address(text="港区海岸1-2-55"),))
    assert {match.account.id for match in index.find(asked, most=99)} == bare | {"055"}
    pairs = {tuple(sorted(index.accounts[place].id for place in pair)) for pair in index.pairs()}
    assert len(pairs) == 50 * 49 // 2
    twice = listed(
        *map(account, order), Account(id="999", name="ACME", addresses=(Address(text="港区海岸1-2-55-1"),))
    )
    pairs = {tuple(sorted(twice.accounts[place].id for place in pair)) for pair in twice.pairs()}
    assert len(pairs) == 50 * 49 // 2 + 1
    assert ("055", "999") in pairs
    assert len(listed(*map(account, range(50))).pairs()) == 50 * 49 // 2
    domain = [Account(id=str(place), name=f"Acme {place:03}x", domains=("acme.com",)) for place in range(51)]
    assert len(listed(*domain, most_sharing=99).pairs()) == 51 * 50 // 2  # of a domain all are


def test_of_many_accounts_that_sound_alike_the_first_50_by_id_are_compared() -> None:
    kana = [
        Account(id=f"{place:03}", name="鈴木", reading="スズキ") for place in (*range(40, 60), *range(40))
    ]
    bare = {f"{place:03}" for place in range(50)}
    assert set(ids(listed(*kana), "Suzuki", 99)) == bare
    latin = [attrs.evolve(account, name="Suzuki", reading=None) for account in kana]
    assert set(ids(listed(*latin), Account(id="asked", name="鈴木", reading="スズキ"), 99)) == bare


def test_the_garbage_collector_rests_while_a_list_is_made_and_is_as_it_was_then() -> None:
    def watched(seen: list[bool]) -> Iterator[Account]:
        for place in range(2):
            seen.append(gc.isenabled())
            yield Account(id=str(place), name="Acme")

    for enabled in (True, False):
        (gc.enable if enabled else gc.disable)()
        try:
            seen: list[bool] = []
            IdentityIndex(watched(seen), POLICY, DAY)
            grouped(watched(seen), POLICY, DAY)
            assert gc.isenabled() is enabled
            assert seen == [enabled, enabled, False, False]
        finally:
            gc.enable()


def test_a_library_that_cannot_be_found_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"phonenumbers", "rapidfuzz"}
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name if name in known else None)
    assert missing_libraries() == ("publicsuffixlist",)
    known.clear()
    assert missing_libraries() == ("phonenumbers", "publicsuffixlist", "rapidfuzz")


def test_what_is_no_day_is_refused_and_every_id_that_comes_twice_is_told() -> None:
    with pytest.raises(InvalidInput, match="as_of: found None; accepted: a date without a time"):
        IdentityIndex([], POLICY, None)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        listed(*(Account(id=id, name="Acme") for id in "abcab"))
    assert refused.value.title == "the accounts cannot be searched"
    assert [str(fault) for fault in refused.value.faults] == [
        f"found {id!r} more than once; accepted: each id once @ accounts" for id in "ab"
    ]


def test_hosts_that_the_policy_shares_find_nothing() -> None:
    one, other = (
        Account(id=id, name=name, domains=("acme.com",)) for id, name in (("a", "Acme"), ("b", "Zzyzx"))
    )
    policy = IdentityPolicy(shared_hosts=frozenset(["acme.com"]))
    assert IdentityIndex([one], policy, DAY).find(other) == ()
    assert ids(listed(one), other) == ["a"]


def test_names_with_slips_in_two_words_are_found_where_there_are_none_with_one() -> None:
    index = listed(
        Account(id="one", name="Zzyzx Acme Formulas"), Account(id="two", name="Zzyzx Acmes Formulae")
    )
    assert ids(index, "Zzyzx Acne Formulas") == ["one"]
    assert ids(index, "Zzyzx Acmez Formulax") == ["one", "two"]
    assert ids(
        index, Account(id="x", name="Foobar", other_names=(OtherName(name="Zzyzx Acne Formulas"),))
    ) == ["one"]
