"""Names that a document may give."""

from __future__ import annotations

import unicodedata

__all__ = ["name_fault"]

LONGEST_NAME = 60


def name_fault(name: str, *, free: bool = False) -> str | None:
    """Why a name cannot be used; names of facts and metrics are identifiers, `free` ones may hold other signs."""
    plain = unicodedata.normalize("NFKC", name) == name and 0 < len(name) <= LONGEST_NAME
    if free:
        plain = plain and name.isprintable() and name == name.strip() and "/" not in name
        accepted = f"1 to {LONGEST_NAME} printable characters in Unicode NFKC, without '/'"
    else:
        plain = plain and name.isidentifier()
        accepted = f"a word of letters, digits and '_', in Unicode NFKC, of at most {LONGEST_NAME}"
    return None if plain else f"found the name {name[:LONGEST_NAME]!a}; accepted: {accepted}"
