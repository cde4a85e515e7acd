"""A list searched: an account is found in it by whatever way its name is written, and by its numbers."""

import csv
import datetime
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from prmcore.errors import InvalidInput
from prmcore.territory.identity import (
    Account,
    IdentityIndex,
    IdentityPolicy,
    NameKind,
    OtherName,
    Sameness,
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
