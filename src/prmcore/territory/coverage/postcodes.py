"""Postcodes: how they are written alike, and ranges of them. A range holds every code that begins like one inside it."""

from __future__ import annotations

import re
import unicodedata

import attrs

from prmcore.errors import InvalidInput

__all__ = ["AFTER", "PostcodeRange", "postcode_key"]

AFTER = "~"  # sorts after every sign that a postcode is made of
_SIGNS = re.compile(r"[^0-9A-Z]+")
_DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")  # the outward code of a British postcode
_AREA = re.compile(r"[A-Z]{1,2}")
LONGEST = 20


def postcode_key(country: str, written: str) -> str:
    """The postcode as it is compared: upper case, without spaces and hyphens.

    A British one keeps its two halves apart, since SW1 is not a part of SW10 (Royal Mail: the inward code is the last
    three signs).

    >>> postcode_key("JP", "１００－０００１"), postcode_key("GB", "sw1a1aa")
    ('1000001', 'SW1A 1AA')
    """
    found = _SIGNS.sub("", unicodedata.normalize("NFKC", written[: LONGEST * 4]).upper())
    if not found or len(found) > LONGEST:
        raise InvalidInput(
            f"found {written!r:.60}; accepted: a postcode of letters and digits, such as 100-0001"
        )
    return f"{found[:-3]} {found[-3:]}" if country == "GB" and len(found) > 4 else found


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
        """The first text inside."""
        if self.country == "GB":
            return f"{self.first} " if _DISTRICT.fullmatch(self.first) else f"{self.first}0"
        return self.first

    @property
    def high(self) -> str:
        """The first text after it."""
        if self.country == "GB":
            return f"{self.first} {AFTER}" if _DISTRICT.fullmatch(self.first) else f"{self.first}9{AFTER}"
        return self.last + AFTER

    def __str__(self) -> str:
        return f"{self.country} {self.first}" + ("" if self.first == self.last else f"..{self.last}")
