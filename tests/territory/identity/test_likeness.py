"""How alike two names are: every border between one name, a slip, a family, a number and another name, by the rules that stand there."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.territory.identity import likeness as module
from prmcore.territory.identity.likeness import (
    Likeness,
    Relation,
    Shape,
    are_alike,
    is_katakana,
    likeness,
    plain_slips,
    respelt,
    shape_of,
    slips,
    slips_allowed,
    slips_between,
)
from prmcore.territory.identity.names import read_name


def shape(name: str) -> Shape:
    return shape_of(read_name(name))


def compared(one: str, other: str) -> tuple[str, int]:
    """In both orders, which is the same."""
    found = likeness(shape(one), shape(other))
    assert likeness(shape(other), shape(one)) == found
    return found.relation.value, found.slips


# a word, and the ways to shorten it or to say that there are several; as newspapers and registers write them
SHORT = """
    international: intl internatl int | national: natl nat | american: amer | manufacturing: mfg manuf | manufacturers: mfrs
    technology: tech techs technol technologies | system: sys systems | service: svcs svc serv services | solution: sol solns solutions
    group: grp | holding: hldgs hldg hd hds holdings | industry: inds ind industries | enterprise: ent enterprises
    product: prods prod products | pharmaceutical: pharma pharm pharmaceuticals | chemical: chem chems chemicals | electric: elec elect
    engineering: eng engr engg | development: dev devel | management: mgmt mgt | financial: fin finl | insurance: ins
    communication: comm comms communications | telecommunication: telecom telecommunications | laboratory: labs lab laboratories
    brothers: bros | associate: assoc assocs associates | university: univ | institute: inst | center: ctr centre | department: dept
    market: mkt mkts markets | research: res | resource: resources rsrcs | property: props properties prop | partner: partners
    equipment: equip | transport: trans transp | automotive: auto | pacific: pac | saint: st | mount: mt | fort: ft | food: foods
    energy: energies | store: stores | motor: motors | brand: brands | network: networks | instrument: instruments
