"""Evidence, line by line: each kind where it is told, beside the nearest account of which it is not."""

import datetime

import pytest

from prmcore.territory.identity import (
    Account,
    Address,
    Evidence,
    EvidenceKind,
    NameKind,
    OtherName,
    StrongKey,
    strong_key,
)
from prmcore.territory.identity.evidence import Profile, forms_differ, lines, name_of, profile
from prmcore.values import DateRange

DAY = datetime.date(2026, 3, 31)
LATER = DAY + datetime.timedelta(days=1)
EARLIER = DAY - datetime.timedelta(days=1)

# what a line can say at best, and whether it speaks against
KINDS = """
    same account    strong
    same key        strong
    other key       strong  against
    same name       medium
    former name     medium
    similar name    weak
    same reading    weak
    same sound      weak
    same initials   weak
    family          weak
    other number    medium  against
    other form      medium  against
    other reading   weak    against
    same domain     medium
    crowded domain  none
    same phone      weak
    crowded phone   none
    same place      medium
    other place     weak    against
    other country   weak    against
    other office    none
    other location  medium  against
"""


def test_every_kind_says_what_it_can_and_which_way() -> None:
    rows = [row.strip().split("  ") for row in KINDS.strip().splitlines()]
    expected = [(row[0], [word.strip() for word in row[1:] if word.strip()]) for row in rows]
    found = [
        (kind.value, [line.strength.value, *(["against"] if line.is_against else [])])
        for kind in EvidenceKind
        for line in [Evidence(kind, "", "")]
    ]
    assert found == expected


def known(name: str = "Acme", **what: object) -> Profile:
    return profile(Account(id="a", name=name, **what), DAY)  # type: ignore[arg-type]


def told(first: Profile, second: Profile, crowds: dict[str, int] | None = None) -> list[tuple[str, str, str]]:
    return [(line.kind.value, line.first, line.second) for line in lines(first, second, crowds)]


def called(name: str, *others: OtherName) -> Profile:
    return known(name, other_names=others)


def former(name: str, start: datetime.date | None = None, end: datetime.date | None = None) -> OtherName:
    return OtherName(name=name, kind=NameKind.FORMER, valid=DateRange(start, end))


def alias(name: str, start: datetime.date | None = None, end: datetime.date | None = None) -> OtherName:
    return OtherName(name=name, valid=DateRange(start, end))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Acme", "ACME", [("same name", "Acme", "ACME")]),
        ("Acme Forms", "Acme Farms", [("similar name", "Acme Forms", "Acme Farms")]),
        ("Acme 2", "Acme 3", [("other number", "Acme 2", "Acme 3")]),
        ("Acme Foods", "Acme", [("family", "Acme Foods", "Acme")]),
        ("Acme", "Zzyzx", []),
        ("Acme GmbH", "Acme Inc", [("same name", "Acme GmbH", "Acme Inc"), ("other form", "Acme GmbH", "Acme Inc")]),
        ("Acme GmbH", "Acme", [("same name", "Acme GmbH", "Acme")]),
        ("Acme Forms AG", "Acme Farms Ltd", [("similar name", "Acme Forms AG", "Acme Farms Ltd"), ("other form", "Acme Forms AG", "Acme Farms Ltd")]),
        ("Acme Foods AG", "Acme Ltd", [("family", "Acme Foods AG", "Acme Ltd")]),
        ("Acme Osaka Branch", "Acme", [("same name", "Acme Osaka Branch", "Acme"), ("other office", "Acme Osaka Branch", "Acme")]),
        ("Acme Osaka Branch", "ACME Osaka Branch", [("same name", "Acme Osaka Branch", "ACME Osaka Branch")]),
        ("Acme Osaka Branch", "Zzyzx", []),
        ("スズキ", "Suzuki", [("same sound", "スズキ", "Suzuki")]),
        ("Suzuki", "スズキ", [("same sound", "Suzuki", "スズキ")]),
        ("スズキ モーター", "Suzukimota", [("same sound", "スズキ モーター", "Suzukimota")]),
        ("International Business Machines", "IBM", [("same initials", "International Business Machines", "IBM")]),
        ("IBM", "International Business Machines", [("same initials", "IBM", "International Business Machines")]),
        ("ACFB", "Acme Commercial Foods Brothers", [("same initials", "ACFB", "Acme Commercial Foods Brothers")]),
        ("AF", "Acme Foods", []),  # two letters are too few
        ("IBX", "International Business Machines", []),
    ],
)  # fmt: skip
def test_two_names_are_told_by_what_they_are_to_each_other(
    first: str, second: str, expected: list[tuple[str, str, str]]
) -> None:
    assert told(known(first), known(second)) == expected


