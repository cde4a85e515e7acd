"""An address, read: the place, the numbers of the block and the building, so that two spellings of one address are found to be one.

Japanese addresses go from the large to the small (prefecture, city, ward, town, block numbers, building), with the numbers written in many
ways: 一丁目５０番地１２, 1-50-12. Other addresses are read as words, with the first numbered part as the street.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping

import attrs

from prmcore.errors import Fault, InvalidInput
from prmcore.territory.identity import japanese

__all__ = ["HAMAMATSU_2024", "LONGEST_ADDRESS", "AddressParts", "read_address", "same_place"]

LONGEST_ADDRESS = 600  # characters

# Hamamatsu's seven wards became three on 2024-01-01: naka, higashi, nishi and minami became chuo, as did seven towns of kita (the Mikatahara
# district); the rest of kita and hamakita became hamana; tenryu stayed. Source: City of Hamamatsu, "行政区の再編について", as
# told by rakumachi.jp/news/column/328600 and ja.wikinews.org (浜松市、行政区を再編). The longest name counts; an old ward
# that went to several new ones and stands without its town is only known to be in their city.
HAMAMATSU_2024: Mapping[str, str] = {
    **{f"浜松市{ward}": "浜松市中央区" for ward in ("中区", "東区", "西区", "南区")},
    **{
        f"浜松市北区{town}": f"浜松市中央区{town}"
        for town in ("初生町", "三方原町", "東三方町", "豊岡町", "三幸町", "大原町", "根洗町")
    },
    "浜松市北区": "浜松市浜名区",
    "浜松市浜北区": "浜松市浜名区",
}


@attrs.frozen
class AddressParts:
    """An address and what it consists of."""

    written: str
    key: str  # place and numbers, without prefecture, district (郡), postcode and building
    numbers: tuple[str, ...]  # of the block, in order: ("1", "50", "12"); outside Japan, the house number
    place: str  # what stands before the numbers, normalised, with its prefecture if it was written; outside Japan, all other words
    building: str | None  # what stands behind the numbers; None = nothing


_PREFECTURE = re.compile(
    "(?:北海道|東京都|京都府|大阪府|(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|兵庫|奈良|"
    "和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県)"
)
_DISTRICT = re.compile("[^市区町村郡 ]{1,4}郡(?=[^市区]{1,6}[町村])")
_POSTCODE = re.compile(r"^[〒 ]*\d{3}-?\d{4}(?!\d) ?|^〒 ?")
_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_TENS = {"十": 10, "百": 100, "千": 1000}
_KANJI_NUMBER = re.compile(
    "[〇零一二三四五六七八九十百千]{1,8}(?=丁目|番地|番(?!町)|号|条|線|丁(?![目堀町]))"
)
_AFTER_UNIT = re.compile("(?<=[番地目号のノ-])[一二三四五六七八九十百]{1,5}(?=[番号のノ-]|$)")
_UNIT = r"(?:丁目|番地ノ|番地|番|号|丁|ノ|-)"
_NUMBERS = re.compile(
    rf"(?<![\d.])\d{{1,5}}(?: ?{_UNIT} ?\d{{1,5}})*(?: ?(?:丁目|番地|番(?!町)|号|丁))?(?!\d)"
)
_NOT_BLOCK = re.compile(
    "[条線区町村市]|番町|号?線|[号館棟]|階|上ル|下ル|東入|西入|通|[北南東西] ?\\d"
)  # behind one number
_BEHIND_UNIT = re.compile(r"[北南東西] ?\d|上ル|下ル|東入|西入")  # behind one number with its unit
_FLOOR = re.compile("階|f(?![a-z])")  # behind several: the last of them is a floor
_GA_BETWEEN = re.compile("(?<=[\u3400-\u9fff])[ヶケガヵ](?=[\u3400-\u9fff])")
_NO_BETWEEN = re.compile("(?<=[\u3400-\u9fff])[ノ之](?=[\u3400-\u9fff])")

_UNITS_OF_BUILDINGS = frozenset(
    [
        "suite",
        "ste",
        "floor",
        "fl",
        "unit",
        "apt",
        "apartment",
        "room",
        "rm",
        "building",
        "bldg",
        "tower",
        "level",
        "po",
        "box",
        "etage",
        "stock",
        "piso",
        "oficina",
        "zimmer",
    ]
)
_SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr", "lane": "ln", "square": "sq", "place": "pl",
    "highway": "hwy", "parkway": "pkwy", "court": "ct", "strasse": "str", "platz": "pl", "north": "n", "south": "s", "east": "e", "west": "w",
    "mount": "mt", "saint": "st", "fort": "ft", "centre": "ctr", "center": "ctr",
}  # fmt: skip
_ACCENTS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+(?:-\d+)*")
_ROOM = re.compile(r"#\s*(\w+(?:-\w+)*)")
_NUMBER_WORD = re.compile(r"\d+[a-z]?(?:-\d+[a-z]?)*")


def read_address(written: str, renamed: Mapping[str, str] = HAMAMATSU_2024) -> AddressParts:
    """The parts of an address as it is written; `InvalidInput` when it is empty or longer than 600 characters.

    `renamed` maps the old name of a place to the new one, both with their city; old names that are not in it stay. None of its old names may be
    in use for another place today.

    >>> parts = read_address("群馬県前橋市古市町一丁目５０番地１２　古市ビル２階")
    >>> parts.key, parts.numbers, parts.place, parts.building
    ('前橋市古市町1-50-12', ('1', '50', '12'), '群馬県前橋市古市町', '古市ビル2階')
    """
    if not written.strip() or len(written) > LONGEST_ADDRESS:
        found = (
            f"has {len(written)} characters; at most {LONGEST_ADDRESS} are read"
            if written.strip()
            else "is empty"
        )
        raise InvalidInput("the address cannot be read", [Fault(f"the address {found}", "address")])
    text = " ".join(unicodedata.normalize("NFKC", written).casefold().split())
    if japanese.has_kana_or_kanji(japanese.katakana(text)):
        return _japanese(written, text, renamed)
    return _western(written, text)


def _number(kanji: str) -> str:
    """Kanji numerals in digits: 二十三 and 二三 are 23."""
    if not any(sign in _TENS for sign in kanji):
        return "".join(str(_DIGITS[sign]) for sign in kanji)
    total = count = 0
    for sign in kanji:
        if sign in _TENS:
            total, count = total + (count or 1) * _TENS[sign], 0
        else:
            count = _DIGITS[sign]
    return str(total + count)


@functools.cache
def _signs() -> dict[int, str | None]:
    dashes = {ord(dash): "-" for dash in japanese.DASHES if dash != "ー"}
    folds = {ord(old): new for old, new in (*japanese.KANJI.items(), *japanese.KANA.items())}
    return {**dashes, **folds, ord("、"): " ", ord(","): " ", ord("，"): " "}


_LONG_BETWEEN_DIGITS = re.compile(r"(?<=\d) ?[ー-] ?(?=\d)")


def _japanese(written: str, text: str, renamed: Mapping[str, str]) -> AddressParts:
    text = text.translate(_signs())
    text = _LONG_BETWEEN_DIGITS.sub("-", text)
    text = _POSTCODE.sub("", text)
    text = _KANJI_NUMBER.sub(lambda found: _number(found[0]), text)
    text = _AFTER_UNIT.sub(lambda found: _number(found[0]), text).replace("番地ノ", "番地")
    place, numbers, rest = _split(text)
    place = _place(place, renamed)
    return AddressParts(written, _bare(place) + "-".join(numbers), numbers, place, rest or None)


def _split(text: str) -> tuple[str, tuple[str, ...], str]:
    """Place, block numbers and building."""
    for found in _NUMBERS.finditer(text):
        numbers = tuple(str(int(digits)) for digits in re.findall(r"\d+", found[0]))
        if not found.start() or (len(numbers) == 1 and _is_part_of_place(text, found)):
            continue
        end = found.end()
        if len(numbers) > 1 and _FLOOR.match(text, end):
            end = found.start() + re.search(r"\d+$", found[0]).start()  # type: ignore[union-attr]  # it ends with a digit
            numbers = numbers[:-1]
        return text[: found.start()], numbers, text[end:].strip(" -()")
    return text, (), ""


def _is_part_of_place(text: str, number: re.Match[str]) -> bool:
    """Whether one number names a place: 北13条, 14号北, 1番町, 三丁目下ル."""
    if number[0][-1].isdigit():
        return _NOT_BLOCK.match(text, number.end()) is not None
    return _BEHIND_UNIT.match(text, number.end()) is not None


def _place(text: str, renamed: Mapping[str, str]) -> str:
    text = text.replace(" ", "").replace("・", "")
    if "大字" in text:
        head, _, tail = text.partition("大字")
        text = head + tail.replace("字", "")
    text = _NO_BETWEEN.sub("ノ", _GA_BETWEEN.sub("ケ", text))
    for old in sorted(renamed, key=len, reverse=True):
        if old in text:
            is_split = any(name != old and name.startswith(old) for name in renamed)
            city = "".join(old.rpartition("市")[:2])
            return text.replace(old, city if is_split and text.endswith(old) else renamed[old], 1)
    return text


def _western(written: str, text: str) -> AddressParts:
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    building: list[str] = []
    words: list[str] = []
    numbers: tuple[str, ...] = ()
    for part in re.split("[,;]", text):
        rooms: list[str] = _ROOM.findall(part)
        found = _words(_ROOM.sub(" ", part))
        unit = next((at for at, word in enumerate(found) if word in _UNITS_OF_BUILDINGS), len(found))
        building += [*found[unit:], *rooms]
        found = found[:unit]
        if not numbers and len(found) > 1:
            numbers = tuple(word for word in found if _NUMBER_WORD.fullmatch(word))[:1]
            found = [word for word in found if word not in numbers]
        words += found
    place = " ".join(words)
    return AddressParts(written, " ".join((*numbers, *words)), numbers, place, " ".join(building) or None)


def _words(part: str) -> list[str]:
    found: list[str] = _WORD.findall(part.replace(".", "").replace("'", ""))
    return [_SHORT.get(word, word) for word in found]


def same_place(first: AddressParts, second: AddressParts) -> bool | None:
    """Whether two addresses are one place; None = it cannot be told.

    True: the same place and the same block numbers, or the same three numbers and one with a room behind. False: another prefecture, another place, or other
    numbers. None: numbers are missing on one side or go less deep, one names its place in part only (港区 and 東京都港区芝), or the
    scripts differ. Buildings are not compared: a block has several.

    >>> same_place(read_address("港区海岸一丁目２番２０号"), read_address("東京都港区海岸1-2-20 汐留ビル3F"))
    True
    >>> same_place(read_address("港区海岸1-2-20"), read_address("港区海岸1-2-3")), same_place(read_address("港区海岸1-2"), read_address("港区海岸1-2-3"))
    (False, None)
    """
    eastern = japanese.has_kana_or_kanji(first.key)
    if eastern != japanese.has_kana_or_kanji(second.key):
        return None
    if not eastern:
        return _same_western(first, second)
    areas = [_PREFECTURE.match(parts.place) for parts in (first, second)]
    if areas[0] and areas[1] and areas[0][0] != areas[1][0]:
        return False
    places = [_bare(parts.place) for parts in (first, second)]
    if places[0] != places[1]:
        partly = places[0] in places[1] or places[1] in places[0]
        return None if partly else False
    return _same_numbers(first.numbers, second.numbers)


def _bare(place: str) -> str:
    return _DISTRICT.sub("", _PREFECTURE.sub("", place, count=1), count=1)


def _same_numbers(first: tuple[str, ...], second: tuple[str, ...]) -> bool | None:
    common = min(len(first), len(second))
    if first[:common] != second[:common]:
        return False
    if not common:
        return None
    return True if len(first) == len(second) or common >= 3 else None


def _same_western(first: AddressParts, second: AddressParts) -> bool | None:
    if first.numbers and second.numbers and first.numbers != second.numbers:
        return False
    words = [frozenset(parts.place.split()) for parts in (first, second)]
    if words[0] == words[1]:
        return True if first.numbers and second.numbers else None
    if words[0] <= words[1] or words[1] <= words[0]:
        return None
    return None if words[0] & words[1] else False
