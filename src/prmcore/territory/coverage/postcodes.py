"""Postcodes: how they are written alike, and ranges of them. A range holds every code that begins like one inside it.

Codes are compared sign by sign, digits before letters. Where a range begins and ends is written as short as can be, so that
100..102-9999 ends where 103-0000..105 begins.
"""

from __future__ import annotations

import re
import unicodedata

import attrs

from prmcore.errors import InvalidInput

__all__ = ["PostcodeRange", "postcode_between", "postcode_key"]

AFTER = "~"  # sorts after every sign that a postcode is made of
LETTERS = ":"  # sorts after the digits, before the letters
_SIGNS = re.compile(r"[^0-9A-Z]+")
_DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")  # the outward code of a British postcode
_AREA = re.compile(r"[A-Z]{1,2}")
# Of the routing keys of Eircode, one has a letter where all others have a digit.
_OUT_OF_ORDER = {("IE", "D69"): "D6W", ("IE", "D6W"): "D7"}
LONGEST = 20


def postcode_key(country: str, written: str) -> str:
    """The postcode as it is compared: upper case, without spaces and hyphens.

    A British one keeps its two halves apart, since SW1 is not a part of SW10 (Royal Mail: the inward code is the last
    three signs), also where only the first is known.

    >>> postcode_key("JP", "１００－０００１"), postcode_key("GB", "sw1a1aa"), postcode_key("GB", "SW1A")
    ('1000001', 'SW1A 1AA', 'SW1A ')
    """
    found = _SIGNS.sub("", unicodedata.normalize("NFKC", written[: LONGEST * 4]).upper())
    if not found or len(found) > LONGEST:
        raise InvalidInput(
            f"found {written!r:.60}; accepted: a postcode of letters and digits, such as 100-0001"
        )
    if country != "GB":
        return found
    if len(found) > 4:
        return f"{found[:-3]} {found[-3:]}"
    return f"{found} " if _DISTRICT.fullmatch(found) else found


@attrs.frozen(kw_only=True)
class PostcodeRange:
    """From one postcode, or the beginning of one, to another, both inside.

    In Britain a range is one area (SW) or one district (SW1A).

    >>> PostcodeRange.read("JP 100..102"), PostcodeRange.read("GB SW1A")
    (PostcodeRange(country='JP', first='100', last='102'), PostcodeRange(country='GB', first='SW1A', last='SW1A'))
    """

    country: str
    first: str
    last: str

    def __attrs_post_init__(self) -> None:
        for part in (self.first, self.last):
            if postcode_key("", part) != part:
                raise InvalidInput(f"found {part!r:.60}; accepted: a postcode without spaces or hyphens")
        if self.country == "GB" and not (
            self.first == self.last and (_DISTRICT.fullmatch(self.first) or _AREA.fullmatch(self.first))
        ):
            raise InvalidInput(
                f"found {self.first}..{self.last}; accepted in GB: one area such as SW, or one district such as SW1A; "
                "districts are not in an order"
            )
        if self.low >= self.high:
            raise InvalidInput(f"the range begins with {self.first}, after it ends with {self.last}")

    @classmethod
    def read(cls, written: str) -> PostcodeRange:
        """From text: a country, and a postcode, the beginning of one, or two with `..` between them."""
        country, _, rest = written.strip().partition(" ")
        first, _, last = rest.partition("..")
        if not rest.strip() or not (country.isascii() and country.isalpha() and len(country) == 2):
            raise InvalidInput(
                f"found {written!r:.80}; accepted: a country and a range, such as 'JP 100-0000..102-9999' or 'US 94'"
            )
        begin = postcode_key("", first)
        return cls(
            country=country.upper(), first=begin, last=postcode_key("", last) if last.strip() else begin
        )

    @property
    def low(self) -> str:
        """The first text inside: zeros at its end say nothing."""
        if self.country == "GB":
            return f"{self.first} " if _DISTRICT.fullmatch(self.first) else self.first
        return self.first.rstrip("0")

    @property
    def high(self) -> str:
        """The first text after it."""
        if self.country == "GB":
            return f"{self.first} {AFTER}" if _DISTRICT.fullmatch(self.first) else f"{self.first}{LETTERS}"
        return _OUT_OF_ORDER.get((self.country, self.last)) or _after(self.last)

    def __str__(self) -> str:
        return f"{self.country} {self.first}" + ("" if self.first == self.last else f"..{self.last}")


def _after(code: str) -> str:
    """The first text after all that begin with a code: 103 after 1029999. A letter may stand where no digit is left."""
    code = code.rstrip("Z")
    if code.endswith("9"):
        code = code.rstrip("9")
        if not code[-1:].isdigit():
            return code + LETTERS
    return code[:-1] + chr(ord(code[-1]) + 1) if code else AFTER


def postcode_between(country: str, low: str, high: str | None, like: str) -> str | None:
    """A postcode from `low` on, before `high`, with digits and letters where `like` has them; None = there is none.

    `low` and `high` are ends of ranges, "" and None where no range begins or ends.
    """
    if country == "GB":
        return _british_between(low, high)
    found = low
    while found.endswith(LETTERS):  # no digit is left in this place
        found = found[:-1]
        if like[len(found) : len(found) + 1].isalpha():
            found += "A"
        elif not found:
            return None
        else:
            found = _after(found)
    found += "".join("A" if sign.isalpha() else "0" for sign in like[len(found) :])
    return found if AFTER not in found and (high is None or found < high) else None


def _british_between(low: str, high: str | None) -> str | None:
    """The first place of the first district that lies there."""
    district = low.rstrip(f" {LETTERS}{AFTER}") or "A"
    while district and (high is None or district < high):
        for one in (district, f"{district}0", f"{district}A0"):
            if _DISTRICT.fullmatch(one) and low <= f"{one} 0AA" and (high is None or f"{one} 0AA" < high):
                return f"{one} 0AA"
        district = _next_british(district)
    return None


def _next_british(district: str) -> str:
    """With its last sign raised: letters follow on digits; "" after the last one."""
    district = district.rstrip("Z")
    return district[:-1] + ("A" if district[-1:] == "9" else chr(ord(district[-1]) + 1)) if district else ""