def test_of_several_names_the_two_that_are_most_alike_are_told() -> None:
    zzyzx = known("Zzyzx")
    # alike before a family
    assert told(known("Acme Foods"), called("Acme", alias("Acme Foods"))) == [
        ("same name", "Acme Foods", "Acme Foods")
    ]
    # of a like form before another one, though AG comes before GmbH
    assert told(known("Acme GmbH"), called("Acme AG", alias("ACME GmbH"))) == [
        ("same name", "Acme GmbH", "ACME GmbH")
    ]
    # equal before similar, though it is a former one
    assert told(known("Acme Forms"), called("Acme Farms", former("Acme Forms", None, DAY))) == [
        ("former name", "Acme Forms", "Acme Forms")
    ]
    # current before former, though ACME comes before Acme
    assert told(known("Acme"), called("Zzyzx", former("ACME", None, DAY), alias("Acme"))) == [
        ("same name", "Acme", "Acme")
    ]
    # fewer slips before more
    assert told(known("Mitsubishi Foods"), called("Mitsubexhi Foods", alias("Mitsubizhi Foods"))) == [
        ("similar name", "Mitsubishi Foods", "Mitsubizhi Foods")
    ]
    # the first ones of the alphabet, whichever list they are in
    several = called("Acme", alias("ACME"), alias("acme"))
    assert told(several, called("acme", alias("aCME"))) == [("same name", "ACME", "aCME")]
    assert told(called("acme", alias("aCME")), several) == [("same name", "aCME", "ACME")]
    # any of several on both sides
    assert told(called("Zzyzx", alias("Acme")), called("Foobar", alias("Acme"))) == [
        ("same name", "Acme", "Acme")
    ]
    assert told(zzyzx, called("Acme", alias("Zzyzx"))) == [("same name", "Zzyzx", "Zzyzx")]
    assert told(called("Acme", alias("International Business Machines")), called("Zzyzx", alias("IBM"))) == [
        ("same initials", "Acme", "Zzyzx")
    ]


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (alias("Acme"), "same name"),
        (alias("Acme", DAY), "same name"),  # from today on
        (alias("Acme", LATER), None),  # yet to come
        (alias("Acme", None, DAY), "former name"),  # the end is the first day without it
        (alias("Acme", None, LATER), "same name"),
        (former("Acme"), "former name"),  # nobody wrote down when it ended
        (former("Acme", EARLIER), "former name"),
        (former("Acme", None, LATER), "same name"),  # still today
        (former("Acme", None, EARLIER), "former name"),
    ],
)
def test_a_name_counts_from_the_day_that_it_was_given_and_as_a_former_one_from_its_end(
    other: OtherName, kind: str | None
) -> None:
    expected = [] if kind is None else [(kind, "Acme", "Acme")]
    assert told(known("Acme"), called("Zzyzx", other)) == expected
    assert [line[0] for line in told(called("Zzyzx", other), known("Acme"))] == [line[0] for line in expected]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("鈴木", "スズキ"), ("寿々木", "スズキ"), [("same reading", "スズキ", "スズキ")]),
        (("鈴木", "すずき"), ("寿々木", "ｽｽﾞｷ"), [("same reading", "すずき", "ｽｽﾞｷ")]),
        (("鈴木", "スズキ"), ("スズキ", None), [("same reading", "スズキ", "スズキ")]),
        (("鈴木", "スズキ"), ("Suzuki", None), [("same sound", "スズキ", "Suzuki")]),
        (("鈴木", "スズキ"), ("12", None), []),
        (("鈴木", "スズキ"), ("山田", None), []),
        (("鈴木", "スズキ"), ("山田", "ヤマダ"), []),
        (("東", "アズマ"), ("東", "ヒガシ"), [("same name", "東", "東"), ("other reading", "アズマ", "ヒガシ")]),
        (("東", "アズマ"), ("東", "アズマ"), [("same name", "東", "東")]),
        (("東", "アズマ"), ("東", None), [("same name", "東", "東")]),
        (("東", None), ("東", "ヒガシ"), [("same name", "東", "東")]),
    ],
)  # fmt: skip
def test_readings_are_told_where_the_names_are_not_one(
    first: tuple[str, str | None], second: tuple[str, str | None], expected: list[tuple[str, str, str]]
) -> None:
    one, other = (known(name, reading=reading) for name, reading in (first, second))
    assert told(one, other) == expected


