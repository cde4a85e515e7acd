"""Kana in Latin letters: the syllables of ISO 3602, and the spellings that have the same sound."""

import pytest

from prmcore.territory.identity.romaji import endings, latin_of, latin_skeleton

# ISO 3602, table 1 (kunrei); ヂ, ヅ and ヴ by their sound today
SYLLABLES = (
    ("アイウエオ", "a i u e o"), ("カキクケコ", "ka ki ku ke ko"), ("サシスセソ", "sa si su se so"), ("タチツテト", "ta ti tu te to"),
    ("ナニヌネノ", "na ni nu ne no"), ("ハヒフヘホ", "ha hi hu he ho"), ("マミムメモ", "ma mi mu me mo"), ("ラリルレロ", "ra ri ru re ro"),
    ("ガギグゲゴ", "ga gi gu ge go"), ("ザジズゼゾ", "za zi zu ze zo"), ("ダヂヅデド", "da zi zu de do"), ("バビブベボ", "ba bi bu be bo"),
    ("パピプペポ", "pa pi pu pe po"), ("ヤユヨ", "ya yu yo"), ("ワヰヱヲ", "wa i e o"), ("ンヴ", "n bu"), ("ヵヶ", "ka ga"), ("ヷヸヹヺ", "ba bi be bo"),
    ("ァィゥェォ", "a i u e o"), ("ャュョヮ", "ya yu yo a"),
)  # fmt: skip


@pytest.mark.parametrize(("kana", "latin"), SYLLABLES)
def test_a_syllable_is_its_row_and_its_vowel(kana: str, latin: str) -> None:
    assert [latin_of(one) for one in kana] == latin.split()


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("キャキュキョ", "kyakyukyo"),
        ("ファフィフェフォ", "hahiheho"),
        ("トゥ", "tu"),
        ("シェジェチェ", "sezete"),
        ("クヮ", "ka"),
        ("ンァ", "na"),
        ("ニッポー", "nipo"),
        ("abc_12 鈴木", "abc_12 鈴木"),
        ("", ""),
    ],
)
def test_small_kana_make_one_syllable_with_the_one_before(kana: str, latin: str) -> None:
    assert latin_of(kana) == latin


@pytest.mark.parametrize(
    ("latin", "skeleton"),
    [
        ("shinagawa", "sinagawa"), ("shuto", "syuto"), ("chiba", "tiba"), ("matcha", "matya"), ("chuo", "tyuo"), ("tsuchi", "tuti"),
        ("kadzu", "kazu"), ("jinbo", "zinbo"), ("ja", "zya"), ("fuji", "huzi"), ("tela", "tera"), ("vora", "bora"), ("coca", "koka"), ("quatro", "kuatro"),
        ("shimbashi", "sinbasi"), ("sampo", "sanpo"), ("gumma", "gunma"), ("toukyou", "tokyo"), ("oosaka", "osaka"), ("yuuki", "yuki"), ("kaasan", "kasan"),
        ("neesan", "nesan"), ("niigata", "nigata"), ("niiya", "nya"), ("kiyya", "kya"), ("kiyanon", "kyanon"), ("kiyb", "kiyb"), ("ohsaka", "osaka"),
        ("ohta", "ota"), ("toh", "to"), ("ohara", "ohara"), ("nippon", "nipon"), ("xxxxy", "xy"), ("nikki 12", "niki 12"), ("", ""),
    ],
)  # fmt: skip
def test_all_spellings_of_a_sound_have_one_skeleton(latin: str, skeleton: str) -> None:
    assert latin_skeleton(latin) == skeleton


def test_the_endings_are_those_of_the_last_letter() -> None:
    assert endings(["osaka", "tokyo"]) == {"a", "h", "o", "u"}
    assert endings(["kob"]) == {"b", "v"}
    assert endings([]) == frozenset()
