"""Bands of quantities, such as 100 to 499 pieces: each quantity from the lowest on is in exactly one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import attrs

from prmcore.errors import Faults, InvalidInput
from prmcore.values import Rate

__all__ = ["QuantityBand", "QuantityBands"]

_COUNT = r"([0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,9})"
_RANGE = re.compile(rf"{_COUNT} ?[-–] ?{_COUNT}", re.ASCII)
_ABOVE = re.compile(rf"(>=|≥|>) ?{_COUNT}", re.ASCII)
_AND_MORE = re.compile(rf"{_COUNT} ?\+", re.ASCII)


@attrs.frozen(kw_only=True)
class QuantityBand:
    """Quantities from the lowest to the highest, both inside, and the discount that they have."""

    lowest: int
    highest: int | None = None  # None = and all above
    discount: Rate

    def __attrs_post_init__(self) -> None:
        faults = Faults("the band cannot be used")
        for name, number in (("lowest", self.lowest), ("highest", self.highest)):
            if number is not None and (type(number) is not int or number < 0):
                faults.add(f"found {number!r:.40}; accepted: a whole number, zero or more", name)
        faults.raise_if_any()
        if self.highest is not None and self.highest < self.lowest:
            faults.add(f"found {self.highest}; accepted: {self.lowest} or more", "highest")
        faults.raise_if_any()

    def __str__(self) -> str:
        return f"{self.lowest}+" if self.highest is None else f"{self.lowest}-{self.highest}"

    def __contains__(self, quantity: object) -> bool:
        return type(quantity) is int and self.lowest <= quantity and (self.highest is None or quantity <= self.highest)  # fmt: skip


@attrs.frozen
class QuantityBands:
    """Bands without holes or overlaps, from the lowest on.

    Bands as they were once published, 100-499, 500-1,499, 1,500-4,999 and >5,000, have a hole:

    >>> rates = [Rate.percent(number) for number in (5, 10, 15, 20)]
    >>> published = ("100-499", "500-1,499", "1,500-4,999", ">5,000")
    >>> QuantityBands.parse(dict(zip(published, rates)))
    Traceback (most recent call last):
    prmcore.errors.InvalidInput: the quantity bands cannot be used: 1 fault
      no band holds 5000, between 1500-4999 and 5001+; accepted: bands that follow each other @ bands[3]
    """

    bands: tuple[QuantityBand, ...]

    def __attrs_post_init__(self) -> None:
        faults = Faults("the quantity bands cannot be used")
        if not self.bands:
            faults.add("found none; accepted: one band or more", "bands")
        for place, (band, following) in enumerate(pairwise(self.bands), start=1):
            path = f"bands[{place}]"
            if band.highest is None or following.lowest <= band.highest:
                faults.add(
                    f"{following} overlaps {band}, or comes before it; accepted: bands that follow each other",
                    path,
                )
            elif following.lowest > band.highest + 1:
                first, last = band.highest + 1, following.lowest - 1
                held = f"{first}" if first == last else f"{first} to {last}"
                faults.add(
                    f"no band holds {held}, between {band} and {following}; accepted: bands that follow each other",
                    path,
                )
        faults.raise_if_any()  # fmt: skip

    @classmethod
    def parse(cls, written: Mapping[str, Rate]) -> QuantityBands:
        """From bands as people write them: "100-499", "1,500-4,999", ">5,000", ">=5,000", "5,000+"."""
        faults = Faults("the quantity bands cannot be used")
        bands = []
        for place, (text, discount) in enumerate(written.items()):
            with faults.within(f"bands[{place}]"):
                lowest, highest = _read(text)
                bands.append(QuantityBand(lowest=lowest, highest=highest, discount=discount))
        faults.raise_if_any()
        return cls(tuple(bands))

    def band(self, quantity: int) -> QuantityBand | None:
        """The band that the quantity is in; None when it is below the lowest, or above the highest."""
        if type(quantity) is not int:
            raise InvalidInput(f"found {quantity!r:.40}; accepted: a whole number")
        return next((band for band in self.bands if quantity in band), None)


def _read(text: object) -> tuple[int, int | None]:
    words = text if isinstance(text, str) and len(text) <= 60 else ""
    if found := _RANGE.fullmatch(words):
        return _number(found[1]), _number(found[2])
    if found := _ABOVE.fullmatch(words):
        return _number(found[2]) + (found[1] == ">"), None
    if found := _AND_MORE.fullmatch(words):
        return _number(found[1]), None
    raise InvalidInput(f"found {text!r:.60}; accepted: a band such as '100-499', '>=5,000' or '5,000+'")


def _number(text: str) -> int:
    return int(text.replace(",", ""))