def test_a_former_name_says_nothing_of_another_reading() -> None:
    one = known("東", reading="アズマ")
    other = known("西", reading="ヒガシ", other_names=(former("東"),))
    assert told(one, other) == [("former name", "東", "東")]


def test_kana_is_two_signs_or_more_and_what_a_name_is_known_by_is_seen_of_any_of_its_names() -> None:
    assert [name_of(one).is_kana for one in ("スズキ", "スギ", "ス", "鈴木", "suzuki", "スズキ自動車")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert [name_of("Acme").is_former, name_of("Acme", True).is_former] == [False, True]
    one = called("鈴木", alias("スズキ"), alias("Suzuki"))
    assert (one.has_kana, one.has_latin) == (True, True)
    assert (one.readings, one.sounds) == (frozenset(["スズキ"]), frozenset(["suzuki"]))
    assert one.latin == {"suzuki"}
    assert (known("鈴木").has_kana, known("鈴木").has_latin) == (False, False)
    assert known("鈴木", reading="スズキ").has_kana
    assert known("123").latin == frozenset()
    assert known("鈴木", reading="鈴木").sounds == frozenset()  # how a kanji is read cannot be known


def test_what_is_not_known_is_empty_and_a_profile_is_itself_alone() -> None:
    bare = known()
    assert (bare.countries, bare.keys, bare.domains, bare.phones, bare.addresses, bare.reading) == (
        frozenset(), frozenset(), {}, {}, (), None)  # fmt: skip
    assert len({bare, known()}) == 2


def keys(*written: str) -> tuple[StrongKey, ...]:
    return tuple(strong_key(*one.split("=")) for one in written)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (["siren=732829320"], ["siret=73282932000074"], [("same key", "732829320", "732829320")]),
        (["vat=DE136695976"], ["vat=DE129274202"], [("other key", "136695976", "129274202")]),
        (["vat=DE136695976"], ["vat=BE0697449992"], []),
        (["duns=150483782"], ["duns=150483783"], [("other location", "150483782", "150483783")]),
        (["duns=150483782", "duns=150483784"], ["duns=150483783"], [("other location", "150483782, 150483784", "150483783")]),
        (["duns=150483782", "duns=150483784"], ["duns=150483784"], [("same key", "150483784", "150483784")]),
        (["duns=150483782", "vat=DE136695976"], ["duns=150483783", "vat=DE129274202"],
         [("other key", "136695976", "129274202"), ("other location", "150483782", "150483783")]),
        (["duns=150483782"], ["vat=DE129274202"], []),
        (["vat=DE136695976", "vat=BE0697449992"], ["vat=DE136695976", "vat=BE0697449992"],
         [("same key", "0697449992", "0697449992"), ("same key", "136695976", "136695976")]),
        (["vat=DE136695976"], [], []),
    ],
)  # fmt: skip
def test_numbers_of_one_register_are_told(
    first: list[str], second: list[str], expected: list[tuple[str, str, str]]
) -> None:
    assert told(known("Acme", keys=keys(*first)), known("Zzyzx", keys=keys(*second))) == expected


def test_the_domain_and_the_phone_that_fewest_accounts_have_are_told_as_they_are_written() -> None:
    one = known(
        "Acme", domains=("www.b.com", "a.com", "me@gmail.com", "192.168.0.1"), phones=("+81 3-1234-5678",)
    )
    other = known(
        "Zzyzx", domains=("info@a.com", "b.com", "you@gmail.com", "192.168.0.1"), phones=("+81312345678",)
    )
    phone = ("same phone", "+81 3-1234-5678", "+81312345678")
    assert one.domains == {"b.com": "www.b.com", "a.com": "a.com"}
    assert told(one, other) == [("same domain", "a.com", "info@a.com"), phone]
    assert told(one, other, {"a.com": 1}) == [("same domain", "www.b.com", "b.com"), phone]
    assert told(one, other, {"a.com": 9, "b.com": 7}) == [("crowded domain", "www.b.com", "b.com"), phone]
    crowded = lines(one, other, {"a.com": 7, "b.com": 9, "+81312345678": 8})
    assert [(line.kind.value, line.count) for line in crowded] == [
        ("crowded domain", 7),
        ("crowded phone", 8),
    ]
    assert [line.count for line in lines(one, other)] == [None, None]
    assert told(one, known("Zzyzx", domains=("c.com",), phones=("+81312345679",))) == []


