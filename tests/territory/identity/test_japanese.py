"""Kana, dashes and kanji of names. The pairs of kanji are those of the Joyo Kanji table (Cabinet Notification No. 2 of 2010)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prmcore.territory.identity import japanese


def test_no_kanji_is_folded_to_one_that_is_folded_itself() -> None:
    assert [old for old, new in japanese.KANJI.items() if new in japanese.KANJI] == []
    assert len(japanese.KANJI) > 350


def test_the_table_of_kanji_holds_what_unicode_does_not_fold() -> None:
    folded_anyhow = [old for old, new in japanese.KANJI.items() if unicodedata.normalize("NFKC", old) != old]
    assert folded_anyhow == []


@pytest.mark.parametrize(
    "pair",
    [
        "亞亜",
        "壓圧",
        "惠恵",
        "國国",
        "廣広",
        "櫻桜",
        "澤沢",
        "濱浜",
        "瀨瀬",
        "灣湾",
        "燈灯",
        "獨独",
        "眞真",
        "禪禅",
        "縣県",
        "莊荘",
        "藏蔵",
        "藝芸",
        "豐豊",
        "邊辺",
        "鐵鉄",
        "靜静",
        "齊斉",
        "齋斎",
        "龍竜",
        "黑黒",
    ],
)
def test_an_old_form_is_read_as_the_new_one_of_the_joyo_table(pair: str) -> None:
    assert japanese.KANJI[pair[0]] == pair[1]


@pytest.mark.parametrize("kanji", "斎斉島崎碕")
def test_kanji_of_different_names_stay_apart_in_the_core(kanji: str) -> None:
    assert kanji not in japanese.KANJI


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("センタ-", "センター"),
        ("J-MAX", "J MAX"),
        ("セブン-イレブン", "セブン イレブン"),
        ("カ--ド", "カード"),
        ("カー-ド", "カード"),
        ("メ一カ一", "メーカ一"),
        ("第一ホテル", "第一ホテル"),
    ],
)
def test_a_dash_is_a_long_mark_where_a_vowel_can_be_drawn_out(text: str, expected: str) -> None:
    assert japanese.long_marks(text) == expected


@given(st.text("ァアカガヴヂヅヰヱヲッャヮヶー々ゝヽ斎斉山ガ ab", max_size=20))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = japanese.folded(text)
    assert japanese.folded(once) == once


@given(st.text("トヨタ自動車ab々ー ", max_size=20))
def test_runs_hold_every_sign_but_gaps(text: str) -> None:
    assert "".join(japanese.runs(text)) == text.replace(" ", "")


@given(st.text(max_size=60))
def test_any_text_passes(text: str) -> None:
    assert isinstance(japanese.long_marks(japanese.katakana(japanese.joined_by_and(text))), str)
    assert isinstance(japanese.forms_from_brackets(text), str)
