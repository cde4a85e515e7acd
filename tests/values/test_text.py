"""Texts in several languages."""

import pickle
from typing import Any

import pytest

from prmcore.errors import InvalidInput
from prmcore.values import Text

GOLD = Text.of("Gold", ja="ゴールド", zh="金牌", zh_Hant="金級")


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Gold"),
        ("ja", "ゴールド"),
        ("ja_JP", "ゴールド"),
        ("ja-JP", "ゴールド"),
        ("zh_Hans_CN", "金牌"),
        ("zh-Hant-TW", "金級"),
        ("fr", "Gold"),  # English, where the language is not there
        ("", "Gold"),
    ],
)
def test_the_words_are_of_the_nearest_language(locale: str, words: str) -> None:
    assert GOLD.in_locale(locale) == words


def test_a_text_without_english_falls_back_on_its_first_language() -> None:
    text = Text.from_mapping({"ja": "金", "zh-Hans": "金牌"})
    assert (text.in_locale("fr"), text.in_locale("zh_Hans"), str(text)) == ("金", "金牌", "金")


def test_a_text_reads_as_its_english_words() -> None:
    assert (str(GOLD), repr(GOLD)) == ("Gold", "Text('Gold')")
    assert pickle.loads(pickle.dumps(GOLD)) == GOLD
    assert hash(GOLD) == hash(Text.of("Gold", ja="ゴールド", zh="金牌", zh_Hant="金級"))


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        ({}, ["holds no language"]),
        ({"en": "  ", "ja": 5}, ["found '  '; accepted: words @ en", "found 5; accepted: words @ ja"]),
        ({"zh-Hant": "金", "zh_Hant": "銀"}, ["is given twice @ zh_Hant"]),
    ],
)
def test_a_text_without_words_is_refused(words: dict[str, Any], faults: list[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        Text.from_mapping(words)
    assert [str(fault) for fault in caught.value.faults] == faults
