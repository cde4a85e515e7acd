"""Names of things: typed, so that a partner's is not mistaken for a program's."""

from __future__ import annotations

import unicodedata
from typing import NewType

from prmcore.errors import InvalidInput

__all__ = ["ContactId", "PartnerId", "ProgramId", "checked_id", "natural_key"]

PartnerId = NewType("PartnerId", str)
ProgramId = NewType("ProgramId", str)
ContactId = NewType("ContactId", str)

LONGEST = 200


def checked_id(text: object, *, longest: int = LONGEST) -> str:
    """An id as it may be stored: words in NFC without control characters or outer blanks, at most 200 long."""
    if not isinstance(text, str) or not text or len(text) > longest:
        raise InvalidInput(f"found {text!r:.60}; accepted: an id of 1 to {longest} characters")
    if text != text.strip() or unicodedata.normalize("NFC", text) != text:
        raise InvalidInput(f"found {text!r:.60}; accepted: an id without outer blanks, in Unicode NFC")
    if any(unicodedata.category(character) in ("Cc", "Cs", "Cf", "Zl", "Zp") for character in text):
        raise InvalidInput(f"found {text!r:.60}; accepted: an id without control or invisible characters")
    return text


def natural_key(*parts: str) -> str:
    """An id made of what it is about, so that the same move twice has the same id, and no two moves have one.

    >>> natural_key("mdf-2026", "allocation", "acme", "PO 17|b")
    'mdf-2026|allocation|acme|PO 17%7Cb'
    """
    return "|".join(part.replace("%", "%25").replace("|", "%7C") for part in parts)