def test_a_host_that_the_caller_shares_is_no_domain_of_an_account() -> None:
    account = Account(id="a", name="Acme", domains=("acme.reseller.example",))
    assert list(profile(account, DAY).domains) == ["reseller.example"]
    assert profile(account, DAY, {"reseller.example"}).domains == {}


def at(*addresses: str, country: str | None = None) -> Profile:
    return known("Acme", addresses=tuple(Address(text=one) for one in addresses), country=country)


NAMES = ("same name", "Acme", "Acme")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (["港区海岸1-2-3"], ["東京都港区海岸一丁目2番3号"], ("same place", "港区海岸1-2-3", "東京都港区海岸一丁目2番3号")),
        (["港区海岸1-2-3"], ["港区芝1-2-3"], ("other place", "港区海岸1-2-3", "港区芝1-2-3")),
        (["港区海岸1-2-3"], ["港区"], None),
        (["港区海岸1-2-3"], ["港区", "港区芝1-2-3"], None),  # not all are told apart
        (["港区芝1", "港区海岸1-2-3"], ["港区海岸1-2-3"], ("same place", "港区海岸1-2-3", "港区海岸1-2-3")),
        (["乙町1", "丙町1"], ["甲町1", "丁町1"], ("other place", "丙町1", "丁町1")),  # the first pair as sorted: 丁 丙
        (["甲町1", "丁町1"], ["乙町1", "丙町1"], ("other place", "丁町1", "丙町1")),
    ],
)  # fmt: skip
def test_a_place_is_told_once(
    first: list[str], second: list[str], expected: tuple[str, str, str] | None
) -> None:
    assert told(at(*first), at(*second)) == [NAMES, *([expected] if expected else [])]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (known(country="JP"), known(country="DE"), [("other country", "JP", "DE")]),
        (known(country="JP"), known(country="JP"), []),
        (known(country="JP"), known(), []),
        (known(), known(country="JP"), []),
        (known(country="US", addresses=(Address(text="Oslo", country="NO"),)), known(country="JP", addresses=(Address(text="Rom", country="IT"),)),
         [("other country", "NO", "IT")]),
        (known(country="US", addresses=(Address(text="Rom", country="IT"),)), known(country="IT"), []),
    ],
)  # fmt: skip
def test_two_countries_are_told_where_they_have_none_in_common(
    first: Profile, second: Profile, expected: list[tuple[str, str, str]]
) -> None:
    assert [line for line in told(first, second) if line[0].endswith("country")] == expected


def test_an_address_alone_may_tell_the_country() -> None:
    there = known(addresses=(Address(text="Oslo", country="NO"),))
    assert there.countries == {"NO"}
    assert known(addresses=(Address(text="Oslo"),)).countries == frozenset()


def test_english_forms_are_of_two_laws_in_two_countries() -> None:
    one, other = known("Acme Ltd", country="GB"), known("Acme Inc", country="US")
    assert [line[0] for line in told(one, other)] == ["same name", "other form", "other country"]
    assert [line[0] for line in told(one, known("Acme Inc", country="GB"))] == ["same name"]
    two = called("Acme Inc", alias("ACME Limited"))
    assert [line[0] for line in told(one, two)] == ["same name"]


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        (("PTY LTD",), ("LTD",), False), (("LTD",), ("PTY LTD",), False), (("PTY LTD",), ("CO LTD",), False), (("PTY LTD",), ("INC",), True),
        (("PTY LTD",), ("PTE LTD",), True), (("GMBH",), ("LTD",), True), (("相互会社",), ("GMBH",), True), (("医療法人",), ("GMBH",), True),
        (("?",), ("GMBH",), False), (("GMBH",), ("?",), False), (("?",), ("!",), False), (("GMBH",), ("GMBH",), False), ((), ("GMBH",), False),
        (("GMBH",), (), False), (("GMBH", "LTD"), ("INC", "LTD"), False), (("GMBH", "LTD"), ("INC",), False), (("GMBH", "KK"), ("AG",), True),
        (("CORP",), ("GMBH",), True), (("LTD",), ("INC",), False), (("INC",), ("KK",), False),
    ],
)  # fmt: skip
def test_two_forms_differ_where_both_are_told_and_neither_stands_for_the_other(
    first: tuple[str, ...], second: tuple[str, ...], differ: bool
) -> None:
    assert forms_differ(first, second) is differ
