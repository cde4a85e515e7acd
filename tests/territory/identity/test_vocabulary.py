"""Words with slips, found among those of a list: every slip that one word can have, and how far two are found."""

import datetime
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.territory.identity import Account, IdentityIndex, IdentityPolicy
from prmcore.territory.identity.likeness import shape_of, slips_between
from prmcore.territory.identity.names import read_name
from prmcore.territory.identity.romaji import endings, latin_skeleton
from prmcore.territory.identity.vocabulary import MOST_HALF, Vocabulary

LATIN = st.text(string.ascii_lowercase, min_size=4, max_size=12)
KATAKANA = st.text("アイウエオカキクケコサシスセソタチツテトー", min_size=5, max_size=12)


def vocabulary(*names: str) -> Vocabulary:
    return Vocabulary([shape_of(read_name(name)) for name in names])


def spellings(words: Vocabulary, name: str) -> list[list[str]]:
    return [list(texts) for texts in words.spellings(shape_of(read_name(name)))]


@st.composite
def slipped(draw: st.DrawFn, words: st.SearchStrategy[str], letters: str) -> tuple[str, str]:
    """A word, and the same with a letter left out, put in, replaced, or changed with its neighbour."""
    word = draw(words)
    at = draw(st.integers(0, len(word) - 2))
    letter = draw(st.sampled_from(letters))
    ways = (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    return word, draw(st.sampled_from(ways))


@given(slipped(LATIN, string.ascii_lowercase) | slipped(KATAKANA, "アイウエオー"))
def test_a_word_with_one_slip_finds_the_word_that_was_meant(pair: tuple[str, str]) -> None:
    word, other = pair
    words = vocabulary(word)
    shape = shape_of(read_name(other))
    if (
        word != other
        and len(shape.words) == 1
        and slips_between(shape_of(read_name(word)).words[0], shape.words[0]) == 1
    ):
        assert words.near(shape.words[0]) == shape_of(read_name(word)).words


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("mutzubishi", "mitsubishi"),  # i and s of mitsu
        ("mitsubezhi", "mitsubishi"),  # i and s of bishi
        ("mitsbuishi", "mitsubishi"),  # the two letters in the middle changed over
    ],
)
def test_a_long_word_is_found_with_two_slips_in_one_half_or_its_middle_changed_over(
    asked: str, found: str
) -> None:
    assert vocabulary(found, "acme").near(asked) == (found,)


def test_a_long_word_with_a_slip_in_each_half_is_not_found() -> None:
    assert slips_between("mutsubishe", "mitsubishi") == 2
    assert vocabulary("mitsubishi").near("mutsubishe") == ()


@pytest.mark.parametrize("asked", ["Bcme", "Acm", "Fund 3", "東日本放送", "viii"])
def test_what_is_another_word_is_near_to_none(asked: str) -> None:
    words = vocabulary("Acme", "Fund 2", "西日本放送", "viiii")
    assert [text for texts in spellings(words, asked) for text in texts] == []


def test_a_name_is_spelt_with_one_word_changed_and_then_with_two() -> None:
    words = vocabulary("acmee forms", "acme farms")
    one, two = spellings(words, "acme forms")
    assert (sorted(one), sorted(two)) == (["acmeeforms", "acmefarms"], ["acmeefarms"])


def test_a_word_that_the_list_does_not_have_is_changed_in_any_case() -> None:
    words = vocabulary("acme forms", "acmee forum")
    (one, two) = spellings(words, "acme formz")
    assert sorted(one) == ["acmeforms"]
    assert sorted(two) == ["acmeeforms"]
    assert spellings(words, "acme zzzz") == []


def test_a_half_that_too_many_words_share_finds_nothing_in_whatever_order_they_come() -> None:
    many = [f"intel{one}{two}" for one in string.ascii_lowercase for two in string.ascii_lowercase[:10]]
    assert len(many) > MOST_HALF
    for words in (vocabulary(*many), vocabulary(*reversed(many))):
        assert words.near("intelaax") == ()  # by "int" alone
        assert words.near("itelaa") == ("intelaa",)  # by its second half


