"""A company's name, read: the core that identifies it, and what is written around it.

A name is written in many ways: full or half width, any case, with a legal form in any of its forms on either side, with its branch. What
is left when all this is taken off is the core; equal keys mean that two names are the same by spelling. That two companies have the same name is common
(36 pairs among 7,134 corporate filers in Japan's EDINET list): a key is evidence, never identity.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import NamedTuple

from prmcore.errors import Fault, InvalidInput
from prmcore.territory.identity import japanese
from prmcore.territory.identity.forms import first_form_end, word_form_cut
from prmcore.territory.identity.romaji import latin_of, latin_skeleton

__all__ = ["LONGEST_NAME", "NameParts", "initials", "read_name", "reading_key", "romaji_key"]

LONGEST_NAME = 400  # characters; a name that is longer is not a name
CACHED = 16_384  # names


class NameParts(NamedTuple):
    """A name and what it consists of."""

    written: str
    core: str  # NFKC, lower case, legal forms, branch and signs taken off, words by one space; new kanji, kana as katakana
    key: str  # the core without spaces, kana large, accents off: equal keys = the same name by spelling
    words: tuple[str, ...]  # of the core; Japanese: runs of one script
    forms: tuple[
        str, ...
    ]  # legal forms as the table shows them: "KK", "GMBH & CO KG", "LTD"; outermost first
    position: (
        str | None
    )  # "prefix" | "suffix" of a Japanese form (前株, 後株): evidence, not identity; None = no such form
    branch: (
        str | None
    )  # branch or office that was taken off: "大阪支店", "tokyo branch", normalised like the core
    is_japanese: bool  # holds kana or kanji (a Chinese name does, too)


class _Signs(dict[int, int | str | None]):
    """What each character is in a core; filled as characters are met, for there are too many to list."""

    def __missing__(self, code: int) -> int | str | None:
        sign = chr(code)
        kind = unicodedata.category(sign)
        if kind == "Cf" or 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
            found: int | str | None = (
                None  # joiners, marks of direction, variation selectors (the exact shape of a kanji)
            )
        elif kind[0] in "PSZC":
            found = 32
        else:
            found = code
        if len(self) < 200_000:
            self[code] = found
        return found


_SIGNS = _Signs(
    {ord(dash): 45 for dash in japanese.DASHES}
    | {ord(sign): None for sign in ".'’‘ʼ′`´。"}
    | {ord(sign): ord(sign) for sign in "ー々〆ゝ&+"}
    | {ord(old): ord(new) for old, new in (*japanese.KANJI.items(), *japanese.KANA.items())}
)
# Two forms are words, too ("Hotel & Spa", "Tesla EV"): they are forms only where they are written as such.
_SPA = re.compile(r"(?<=[\s,])(?:(?:[Ss]\.\s?[Pp]\.\s?[Aa]\b|SpA\b)\.?|(?<!&\s)(?<!AND\s)SPA(?=\W*$))")
_EV = re.compile(r"(?<=[\s,])(?:[Ee]\.\s?[Vv]|eV)\b\.?")
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ð": "d", "ħ": "h"}
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_FOREIGN = re.compile("[\u0080-\u2fff]")  # letters that may carry accents, but no kana and no kanji
_ARTICLE = "the"
_OFFICES = frozenset(["branch", "succursale", "zweigniederlassung", "filiale", "filial", "sucursal"])
_OFFICES_BEHIND_FORM = _OFFICES | frozenset(
    ["office", "division", "headquarters", "hq", "department", "plant", "factory", "works"]
)
_SMALL_WORDS = frozenset(["and", "of", "for", "the", "de", "du", "der", "und", "et", "y", "e"])


@functools.lru_cache(CACHED)
def read_name(written: str) -> NameParts:
    """The parts of a name as it is written; `InvalidInput` when there is nothing to read, or more than 400 characters.

    >>> read_name("Müller G.m.b.H. & Co. KG").core, read_name("Müller G.m.b.H. & Co. KG").forms
    ('müller', ('GMBH & CO KG',))
    >>> read_name("㈱髙島屋　大阪支店")
    NameParts(written='㈱髙島屋\u3000大阪支店', core='高島屋', key='高島屋', words=('高島屋',), forms=('KK',), position='prefix', branch='大阪支店', is_japanese=True)
    """
    if not written or len(written) > LONGEST_NAME:
        raise _unreadable(written)
    text = _normal(written)
    if text.isascii():
        return _latin(written, text, [], None, None) if text else _only_signs(written)
    return _eastern(written, text, [], None, None)


def _unreadable(written: str) -> InvalidInput:
    found = (
        f"has {len(written)} characters; at most {LONGEST_NAME} are read" if written.strip() else "is empty"
    )
    return InvalidInput("the name cannot be read", [Fault(f"the name {found}", "name")])


def _normal(written: str) -> str:
    """NFKC in lower case, signs as gaps; dashes beside kana and bracketed forms already read."""
    if written.isascii():
        text = _word_forms_apart(written).casefold()
    else:
        if japanese.CLEANED.search(written):
            written = written.translate(japanese.RARE)
        text = unicodedata.normalize(
            "NFKC", _word_forms_apart(unicodedata.normalize("NFKC", written)).casefold()
        )
    if ("(" in text or ")" in text) and not text.isascii():
        text = japanese.forms_from_brackets(text.strip())
    if "&" in text:
        text = text.replace("&", " and ") if text.isascii() else japanese.joined_by_and(text)
    text = text.translate(_SIGNS)
    if not text.isascii():
        text = japanese.long_marks(text)
        while not unicodedata.is_normalized("NFKC", text):
            text = unicodedata.normalize("NFKC", text).casefold().translate(_SIGNS)
    elif "-" in text:
        text = text.replace("-", " ")
    return " ".join(text.split())


def _word_forms_apart(text: str) -> str:
    """S.p.A., SpA and e.V. with gaps between their letters, which is how the table of forms has them."""
    if "." not in text and "SpA" not in text and "SPA" not in text and "eV" not in text:
        return text  # most names: to search for the patterns takes longer than all the rest of the reading
    return _EV.sub(" e v ", _SPA.sub(" s p a ", text))


def _only_signs(written: str) -> NameParts:
    """A name without a letter or a digit is read as it stands."""
    seen = "".join(sign for sign in written if unicodedata.category(sign)[0] != "C" or sign.isspace())
    text = " ".join(unicodedata.normalize("NFKC", seen).casefold().split())
    if not text:
        raise _unreadable("")
    return NameParts(written, text, text.replace(" ", ""), (text,), (), None, None, False)


def _eastern(
    written: str, text: str, forms: list[str], position: str | None, branch: str | None
) -> NameParts:
    """Forms and offices that stand without a gap beside the name, then those of words."""
    while True:
        if cut := japanese.form_cut(text):
            text, form, side = cut
            forms.append(form)
            position = position or side
        elif office := japanese.branch_cut(text):
            text, office_name, between = office
            branch = branch or office_name
            if between:
                forms.append(between)
                position = position or "suffix"
        else:
            break
    return _latin(written, text, forms, position, branch)


def _latin(written: str, text: str, forms: list[str], position: str | None, branch: str | None) -> NameParts:
    words = text.split()
    is_plain = text.isascii() or not _FOREIGN.search(text)
    plain = words if is_plain else [_plain(word) for word in words]
    while len(words) > 1:
        if cut := word_form_cut(plain):
            start, end, form = cut
            forms.append(form)
        elif plain[0] == _ARTICLE or plain[-1] == _ARTICLE:
            start, end = (1, len(words)) if plain[0] == _ARTICLE else (0, len(words) - 1)
        elif (behind := _office_start(plain)) is not None:
            start, end = 0, behind
            branch = branch or " ".join(words[behind:])
        else:
            break
        words, plain = words[start:end], plain[start:end]
    core = " ".join(words)
    if (
        len(core) < len(text) and not core.isascii()
    ):  # what was taken off may have hidden a form without a gap
        return _eastern(written, core, forms, position, branch)
    if core.isascii():
        return NameParts(
            written, core, core.replace(" ", ""), tuple(words), tuple(forms), position, branch, False
        )
    if not japanese.has_kana_or_kanji(core):
        return NameParts(written, core, "".join(plain), tuple(words), tuple(forms), position, branch, False)
    key = japanese.folded("".join(plain))
    return NameParts(written, core, key, japanese.runs(core), tuple(forms), position, branch, True)


@functools.lru_cache(CACHED)
def _plain(word: str) -> str:
    """A word without accents, as the key and the table of forms have it."""
    if word.isascii() or japanese.has_kana_or_kanji(word):
        return word
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS) or word


def _office_start(words: list[str]) -> int | None:
    """Where an office begins behind a name of words: behind its legal form, or one word before "branch"."""
    if words[-1] in _OFFICES_BEHIND_FORM and (end := first_form_end(words)) is not None:
        return end
    return len(words) - 2 if words[-1] in _OFFICES and len(words) > 2 else None


_KANA_FORMS = tuple(
    japanese.folded(kana)
    for kana in (
        "カブシキガイシャ", "カブシキカイシャ", "ユウゲンガイシャ", "ユウゲンカイシャ", "ゴウドウガイシャ", "ゴウドウカイシャ", "ゴウシガイシャ",
        "ゴウメイガイシャ", "ソウゴガイシャ", "イッパンシャダンホウジン", "イッパンザイダンホウジン", "コウエキシャダンホウジン", "コウエキザイダンホウジン",
        "シャダンホウジン", "ザイダンホウジン", "イリョウホウジンシャダン", "イリョウホウジンザイダン", "イリョウホウジン", "ガッコウホウジン", "シャカイフクシホウジン",
        "シュウキョウホウジン", "ドクリツギョウセイホウジン", "トクテイヒエイリカツドウホウジン", "トウシホウジン", "トクテイモクテキガイシャ",
    )
)  # fmt: skip


def reading_key(kana: str) -> str:
    """What all spellings of a kana reading share: of any width, with small kana or (as banks write) without, with - as ー.

    Legal forms are taken off, as words or as a bank abbreviates them (ｶ). Equal readings are weak evidence: スズキ and 鈴木 share one.

    >>> reading_key("ｶ)ｽｽﾞｷ"), reading_key("スズキカブシキガイシャ"), reading_key("サツポロシシヨバコセンタ-")
    ('スズキ', 'スズキ', 'サツポロシシヨバコセンタ')
    """
    if len(kana) > LONGEST_NAME:
        raise _unreadable(kana)
    text = japanese.folded(
        _normal(kana)
        .replace("株式会社", " ")
        .replace("有限会社", " ")
        .replace("合同会社", " ")
        .replace(" ", "")
    )
    while True:
        for form in _KANA_FORMS:
            if len(text) > len(form) and (text.startswith(form) or text.endswith(form)):
                text = text[len(form) :] if text.startswith(form) else text[: -len(form)]
                break
        else:
            return japanese.folded(text)  # again: a form stood behind the long mark


def romaji_key(text: str) -> str | None:
    """A key that a kana reading and its spellings in Latin letters share.

    None when there is no kana and no Latin letter, or when there is a kanji: how it is read cannot be known.

    >>> romaji_key("スズキ") == romaji_key("SUZUKI"), romaji_key("とうきょうしんじゅく") == romaji_key("Tōkyō-Shinjuku Co., Ltd.")
    (True, True)
    """
    try:
        parts = read_name(text)
    except InvalidInput:
        return None
    latin = latin_of(parts.core.replace(" ", "")) if parts.is_japanese else parts.key
    if not latin.isascii() or not any(map(str.isalpha, latin)):
        return None
    return latin_skeleton(latin)


def initials(parts: NameParts) -> str | None:
    """The first letters of a name's words, without "and", "of" and the like; None when fewer than two begin with a Latin letter.

    >>> initials(read_name("International Business Machines Corporation"))
    'IBM'
    """
    first = "".join(word[0] for word in parts.words if word not in _SMALL_WORDS)
    return first.upper() if len(first) > 1 and first.isascii() and first.isalpha() else None
