"""How a spreadsheet or an editor saved a file that cannot be read: in which encoding, and what separates its columns.

Only said, never read by: the same bytes can be other words in another encoding, and a comma in a file with semicolons is
most often a decimal one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from contextlib import suppress

from prmcore.errors import unknown_name

__all__ = ["header_faults", "not_utf_8", "separated", "undecoded"]

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_HALVES = re.compile("[\ud800-\udfff]")  # how bytes that are no UTF-8 are read


def header_faults(line: str, header: list[str], columns: Iterable[str]) -> list[str]:
    """Why a header, the first line of a file, does not have these columns.

    >>> header_faults("partner,nmae", ["partner", "nmae"], ["partner", "name"])
    ["unknown column 'name'; did you mean 'nmae'? There are: nmae, partner"]
    """
    missing = [column for column in columns if column not in header]
    hidden = separated(line) if missing else None
    return [hidden] if hidden else [unknown_name("column", column, header) for column in missing]


def separated(line: str) -> str | None:
    """The message for a header whose columns are not separated by commas; None = they are, or there is one only.

    >>> separated("partner;name")
    "its columns are separated by semicolons; accepted: commas, such as 'partner,name'"
    """
    used = max((",", *_SEPARATORS), key=line.count)
    if not line.count(used) or used not in _SEPARATORS:
        return None
    right = line.strip().replace(used, ",")
    return f"its columns are separated by {_SEPARATORS[used]}; accepted: commas, such as {right[:60]!r}"


def undecoded(text: str) -> str | None:
    """The message for text of a table that was read from bytes that are no UTF-8; None = there is nothing wrong with it."""
    if not _HALVES.search(text):
        return None
    found = b""
    with suppress(UnicodeEncodeError):  # other halves of signs, which were never bytes
        found = text.encode("utf-8", "surrogateescape")
    return f'{not_utf_8(found)}, which spreadsheets call "CSV UTF-8"'


def not_utf_8(found: bytes) -> str:
    """The message for bytes that are no UTF-8, with the encoding that they seem to be in.

    >>> not_utf_8("葵システム".encode("cp932"))
    'is not UTF-8, and seems to be Shift_JIS; accepted: UTF-8'
    """
    seems = _encoding(found)
    hint = f", and seems to be {seems}" if seems else ""
    return f"is not UTF-8{hint}; accepted: UTF-8"


_LONE_LETTERS = re.compile(
    rb"[\x00-\x7f]*(?:[\x80\xc0-\xff](?:[\x00-\x7f]+|\Z))+"
)  # with accents, and the sign of the euro
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")  # katakana: what Chinese looks like when it is read as Japanese


def _encoding(found: bytes) -> str | None:
    if not found:
        return None
    if found.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in found:
        return "UTF-16"
    if _LONE_LETTERS.fullmatch(found):
        return "Windows-1252"
    japanese, chinese = _decoded(found, "cp932"), _decoded(found, "gbk")
    if japanese is not None and (chinese is None or not _HALF_WIDTH.search(japanese)):
        return "Shift_JIS"
    return None if chinese is None else "GBK"


def _decoded(found: bytes, encoding: str) -> str | None:
    try:
        return found.decode(encoding)
    except UnicodeDecodeError:
        return None
