"""Strong keys: numbers that a register gives to one company, read with their check digits.

A number alone says who it belongs to, so that a wrong one must not get in: what cannot be right is refused, saying why.
Some contain another (a SIRET its SIREN, a French VAT number too, a Japanese corporate number the number of the company
register), or name an office of a company. What two keys are compared by is their `identity`.

>>> strong_key("corporate_number", "T 8700-1100-0591-1")
Traceback (most recent call last):
prmcore.errors.InvalidInput: found 'T 8700-1100-0591-1'; its check digit is 8, the digits after it ask for 6
>>> strong_key("siret", "732 829 320 00074").identity
('siren', '732829320')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum

import attrs

from prmcore.errors import InvalidInput, unknown_name

__all__ = ["KeyKind", "StrongKey", "strong_key"]

LONGEST = 60  # characters of a key as written


class KeyKind(StrEnum):
    """The register that a strong key comes from."""

    CORPORATE_NUMBER = (
        "corporate_number"  # 法人番号, Japan: 13 digits; with a T before it, of a qualified invoice
    )
    COMPANY_REGISTER = "company_register"  # 会社法人等番号, Japan: the 12 digits within it
    LEI = "lei"  # ISO 17442
    VAT = "vat"  # of the European Union, of Northern Ireland (XI) and Great Britain (GB), with its country
    DUNS = "duns"  # of Dun & Bradstreet: one for each location of a company
    SIREN = "siren"  # France, a company
    SIRET = "siret"  # France, an office of a company
    EIN = "ein"  # United States
    USCC = "uscc"  # 统一社会信用代码, China


def _kind(kind: KeyKind | str) -> KeyKind:
    try:
        return KeyKind(kind)
    except ValueError:
        raise InvalidInput(unknown_name("kind of key", str(kind), [one.value for one in KeyKind])) from None


@attrs.frozen
class StrongKey:
    """A number that a register gave to a company, without blanks and dashes.

    It is read, and refused, by `strong_key`; written out by hand it has to be as `strong_key` writes it.
    """

    kind: KeyKind = attrs.field(converter=_kind)
    value: str

    def __attrs_post_init__(self) -> None:
        value = _checked(self.kind, self.value)
        if value != self.value:
            raise InvalidInput(f"found {self.value!r}; accepted: {value!r}, as strong_key() writes it")

    @property
    def identity(self) -> tuple[str, str]:
        """What it is compared by: the namespace, and the number of the company within it.

        Two companies never share one, and one company never has two of one namespace; D-U-N-S numbers, of which it has
        one for each location, apart.
        """
        kind, value = self.kind, self.value
        if kind is KeyKind.CORPORATE_NUMBER:
            return KeyKind.COMPANY_REGISTER.value, value[1:]
        if kind is KeyKind.SIRET:
            return KeyKind.SIREN.value, value[:9]
        if kind is KeyKind.VAT:
            return _of_vat(value)
        return kind.value, value

    def __str__(self) -> str:
        return self.value


def strong_key(kind: KeyKind | str, written: str) -> StrongKey:
    """The key that was written, in whatever width and with whatever blanks, dots and dashes.

    A number that cannot be right is refused: its length, its characters, its check digit.
    """
    known = _kind(kind)
    return StrongKey(known, _checked(known, written))


_SEPARATORS = str.maketrans("", "", " \t.-/‐‑‒–—―−・")


def _checked(kind: KeyKind, written: object) -> str:
    if not isinstance(written, str) or len(written) > LONGEST:
        raise InvalidInput(f"found {written!r:.80}; accepted: {_ACCEPTED[kind]}")
    value = unicodedata.normalize("NFKC", written).upper().translate(_SEPARATORS)
    if kind is KeyKind.CORPORATE_NUMBER:
        value = value.removeprefix("T")
    if not _FORMATS[kind].fullmatch(value):
        raise InvalidInput(f"found {written!r}; accepted: {_ACCEPTED[kind]}")
    fault = _CHECKS[kind](value) if kind in _CHECKS else None
    if fault:
        raise InvalidInput(f"found {written!r}; {fault}")
    return value


_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V and Z
_FORMATS: Mapping[KeyKind, re.Pattern[str]] = {
    KeyKind.CORPORATE_NUMBER: re.compile(r"[1-9][0-9]{12}"),
    KeyKind.COMPANY_REGISTER: re.compile(r"[0-9]{12}"),
    KeyKind.LEI: re.compile(r"[0-9A-Z]{18}[0-9]{2}"),
    KeyKind.VAT: re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,12}"),
    KeyKind.DUNS: re.compile(r"[0-9]{9}"),
    KeyKind.SIREN: re.compile(r"[0-9]{9}"),
    KeyKind.SIRET: re.compile(r"[0-9]{14}"),
    KeyKind.EIN: re.compile(r"[0-9]{9}"),
    KeyKind.USCC: re.compile(rf"[{_USCC}]{{2}}[0-9]{{6}}[{_USCC}]{{10}}"),
}
_ACCEPTED: Mapping[KeyKind, str] = {
    KeyKind.CORPORATE_NUMBER: "13 digits, the first of them the check digit",
    KeyKind.COMPANY_REGISTER: "12 digits",
    KeyKind.LEI: "18 letters or digits, and 2 check digits",
    KeyKind.VAT: "a country and its number, such as DE136695976",
    KeyKind.DUNS: "9 digits",
    KeyKind.SIREN: "9 digits, the last of them the check digit",
    KeyKind.SIRET: "14 digits: the SIREN, the number of the office, a check digit",
    KeyKind.EIN: "9 digits, such as 12-3456789",
    KeyKind.USCC: "18 letters (none of I, O, S, V, Z) or digits, the last of them the check character",
}


def _wrong(found: object, wanted: object, asking: str = "the digits before it ask") -> str | None:
    """None = it is right."""
    return None if str(found) == str(wanted) else f"its check digit is {found}, {asking} for {wanted}"


def _corporate_number(value: str) -> str | None:
    """9 - (sum of P(n) * Q(n) mod 9), n from the right, Q = 1 for odd n and 2 for even ones.

    Article 2 of the Ministry of Finance's ordinance on the designation of corporate numbers (2014, No. 70).
    """
    total = sum(int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(reversed(value[1:])))
    return _wrong(value[0], 9 - total % 9, "the digits after it ask")


def _mod_97(value: str) -> int:
    """Of ISO 7064 MOD 97-10: letters as 10 to 35."""
    return int("".join(str(int(character, 36)) for character in value)) % 97


def _lei(value: str) -> str | None:
    """ISO 17442: two check digits by ISO 7064 MOD 97-10, as for an IBAN."""
    return _wrong(value[18:], f"{98 - _mod_97(value[:18] + '00'):02}")


def _luhn(value: str) -> int:
    """The digit that follows by Luhn's formula (ISO/IEC 7812-1)."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(value))]
    return -sum(one - 9 if one > 9 else one for one in doubled) % 10