def test_katakana_is_found_without_its_long_marks() -> None:
    assert vocabulary("リーコー商事").near("リコ") == ("リーコ",)


@given(st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12))
def test_the_last_letter_of_a_spelling_tells_whether_it_can_have_a_skeleton(text: str) -> None:
    skeleton = latin_skeleton(text)
    assert text[-1] in endings([skeleton])


def test_of_many_accounts_of_one_name_the_same_are_compared_in_whatever_order_they_stand() -> None:
    accounts = [Account(id=f"{place:03}", name="Acme Ltd") for place in range(60)]
    day = datetime.date(2026, 3, 31)
    ways = [IdentityIndex(order, IdentityPolicy(), day) for order in (accounts, accounts[::-1])]
    found = [
        {tuple(sorted(index.accounts[place].id for place in pair)) for pair in index.pairs()}
        for index in ways
    ]
    assert found[0] == found[1]
    assert len(found[0]) == 50 * 49 // 2


def test_as_many_as_200_words_may_share_a_half() -> None:
    two = [f"intel{one}{other}" for one in string.ascii_lowercase for other in string.ascii_lowercase]
    assert "intelaa" in vocabulary(*two[:200]).near("intelaax")
    assert vocabulary(*two[:201]).near("intelaax") == ()


def test_a_name_is_spelt_in_500_ways_at_most() -> None:
    letters = string.ascii_lowercase
    words = vocabulary(*(f"forma{letter}" for letter in letters), *(f"plant{letter}" for letter in letters))
    (two,) = spellings(words, "forma plant")  # 26 * 26 = 676
    assert len(two) == len(set(two)) == 500
    assert two[:2] == ["formaaplanta", "formaaplantb"]


def test_a_name_with_three_strange_words_or_one_that_is_near_to_none_has_no_spelling() -> None:
    words = vocabulary("acme", "forms", "plant")
    assert spellings(words, "acne farms plants") == []
    assert spellings(words, "acne farms") == [["acmeforms"]]
    assert spellings(words, "acne zzyzx") == []
    assert spellings(words, "acme forms") == []
    assert spellings(words, "acne forms") == [["acmeforms"]]


def test_a_word_is_looked_for_once_and_a_strange_one_stays_strange() -> None:
    words = vocabulary("acme", "acmee")
    for _ in range(2):
        assert words.near("acme") == ("acmee",)
        assert words.near("acne") == ("acme",)
        assert spellings(words, "acne") == [["acme"]]


def test_of_a_name_of_kana_and_kanji_one_run_of_katakana_is_changed() -> None:
    words = vocabulary("アステラス桜センタース", "アステロス", "センタークス")
    assert words.near("アステラス") == ("アステロス",)
    assert spellings(words, "アステラス桜センタース") == [
        ["アステロス桜センタース", "アステラス桜センタークス"]
    ]
    assert spellings(words, "アステリス桜センタース") == [
        ["アステラス桜センタース", "アステロス桜センタース"]
    ]
    assert spellings(words, "アステリス桜センターズ") == []  # two would have to be changed
    assert vocabulary("アステラス").near("イステラス") == ("アステラス",)  # the first sign may be slipped in


@pytest.mark.parametrize(
    ("asked", "listed", "found"),
    [
        ("acem", "acme", True),
        ("caem", "acme", False),  # the first letter is right
        ("aacme", "acme", True),
        ("acmee", "acme", True),
        ("ace", "acme", False),  # three letters have no slip
        ("formulas", "formula", True),
        ("ormula", "formula", False),
        ("fromula", "formula", True),
        ("formual", "formula", True),
        ("forumla", "formula", True),
        ("mitsubishixy", "mitsubishi", True),
        ("mitsubishixyz", "mitsubishi", False),
        ("mitsubis", "mitsubishi", False),  # eight letters have one slip
        ("mitsubixx", "mitsubishi", False),
        ("mixxsubishi", "mitsubishi", True),
    ],
)
def test_a_word_is_near_to_another_by_its_slips(asked: str, listed: str, found: bool) -> None:
    assert vocabulary(listed, "zzyzx").near(asked) == ((listed,) if found else ())
