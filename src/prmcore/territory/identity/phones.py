"""Phone numbers: what two ways of writing one number have in common.

The library `phonenumbers` of the extra `identity` knows the plans of all countries. Without it only the digits are
compared: a number written with and without its country stays two.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from prmcore.errors import InvalidInput

__all__ = ["phone_key"]

LONGEST = 60
FEWEST_DIGITS = 5


@lru_cache(maxsize=65536)
def phone_key(written: str, country: str | None = None) -> str:
    """What the number is compared by: +81312345678 where its country is known, else its digits.

    `country` is where it is dialled when it is written without one. Extensions are no part of it.

    >>> phone_key("０３（１２３４）５６７８", "JP") == phone_key("+81 3-1234-5678 ext. 9")
    True
    """
    if not isinstance(written, str) or len(written) > LONGEST:
        raise InvalidInput(f"found {written!r:.80}; accepted: a phone number of at most {LONGEST} characters")
    text = unicodedata.normalize("NFKC", written)
    digits = "".join(re.findall(r"[0-9]", re.split(r"(?i)ext|内線|分机|x", text)[0]))
    if len(digits) < FEWEST_DIGITS:
        raise InvalidInput(f"found {written!r}; accepted: a phone number of {FEWEST_DIGITS} digits or more")
    return _international(text, country) or digits


def _international(text: str, country: str | None) -> str | None:
    """None = it cannot be told."""
    library = phone_plans()
    if library is None:
        return None
    try:
        number = library.parse(text.replace("内線", "ext").replace("分机", "ext"), country)
    except library.NumberParseException:
        return None
    return f"+{number.country_code}{library.national_significant_number(number)}"


@lru_cache(maxsize=1)
def phone_plans() -> Any:
    """None = the library is not there."""
    try:
        import phonenumbers
    except ImportError:
        return None
    return phonenumbers
