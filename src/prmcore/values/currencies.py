"""Currencies: how many digits each has, and which one people mean who write something else than its code."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping

from prmcore.errors import InvalidInput, nearest

__all__ = ["currencies_meant", "currency_digits", "is_points"]

_POINTS = re.compile(r"points(:[a-z][a-z0-9_]{0,39})?", re.ASCII)

# The minor units of ISO 4217, list one of 2026-01-01. CLDR, and so Babel, has the digits that people write, which change from
# one version to the next: they would make other amounts of what is kept. Withdrawn currencies have what CLDR says.
_ISO_DIGITS = {
    currency: digits
    for digits, currencies in (
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
        (2, "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
            "CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
            "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK "
            "MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD "
            "RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH "
            "USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG "
            "SLL"),  # withdrawn in 2024; CLDR changed its digits, too
        (3, "BHD IQD JOD KWD LYD OMR TND"),
        (4, "CLF UYW"),
    )
    for currency in currencies.split()
}  # fmt: skip
# Metals, units of account and the codes for tests and for "no currency": ISO 4217 gives them no minor unit.
_WITHOUT_MINOR_UNIT = {
    "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX",
}  # fmt: skip
_COMMON = ("CNY", "EUR", "GBP", "JPY", "USD")
_OF_NO_CATALOG = {"円": "JPY", "rmb": "CNY", "ntd": "TWD"}  # what many write, and no list of names has


@functools.lru_cache(maxsize=512)
def currency_digits(currency: str) -> int:
    """How many decimal digits the currency has: its ISO 4217 minor units. Points have none.

    >>> currency_digits("JPY"), currency_digits("EUR"), currency_digits("BHD"), currency_digits("CLF")
    (0, 2, 3, 4)
    """
    if is_points(currency):
        return 0
    if currency in _ISO_DIGITS:
        return _ISO_DIGITS[currency]
    from babel.core import get_global
    from babel.numbers import list_currencies

    if currency in _WITHOUT_MINOR_UNIT:
        raise InvalidInput(
            f"{currency} has no minor unit in ISO 4217, so no amount of it is exact; accepted: money"
        )
    if currency not in list_currencies():
        raise InvalidInput(_unknown(str(currency)))
    fractions: Mapping[str, tuple[int, ...]] = get_global("currency_fractions")
    return fractions.get(currency, fractions["DEFAULT"])[0]


def is_points(unit: object) -> bool:
    """Whether the unit is one of points: `points`, or points of a name such as `points:training`.

    Each name is a unit of its own, like a currency: points for training are never added to other points.
    """
    return isinstance(unit, str) and _POINTS.fullmatch(unit) is not None


def _unknown(currency: str) -> str:
    meant = currencies_meant(currency)[:3]
    hint = f"; did you mean {' or '.join(map(repr, meant))}?" if meant else ";"
    return f"unknown currency {currency[:100]!r}{hint} accepted: a code of ISO 4217, such as {', '.join(_COMMON)}"


def currencies_meant(written: str) -> tuple[str, ...]:
    """The codes of the currencies that somebody may mean by a name or a sign, the likely ones only; for messages.

    >>> [currencies_meant(one) for one in ("YEN", "usd", "¥", "円", "Dollars", "EURO", "won", "beads")]
    [('JPY',), ('USD',), ('CNY', 'JPY'), ('JPY',), ('USD',), ('EUR',), ('KPW', 'KRW'), ()]
    """
    word = _folded(written[:60])
    found = _called().get(word) or _called().get(word.removesuffix("s"), frozenset())
    close = nearest(word.upper(), _COMMON) if not found else None
    found = frozenset([close]) if close else found
    return tuple(sorted(found.intersection(_COMMON) or found))


@functools.lru_cache(maxsize=1)
def _called() -> Mapping[str, frozenset[str]]:
    """The codes by what they are called: themselves, their signs and names in three languages, each word of a name."""
    from babel import Locale

    found: dict[str, set[str]] = {word: {code} for word, code in _OF_NO_CATALOG.items()}
    for locale in map(Locale.parse, ("en", "ja", "zh")):
        for code in _ISO_DIGITS:
            name = _folded(locale.currencies.get(code, code))
            sign = _folded(locale.currency_symbols.get(code, code))
            for word in (code.lower(), sign, name, *name.split()):
                found.setdefault(word, set()).add(code)
    return {word: frozenset(codes) for word, codes in found.items()}


def _folded(written: str) -> str:
    return unicodedata.normalize("NFKC", written).strip().casefold()
