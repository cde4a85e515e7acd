"""How alike two names are: one and the same, a slip of the pen apart, of one family, or told apart by a number.

Every answer can be checked by eye: no score is learnt, and none depends on what else is in a list. Words are matched one to
one. A word may differ by one slip, a long one by two (a slip is a letter left out, put in, replaced, or changed with its neighbour:
optimal string alignment). Short words, words with a digit, numerals and kanji are never a slip apart: 東/西, II/III and
ABC/ABD are other companies. `slips_allowed` says of one word what may be a slip in it; `vocabulary.py` looks for such words in a list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache, partial
from typing import NamedTuple

from prmcore.territory.identity.names import NameParts

__all__ = [
    "Likeness",
    "Relation",
    "Shape",
    "are_alike",
    "is_katakana",
    "likeness",
    "respelt",
    "shape_of",
    "slips",
    "slips_allowed",
    "slips_between",
]


class Relation(StrEnum):
    """What two names are to each other."""

    EQUAL = "equal"  # by spelling
    SIMILAR = "similar"  # slips, abbreviations, another order of the words
    FAMILY = "family"  # one holds the other, and more
    NUMBERED = "numbered"  # alike but for a number
    OTHER = "other"


class Likeness(NamedTuple):
    """What two names are to each other, and how many slips lie between them."""

    relation: Relation
    slips: int = 0


class Shape(NamedTuple):
    """What of a name is compared: its words in full, in the order of the alphabet."""

    key: str  # equal keys are equal names
    words: tuple[str, ...]
    text: str  # the words without blanks: equal texts are names of the same words, apart or together
    is_japanese: bool


# How words of company names are shortened; the longer form counts. Plurals of them are the same word.
_FULL: Mapping[str, str] = {
    "intl": "international", "internatl": "international", "int": "international", "natl": "national", "nat": "national", "amer": "american",
    "mfg": "manufacturing", "manuf": "manufacturing", "mfrs": "manufacturers", "tech": "technology", "techs": "technology",
    "technol": "technology", "technologies": "technology", "sys": "system", "systems": "system", "svcs": "service", "svc": "service",
    "serv": "service", "services": "service", "sol": "solution", "solns": "solution", "solutions": "solution", "grp": "group",
    "hldgs": "holding", "hldg": "holding", "hd": "holding", "hds": "holding", "holdings": "holding", "inds": "industry", "ind": "industry",
    "industries": "industry", "ent": "enterprise", "enterprises": "enterprise", "prods": "product", "prod": "product",
    "products": "product", "pharma": "pharmaceutical", "pharm": "pharmaceutical", "pharmaceuticals": "pharmaceutical",
    "chem": "chemical", "chems": "chemical", "chemicals": "chemical", "elec": "electric", "elect": "electric", "eng": "engineering",
    "engr": "engineering", "engg": "engineering", "dev": "development", "devel": "development", "mgmt": "management", "mgt": "management",
    "fin": "financial", "finl": "financial", "ins": "insurance", "comm": "communication", "comms": "communication",
    "communications": "communication", "telecom": "telecommunication", "telecommunications": "telecommunication", "labs": "laboratory",
    "lab": "laboratory", "laboratories": "laboratory", "bros": "brothers", "assoc": "associate", "assocs": "associate",
    "associates": "associate", "univ": "university", "inst": "institute", "ctr": "center", "centre": "center", "dept": "department",
    "mkt": "market", "mkts": "market", "markets": "market", "res": "research", "resources": "resource", "rsrcs": "resource",
    "props": "property", "properties": "property", "prop": "property", "partners": "partner", "equip": "equipment", "trans": "transport",
    "transp": "transport", "auto": "automotive", "pac": "pacific", "st": "saint", "mt": "mount", "ft": "fort", "foods": "food",
    "energies": "energy", "stores": "store", "motors": "motor", "brands": "brand", "networks": "network", "instruments": "instrument",
}  # fmt: skip
_ACCENTS = re.compile("[\u0300-\u036f]")
_JOINING = frozenset(("and", "of", "the", "for", "de", "la", "und", "et", "y", "e"))
_HOLDINGS = re.compile("(?<=[^a-z])(?:hds|hd|holdings|holding)$")
# Katakana that a reader, or a scanner, takes for a kanji of the same look; written as katakana on both sides.
_LOOKALIKES = str.maketrans("二八力工口夕卜千三", "ニハカエロタトチミ")
_BESIDE_KATAKANA = re.compile("(?<=[ァ-ヺー])[二八力工口夕卜千三]|(?<!第)[二八力工口夕卜千三](?=[ァ-ヺー])")
_PART = re.compile("[ァ-ヺーヽヾ]+|[^ァ-ヺーヽヾ]+")
_DIGITS = re.compile(r"\d+")
_NUMERAL = re.compile(
    r"\d+[a-z]{0,2}|[ivx]{1,5}|[a-z]\d+|one|two|three|four|five|six|seven|eight|nine|ten|first|second|third"
)


def shape_of(parts: NameParts) -> Shape:
    """The words of a name as they are compared."""
    if parts.is_japanese:
        text = _HOLDINGS.sub("ホールデイングス", parts.key)
        text = _BESIDE_KATAKANA.sub(lambda found: found[0].translate(_LOOKALIKES), text)
        return Shape(parts.key, tuple(_PART.findall(text)), text, True)
    plain = parts.words if parts.core.isascii() else [_bare(word) for word in parts.words]
    words = sorted([_FULL.get(word, word) for word in plain if word not in _JOINING])
    return Shape(parts.key, tuple(words) or (parts.key,), "".join(words) or parts.key, False)


def respelt(shape: Shape, *changes: tuple[int, str]) -> str:
    """The text of the name with other words at some of its places."""
    words = list(shape.words)
    for place, other in changes:
        words[place] = other
    if not shape.is_japanese:
        words.sort()
    return "".join(words)


def _bare(word: str) -> str:
    """A word without accents."""
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word)))


def likeness(first: Shape, second: Shape) -> Likeness:
    """What two names are to each other; the same in both orders.

    >>> from prmcore.territory.identity.names import read_name
    >>> def alike(first, second):
    ...     return likeness(shape_of(read_name(first)), shape_of(read_name(second))).relation.value
    >>> alike("Intl Business Machines", "International Busines Machines Corp."), alike("Acme Fund II", "Acme Fund III")
    ('similar', 'numbered')
    >>> alike("Toyota Motor", "Toyota Motor Europe NV/SA"), alike("東日本放送", "西日本放送")
    ('family', 'other')
    """
    if first.key == second.key:
        return Likeness(Relation.EQUAL)
    if first.text == second.text:
        return Likeness(Relation.SIMILAR)
    if not (first.is_japanese or second.is_japanese):
        return _of_words(first, second)
    return _of_runs(first, second)


def _of_words(first: Shape, second: Shape) -> Likeness:
    left, right = list(first.words), list(second.words)
    for word in first.words:
        if word in right:
            left.remove(word)
            right.remove(word)
    if not left or not right:
        return _family(first, second)
    if all(map(_NUMERAL.fullmatch, left + right)):
        return Likeness(Relation.NUMBERED if len(left) < len(first.words) else Relation.OTHER)
    alone = len(left) == len(first.words)  # and so is the other
    if len(left) != len(right):
        return Likeness(Relation.SIMILAR if "".join(left) == "".join(right) else Relation.OTHER)
    return _paired(left, right, alone)


def _paired(left: list[str], right: list[str], alone: bool) -> Likeness:
    """The words that are left over, each with the one that is nearest to it; few, for a name is not all slips."""
    if len(left) == 1:
        total = _of_word(left[0], right[0], alone)
    elif len(left) == 2:
        ways = (_of_two(left, right, alone), _of_two(left, right[::-1], alone))
        total = min((one for one in ways if one is not None), default=None)
    else:
        total = None
    return Likeness(Relation.OTHER) if total is None or total > 3 else Likeness(Relation.SIMILAR, total)


def _of_two(left: list[str], right: list[str], alone: bool) -> int | None:
    one, other = _of_word(left[0], right[0], alone), _of_word(left[1], right[1], alone)
    return None if one is None or other is None else one + other


def _of_word(first: str, second: str, alone: bool) -> int | None:
    """How many slips two words are apart; None = they are two words. A name without another word in common needs longer ones."""
    return None if alone and min(len(first), len(second)) < 6 else slips_between(first, second)


@lru_cache(65_536)
def slips_allowed(word: str) -> int:
    """How many slips there may be between this word and one that is as long or longer; 0 = it has no slips, it is another word.

    >>> [slips_allowed(word) for word in ("abc", "acme", "mitsubishi", "2030", "viii", "スズキ", "アステラス")]
    [0, 1, 2, 0, 0, 0, 1]
    """
    if is_katakana(word):
        return 0 if len(word) < 5 else 1 if len(word) < 10 else 2
    if len(word) < 4 or _NUMERAL.fullmatch(word) or _DIGITS.search(word):
        return 0
    return 1 if len(word) < 9 else 2


def is_katakana(word: str) -> bool:
    """Whether a word of a shape is katakana; it is wholly so, or not at all."""
    return "ァ" <= word[:1] <= "ヾ"


def slips_between(first: str, second: str) -> int | None:
    """How many slips two words are apart; None = they are two words.

    The first letter is not slipped in, unless it is katakana; ー, which is left out at will, is one slip however often.
    """
    if first == second:
        return 0
    if is_katakana(first):
        if first.replace("ー", "") == second.replace("ー", ""):
            return 1
    elif first[:1] != second[:1]:
        return None
    allowed = min(slips_allowed(first), slips_allowed(second))
    if not allowed:
        return None
    count = slips(first, second)
    return count if count <= allowed else None


def _family(first: Shape, second: Shape) -> Likeness:
    """All words of one are in the other; one of them says who it is."""
    shorter = min((first, second), key=lambda one: len(one.words))
    told = any(len(word) > 2 and not word.isdigit() for word in shorter.words)
    return Likeness(Relation.FAMILY if told else Relation.OTHER)


def _of_runs(first: Shape, second: Shape) -> Likeness:
    """Of kana and kanji: what is not katakana has to be the same, katakana of some length may be a slip apart."""
    if found := _numbered(first, second):
        return found
    if len(first.words) == len(second.words):
        pairs = [(one, other) for one, other in zip(first.words, second.words, strict=True) if one != other]
        if len(pairs) == 1 and all(map(is_katakana, pairs[0])) and (count := slips_between(*pairs[0])):
            return Likeness(Relation.SIMILAR, count)
    shorter, longer = sorted((first.text, second.text), key=len)
    if len(shorter) > 1 and (longer.startswith(shorter) or (len(shorter) > 2 and longer.endswith(shorter))):
        return Likeness(Relation.FAMILY)
    return Likeness(Relation.OTHER)


_COUNT = re.compile("\\d+|(?<=第)[一二三四五六七八九十]+|(?<=[^一-鿿])[一二三四五六七八九十]$")


def _numbered(first: Shape, second: Shape) -> Likeness | None:
    """Alike but for a number; None = no number tells them apart."""
    counts = [_COUNT.findall(one.text) for one in (first, second)]
    if counts[0] == counts[1]:
        return None
    same = _COUNT.sub("#", first.text) == _COUNT.sub("#", second.text)
    return Likeness(Relation.NUMBERED if same else Relation.OTHER)


def are_alike(found: Likeness) -> bool:
    """Whether it can be one name, written twice."""
    return found.relation in (Relation.EQUAL, Relation.SIMILAR)


def slips(first: str, second: str) -> int:
    """How many letters are left out, put in, replaced, or changed with their neighbour; more than three count as four.

    Optimal string alignment, of `rapidfuzz` where it is there; counted here otherwise, to the same number.

    >>> slips("technologies", "technolgies"), slips("form", "from")
    (1, 1)
    """
    return counting()(first, second)


@lru_cache(1)
def counting() -> Callable[[str, str], int]:
    """How slips are counted here."""
    try:
        from rapidfuzz.distance import OSA
    except ImportError:
        return plain_slips
    return partial(OSA.distance, score_cutoff=MOST_SLIPS)  # what is more comes as one more


MOST_SLIPS = 3


def plain_slips(first: str, second: str) -> int:
    """The same without a library: a table of which only what lies near the diagonal is filled."""
    if abs(len(first) - len(second)) > MOST_SLIPS:
        return MOST_SLIPS + 1
    far = MOST_SLIPS + 1
    before: list[int] = []
    row = [min(column, far) for column in range(len(second) + 1)]
    for i, sign in enumerate(first, 1):
        last, before, row = before, row, [far] * (len(second) + 1)
        row[0] = min(i, far)
        for j in range(max(1, i - MOST_SLIPS), min(len(second), i + MOST_SLIPS) + 1):
            other = second[j - 1]
            found = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (sign != other))
            if i > 1 and j > 1 and sign == second[j - 2] and first[i - 2] == other:
                found = min(found, last[j - 2] + 1)
            row[j] = min(found, far)
    return row[-1]