def _by_luhn(value: str) -> str | None:
    return _wrong(value[-1], _luhn(value[:-1]))


_LA_POSTE = "356000000"


def _siret(value: str) -> str | None:
    """Luhn over all 14 digits, and over the SIREN within.

    The offices of La Poste outgrew that: the sum of their digits is a multiple of 5.
    """
    fault = _by_luhn(value[:9])
    if fault is None and value.startswith(_LA_POSTE) and sum(map(int, value)) % 5 == 0:
        return None
    return fault or _by_luhn(value)


_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def _uscc(value: str) -> str | None:
    """31 - (sum of Ci * Wi mod 31), Wi = 3^(i-1) mod 31 (GB 32100-2015)."""
    total = sum(_USCC.index(one) * weight for one, weight in zip(value, _USCC_WEIGHTS, strict=False))
    return _wrong(value[17], _USCC[-total % 31])


# VAT numbers: formats and check digits by the European Commission's "VIES - VAT number construction rules" (version 15.0),
# the formats of Croatia and Northern Ireland by the Commission's list of formats. Check digits of the seven below; of the
# other countries the format only.

_VAT_FORMATS: Mapping[str, str] = {
    "AT": "U[0-9]{8}", "BE": "[01][0-9]{9}", "BG": "[0-9]{9,10}", "CY": "[0-9]{8}[A-Z]", "CZ": "[0-9]{8,10}", "DE": "[0-9]{9}",
    "DK": "[0-9]{8}", "EE": "[0-9]{9}", "EL": "[0-9]{9}", "ES": "[0-9A-Z][0-9]{7}[0-9A-Z]", "FI": "[0-9]{8}",
    "FR": "[0-9A-HJ-NP-Z]{2}[0-9]{9}", "GB": "[0-9]{9}|[0-9]{12}|GD[0-4][0-9]{2}|HA[5-9][0-9]{2}", "HR": "[0-9]{11}", "HU": "[0-9]{8}",
    "IE": "[0-9][0-9A-Z+*][0-9]{5}[A-W]|[0-9]{7}[A-W][A-I]", "IT": "[0-9]{11}", "LT": "[0-9]{9}|[0-9]{12}", "LU": "[0-9]{8}",
    "LV": "[0-9]{11}", "MT": "[0-9]{8}", "NL": "[0-9]{9}B[0-9]{2}", "PL": "[0-9]{10}", "PT": "[0-9]{9}", "RO": "[0-9]{2,10}",
    "SE": "[0-9]{10}01", "SI": "[0-9]{8}", "SK": "[0-9]{10}", "XI": "[0-9]{9}|[0-9]{12}|GD[0-4][0-9]{2}|HA[5-9][0-9]{2}",
}  # fmt: skip


