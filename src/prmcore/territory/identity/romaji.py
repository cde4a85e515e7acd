"""One key for a kana reading and its spellings in Latin letters."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable

__all__ = ["endings", "latin_of", "latin_skeleton"]

# Kunrei spelling (ISO 3602, table 1), since it is regular: a syllable is its row and its vowel.
_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ", "m": "マミムメモ",
    "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダ__デド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
_KANA = {kana: row + vowel for row, five in _ROWS.items() for kana, vowel in zip(five, "aiueo", strict=True) if kana != "_"} | {
    "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヰ": "i", "ヱ": "e", "ヲ": "o", "ン": "n", "ヂ": "zi", "ヅ": "zu", "ヴ": "bu",
    "ァ": "<a", "ィ": "<i", "ゥ": "<u", "ェ": "<e", "ォ": "<o", "ャ": "<ya", "ュ": "<yu", "ョ": "<yo", "ヮ": "<a", "ッ": "", "ー": "",
    "ヵ": "ka", "ヶ": "ga", "ヷ": "ba", "ヸ": "bi", "ヹ": "be", "ヺ": "bo",
}  # fmt: skip
_TABLE = str.maketrans(_KANA)
_SMALL_Y = re.compile("i<y")
_SMALL = re.compile("[aiueo]<")

_SPELLINGS = [  # Hepburn and Western letters, in this order, as the syllables of Kunrei
    ("shi", "si"), ("sh", "sy"), ("chi", "ti"), ("ch", "ty"), ("tsu", "tu"), ("dzu", "zu"), ("ji", "zi"), ("j", "zy"),
    ("f", "h"), ("l", "r"), ("v", "b"), ("c", "k"), ("q", "k"), ("mb", "nb"), ("mp", "np"), ("mm", "nm"),
    ("ou", "o"), ("ii", "i"), ("yy", "y"),
]  # fmt: skip
_OH = re.compile("oh(?![aiueoy])")
_I_Y = re.compile("iy(?=[aueo])")
# What the last letter of a spelling may be in its skeleton, where it can be another one.
_LAST = {"c": "k", "f": "h", "h": "hoy", "j": "y", "l": "r", "q": "k", "u": "uo", "v": "b"}
_LETTERS = string.ascii_lowercase + string.digits
_DOUBLES = [(letter * 2, letter) for letter in string.ascii_lowercase]


def endings(skeletons: Iterable[str]) -> frozenset[str]:
    """The letters that a spelling of one of these can end in; to look at them is much quicker than to make a skeleton.

    >>> sorted(endings(["tokyo"]))
    ['h', 'o', 'u']
    """
    last = {one[-1] for one in skeletons}
    return frozenset(one for one in _LETTERS if not last.isdisjoint(_LAST.get(one, one)))


def latin_of(kana: str) -> str:
    """A kana reading in Latin letters, long marks and ッ left out; other signs stay as they are.

    >>> latin_of("スズキ"), latin_of("トウキョウ"), latin_of("キヤノン")
    ('suzuki', 'toukyou', 'kiyanon')
    """
    text = kana.translate(_TABLE)
    if "<" in text:
        text = _SMALL.sub("", _SMALL_Y.sub("y", text)).replace("<", "")
    return text


def latin_skeleton(latin: str) -> str:
    """What all ways of spelling a reading share: si as shi, tu as tsu, long vowels and doubled consonants as one.

    >>> latin_skeleton("shinjuku") == latin_skeleton("sinzyuku"), latin_skeleton("toukyou") == latin_skeleton("tokyo")
    (True, True)
    """
    text = _OH.sub("o", latin)
    for written, short in _SPELLINGS:
        if written in text:
            text = text.replace(written, short)
    text = _I_Y.sub("y", text)
    for double, letter in _DOUBLES:
        while double in text:  # three times as fast as one pattern with a group that is repeated
            text = text.replace(double, letter)
    return text