"""
PAIRS = [
    (short, full)
    for full, _, several in (
        row.partition(": ") for line in SHORT.split("\n") for row in line.strip().split(" | ")
    )
    for short in several.split()
]


@pytest.mark.parametrize(("short", "full"), PAIRS)
def test_a_shortened_word_is_compared_in_full(short: str, full: str) -> None:
    assert shape(f"{short} zzyzx").words == (full, "zzyzx")
    assert shape(f"{full} zzyzx").words == (full, "zzyzx")


@pytest.mark.parametrize("word", ["and", "of", "the", "for", "de", "la", "und", "et", "y", "e"])
def test_a_word_that_only_joins_others_is_not_compared(word: str) -> None:
    assert shape(f"acme {word} zzyzx").words == ("acme", "zzyzx")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Zzyzx Acme Ltd", Shape("zzyzxacme", ("acme", "zzyzx"), "acmezzyzx", False)),
        ("Müller Acme", Shape("mulleracme", ("acme", "muller"), "acmemuller", False)),
        ("Ромашка", Shape("ромашка", ("ромашка",), "ромашка", False)),
        ("Of De La", Shape("ofdela", ("ofdela",), "ofdela", False)),  # nothing but such words: as it stands
        ("トヨタ自動車", Shape("トヨタ自動車", ("トヨタ", "自動車"), "トヨタ自動車", True)),
        ("三菱ＨＤ", Shape("三菱hd", ("三菱", "ホールデイングス"), "三菱ホールデイングス", True)),
        ("三菱ＨＤＳ", Shape("三菱hds", ("三菱", "ホールデイングス"), "三菱ホールデイングス", True)),
        ("三菱Holding", Shape("三菱holding", ("三菱", "ホールデイングス"), "三菱ホールデイングス", True)),
        ("三菱Holdings", Shape("三菱holdings", ("三菱", "ホールデイングス"), "三菱ホールデイングス", True)),
        ("三菱xhd", Shape("三菱xhd", ("三菱xhd",), "三菱xhd", True)),  # another word
        ("ア二ア八ア力ア工ア口ア夕ア卜ア千ア三ア", Shape(
            "ア二ア八ア力ア工ア口ア夕ア卜ア千ア三ア", ("アニアハアカアエアロアタアトアチアミア",), "アニアハアカアエアロアタアトアチアミア", True)),
        ("二サクラ", Shape("二サクラ", ("ニサクラ",), "ニサクラ", True)),
        ("桜第二サクラ", Shape("桜第二サクラ", ("桜第二", "サクラ"), "桜第二サクラ", True)),  # a number
        ("桜二", Shape("桜二", ("桜二",), "桜二", True)),
    ],
)  # fmt: skip
def test_a_shape_is_the_words_in_full_in_the_order_of_the_alphabet(name: str, expected: Shape) -> None:
    assert shape(name) == expected


def test_a_name_is_respelt_at_its_places_and_kana_and_kanji_keep_theirs() -> None:
    assert respelt(shape("Acme Forms"), (0, "zacme")) == "formszacme"
    assert respelt(shape("Acme Forms"), (0, "axme"), (1, "farms")) == "axmefarms"
    assert respelt(shape("商事サクラ"), (1, "サクロ")) == "商事サクロ"


@pytest.mark.parametrize(
    ("one", "other", "relation", "count"),
    [
        # one and the same
        ("Acme Ltd", "ACME Limited", "equal", 0),
        ("Acme Zzyzx", "Zzyzx Acme", "similar", 0),
        ("Soft Ware Tech", "Software Technology", "similar", 0),  # apart and together, with a word between
        # slips: the first letter is right, a word of four letters has one, of nine two, all words three
        ("Zzyzx Acme", "Zzyzx Acne", "similar", 1),
        ("Zzyzx Acm", "Zzyzx Acn", "other", 0),
        ("Zzyzx Acme", "Zzyzx Bcme", "other", 0),
        ("Zzyzx Formular", "Zzyzx Formxxar", "other", 0),
        ("Zzyzx Formulars", "Zzyzx Formxxars", "similar", 2),
        ("Zzyzx Formulars", "Zzyzx Fxxxulars", "other", 0),
        # alone a word has to have six letters, and the shorter counts
        ("Acmees", "Acmeex", "similar", 1),
        ("Acmee", "Acmex", "other", 0),
        ("Acmee", "Acmeex", "other", 0),
        # two words: straight and crossed, the nearer way; never three words, never four slips
        ("Zzyzx Acme Forms", "Zzyzx Acne Farms", "similar", 2),
        ("Zzyzx Farmer Formal", "Zzyzx Fzrmer Formel", "similar", 2),
        ("Zzyzx Formatione Formatizns", "Zzyzx Formationf Formatiznt", "similar", 2),
        ("Zzyzx Acme Formulars", "Zzyzx Acne Formxxars", "similar", 3),
        ("Zzyzx Carpenter Formulars", "Zzyzx Carpxxter Formxxars", "other", 0),
        ("Zzyzx Acme Blue", "Zzyzx Acne Green", "other", 0),
        ("Zzyzx Blue Acme", "Zzyzx Green Acne", "other", 0),
        ("Zzyzx Acme Forms Blues", "Zzyzx Acne Farms Bluex", "other", 0),
        ("Acmees Formal", "Acmeex Formel", "similar", 2),
        ("Acmees Form", "Acmeex Farm", "other", 0),
        # another number of words
        ("Zzyzx Acme Blue", "Zzyzx Green", "other", 0),
        # a family: one holds the other, and a word that tells something
        ("Zzyzx Acme", "Zzyzx", "family", 0),
        ("Zzyzx Zzyzx Acme", "Zzyzx Acme", "family", 0),
        ("Xq Food", "Xq", "other", 0),
        ("Xqz Food", "Xqz", "family", 0),
        ("Xq Food Global", "Xq Food", "family", 0),
        ("2030 Food", "2030", "other", 0),
        # numbers
        ("Zzyzx 2", "Zzyzx 3", "numbered", 0),
        ("Zzyzx 2nd", "Zzyzx 3rd", "numbered", 0),
        ("Zzyzx II", "Zzyzx III", "numbered", 0),
        ("Zzyzx a1", "Zzyzx b2", "numbered", 0),
        ("Zzyzx One", "Zzyzx Two", "numbered", 0),
        ("Zzyzx One Two", "Zzyzx Three", "numbered", 0),
        ("Zzyzx 2", "Zzyzx Acme", "other", 0),
        ("One", "Two", "other", 0),
        ("1 2", "1 3", "numbered", 0),
        ("Zzyzx 2", "Zzyzx", "family", 0),
        # kana and kanji
        ("サクラスーパー商事", "サクラスパー商事", "similar", 1),
        ("アステラス商事", "アステロス商事", "similar", 1),
        ("アステラス商事", "イステラス商事", "similar", 1),  # in kana the first letter may be slipped in
        ("サクラ商事", "サクロ商事", "other", 0),
        ("アステラス商事", "アステロス商会", "other", 0),
        ("アステラス桜アステラス", "アステロス桜アステリス", "other", 0),
        ("東日本放送", "西日本放送", "other", 0),
        ("桜アステラス", "桜astelas", "other", 0),
        ("桜", "桜商事", "other", 0),
        ("桜花", "桜花商事", "family", 0),
        ("商事", "桜商事", "other", 0),
        ("商事会", "一商事会", "family", 0),
        ("NTT", "NTT都市開発", "family", 0),
        ("桜花商事", "梅花商会", "other", 0),
        ("サクラ第一", "サクラ第二", "numbered", 0),
        ("サクラ第一商事", "サクラ第二商会", "other", 0),
        ("サクラ3", "サクラ5", "numbered", 0),
        ("サクラ五", "サクラ六", "numbered", 0),
        ("桜五", "桜六", "other", 0),
        ("サクラ", "サクラ5", "other", 0),
        ("サクラ5商事", "サクラ5商事会", "family", 0),
    ],
)  # fmt: skip
def test_what_two_names_are_to_each_other(one: str, other: str, relation: str, count: int) -> None:
    assert compared(one, other) == (relation, count)


def test_what_is_one_name_written_twice_is_equal_or_similar() -> None:
    alike = [relation for relation in Relation if are_alike(Likeness(relation))]
    assert alike == [Relation.EQUAL, Relation.SIMILAR]


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        (0, "a abc abc1defghi 2030 viii three third second 12th a12 アイウエ"),
        (1, "acme abcdefgh アイウエオ アイウエオカキクケ"),
        (2, "abcdefghi mitsubishi アイウエオカキクケコ"),
    ],
)
def test_the_longer_a_word_the_more_slips_it_may_have(allowed: int, words: str) -> None:
    assert {slips_allowed(word) for word in words.split()} == {allowed}


@pytest.mark.parametrize(
    ("word", "is_one"),
    [("ァ", True), ("ヾ", True), ("ヾア", True), ("アb", True), ("ー", True), ("", False), ("゠", False), ("ヿ", False), ("abc", False), ("Z", False), ("桜", False)],
)  # fmt: skip
def test_a_word_is_katakana_by_its_first_sign(word: str, is_one: bool) -> None:
    assert is_katakana(word) is is_one


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        ("acme", "acme", 0),
        ("viii", "viii", 0),
        ("acme", "acne", 1),
        ("acme", "acm", None),  # the shorter allows none
        ("mitsubishi", "mutsubishi", 1),
        ("mitsubishi", "bitsubishi", None),
        ("mitsubishi", "mxtsuxishi", 2),
        ("mitsubishi", "mxtsuxishx", None),
        ("formular", "formulars", 1),
        ("formulxr", "formulars", None),  # two, and the shorter allows one
        ("コーヒー", "コヒ", 1),
        ("アステラス", "イステラス", 1),
        ("アステラス", "アステロズ", None),
        ("アス", "アズ", None),
    ],
)
def test_two_words_are_some_slips_apart_or_two_words(one: str, other: str, count: int | None) -> None:
    assert slips_between(one, other) == slips_between(other, one) == count


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "abc", 3), ("", "abcd", 4), ("", "abcde", 4), ("abcdef", "uvwxyz", 4), ("technologies", "technolgies", 1), ("form", "from", 1), ("abc", "ca", 3)],
)  # fmt: skip
def test_more_than_three_slips_count_as_four(one: str, other: str, count: int) -> None:
    """ca to abc is three: a letter that was put in is not changed with its neighbour as well."""
    assert (
        slips(one, other) == slips(other, one) == plain_slips(one, other) == plain_slips(other, one) == count
    )


@given(st.text("abc", max_size=9), st.text("abc", max_size=9))
def test_slips_are_the_same_number_with_a_library_and_without(one: str, other: str) -> None:
    assert slips(one, other) == plain_slips(one, other)


def test_without_the_library_slips_are_counted_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    module.counting.cache_clear()
    try:
        assert module.counting() is plain_slips
    finally:
        module.counting.cache_clear()