def _vat(value: str) -> str | None:
    country, number = value[:2], value[2:]
    if country not in _VAT_FORMATS:
        return f"there is no VAT number of {country}; accepted: {', '.join(_VAT_FORMATS)}"
    if not re.fullmatch(_VAT_FORMATS[country], number):
        return f"no VAT number of {country} looks like this"
    return _VAT_CHECKS[country](number) if country in _VAT_CHECKS else None


def _vat_de(number: str) -> str | None:
    """ISO 7064 MOD 11,10."""
    product = 10
    for digit in number[:8]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return _wrong(number[8], (11 - product) % 10)


def _vat_fr(number: str) -> str | None:
    """12 + 3 * (SIREN mod 97), mod 97, before the SIREN; a key with a letter has no published rule. Monaco has no SIREN."""
    key, siren = number[:2], number[2:]
    fault = None if siren.startswith("000") else _by_luhn(siren)
    if fault or not key.isdigit():
        return fault
    return _wrong(key, f"{(12 + 3 * (int(siren) % 97)) % 97:02}", "the SIREN after it asks")


def _vat_gb(number: str) -> str | None:
    """Seven digits by 8 to 2, and the two check digits: divisible by 97, or so with 55 more. Bodies of state have none."""
    if not number.isdigit():
        return None
    total = sum(int(digit) * (8 - place) for place, digit in enumerate(number[:7]))
    wanted = (-total % 97, (-total - 55) % 97)
    if int(number[7:9]) in wanted:
        return None
    return _wrong(number[7:9], " or ".join(f"{one:02}" for one in wanted))


def _vat_be(number: str) -> str | None:
    return _wrong(number[8:], f"{97 - int(number[:8]) % 97:02}")


def _vat_nl(number: str) -> str | None:
    """Eight digits by 9 to 2, mod 11; since 2020, of people in business, MOD 97-10 over the whole number."""
    wanted = sum(int(digit) * (9 - place) for place, digit in enumerate(number[:8])) % 11
    return None if _mod_97(f"NL{number}") == 1 else _wrong(number[8], wanted)


_DNI = "TRWAGMYFPDXBNJZSQVHLCKE"


def _vat_es(number: str) -> str | None:
    """Of a company: Luhn's digit, or the letter for it; of a person: the letter for the number mod 23."""
    first, middle, last = number[0], number[1:8], number[8]
    if first.isdigit() or first in "XYZ":
        start = first if first.isdigit() else str("XYZ".index(first))
        return _wrong(last, _DNI[int(start + middle) % 23])
    digit = _luhn(middle)
    letter = "JABCDEFGHI"[digit]
    return None if last in (str(digit), letter) else _wrong(last, f"{digit} or {letter}")


_VAT_CHECKS: Mapping[str, Callable[[str], str | None]] = {
    "BE": _vat_be, "DE": _vat_de, "ES": _vat_es, "FR": _vat_fr, "GB": _vat_gb, "IT": _by_luhn, "NL": _vat_nl, "XI": _vat_gb,
}  # fmt: skip


def _of_vat(value: str) -> tuple[str, str]:
    """The company that a VAT number belongs to; a company has one of each country."""
    country, number = value[:2], value[2:]
    if country == "FR" and not number[2:].startswith("000"):
        return KeyKind.SIREN.value, number[2:]
    if country == "XI":
        country = "GB"  # a trader of Northern Ireland has the same number under both
    if country in ("GB", "NL"):
        number = number[:9]  # what follows is a branch, or a unit
    return f"{KeyKind.VAT.value} {country}", number


_CHECKS: Mapping[KeyKind, Callable[[str], str | None]] = {
    KeyKind.CORPORATE_NUMBER: _corporate_number,
    KeyKind.LEI: _lei,
    KeyKind.VAT: _vat,
    KeyKind.SIREN: _by_luhn,
    KeyKind.SIRET: _siret,
    KeyKind.USCC: _uscc,
}
