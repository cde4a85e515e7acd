"""What a misspelt name is told."""

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.errors import MOST_COMPARED, nearest, unknown_name

# Far apart from each other, so that one slip leaves no doubt; and many that begin, and that end, alike.
WORDS = [f"{word}-{number:04}" for number in range(500) for word in ("mountain", "river")]
SEAS = [
    "adriatic",
    "baltic",
    "caribbean",
    "coral",
    "ionian",
    "mediterranean",
    "north-sea",
    "sargasso",
    "tasman",
]


@given(st.sampled_from(SEAS), st.data())
def test_a_word_with_one_slip_is_found_among_many(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    slips = [
        word[:place] + word[place + 1 :],
        word[:place] + "x" + word[place + 1 :],
        word[:place] + "x" + word[place:],
    ]
    assert {nearest(slip, [*WORDS, *SEAS]) for slip in slips} == {word}


def test_nothing_is_meant_by_a_word_like_no_other() -> None:
    assert nearest("zzz", [*WORDS, *SEAS]) is None
    assert unknown_name("sea", "zzz", []) == "unknown sea 'zzz'. There are: none"


def test_names_are_told_in_order_the_first_thirty() -> None:
    told = unknown_name("sea", "baltik", reversed([*WORDS, *SEAS]))
    assert told.startswith(
        "unknown sea 'baltik'; did you mean 'baltic'? There are: adriatic, baltic, caribbean"
    )
    assert told.endswith(", mountain-0023, ...")  # six seas stand before it


def test_a_misspelt_name_is_compared_with_few_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    real = difflib.get_close_matches

    def counted(word: str, names: list[str], n: int, cutoff: float) -> list[str]:
        compared.append(len(names))
        return real(word, names, n=n, cutoff=cutoff)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    assert unknown_name("word", "rivr-0123", WORDS).count("river-0123") == 1
    assert max(compared) <= MOST_COMPARED
