"""Curves: what a quantity entitles to, as bands that each say only how far they reach.

A curve is read two ways: `slices` says how an amount comes about, band by band, in exact fractions; `compiled` computes
the same in integers, a million times a second. Both rest on one fact: within a band, every mode is a straight line.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

import attrs

from prmcore.errors import Faults, InvalidInput
from prmcore.values import Money, Rate
from prmcore.values.rates import exact_number

__all__ = ["Band", "Boundary", "Curve", "Mode", "Quantity", "Rounding", "Slice"]

Quantity: TypeAlias = Money | Fraction | Rate  # sales; units; an attainment or a growth

LARGEST = 10**36  # no sum of quantities is larger
STEEPEST = 10  # the highest rate a band may have either way: beyond 1000 % it is a slip of the pen


class Mode(StrEnum):
    """How the bands of a curve make an amount of a quantity."""

    MARGINAL = "marginal"  # each band pays for what lies in it
    WHOLE = "whole"  # the band that is reached pays for everything
    ROLLING = "rolling"  # every band that is reached pays for everything up to its own end
    TOTAL = "total"  # every band that is reached pays for everything
    INTERPOLATE = "interpolate"  # from one band's end to the next the amount, or the rate, grows evenly


class Boundary(StrEnum):
    """To which band a quantity belongs that is exactly a band's end."""

    UPPER_INCLUSIVE = "upper_inclusive"  # "up to 100": 100 is still in it
    LOWER_INCLUSIVE = "lower_inclusive"  # "once you reach 100": 100 is in the next one


class Rounding(StrEnum):
    """How an amount comes to whole minor units; each treats -x as the mirror of x."""

    HALF_EVEN = "half_even"
    HALF_UP = "half_up"  # away from zero
    DOWN = "down"  # towards zero

    def whole(self, exact: Fraction | int) -> int:
        """
        >>> [Rounding.HALF_EVEN.whole(Fraction(5, 2)), Rounding.HALF_UP.whole(Fraction(-5, 2))]
        [2, -3]
        """
        numerator, denominator = exact.numerator, exact.denominator
        return _DIVIDED[self](numerator, denominator)


def half_even(numerator: int, denominator: int) -> int:
    whole = (2 * numerator + denominator) // (2 * denominator)
    return whole - 1 if whole & 1 and whole * 2 * denominator == 2 * numerator + denominator else whole


def half_up(numerator: int, denominator: int) -> int:
    if numerator < 0:
        return -((denominator - 2 * numerator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def down(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator) if numerator < 0 else numerator // denominator


_DIVIDED: dict[Rounding, Callable[[int, int], int]] = {
    Rounding.HALF_EVEN: half_even,
    Rounding.HALF_UP: half_up,
    Rounding.DOWN: down,
}


def _end(found: Quantity | int | None) -> Quantity | None:
    """Where a band ends; a whole number is one of units, and a float is none."""
    return found if found is None or isinstance(found, Money | Rate) else exact_number(found)


@attrs.frozen(kw_only=True)
class Band:
    """What is paid from the end of the band before up to this one's own."""

    up_to: Quantity | None = attrs.field(
        default=None, converter=_end
    )  # None = open; the last band is, and only it
    rate: Rate | None = None  # of what is paid for; None = nothing
    each: Money | None = None  # for each unit
    flat: Money | None = None  # once, when the band is reached
    pays: Money | None = None  # interpolate: the amount at the band's end

    @property
    def slope(self) -> Fraction:
        """Minor units paid for one more: minor unit of sales, or unit."""
        if self.rate is not None:
            return self.rate.fraction
        return Fraction(self.each.minor if self.each is not None else 0)

    @property
    def flat_minor(self) -> int:
        return 0 if self.flat is None else self.flat.minor


@attrs.frozen
class Slice:
    """A part of an amount: this much of the quantity, paid so, makes so much."""

    band: int  # place in the curve
    start: Fraction  # where the part of the quantity begins and ends
    end: Fraction
    paid_for: Fraction  # how much of what is paid for
    slope: Fraction | None  # minor units for each; None = an amount paid once
    amount: Fraction  # minor units, not rounded


@attrs.frozen
class Piece:
    """A band as a straight line: `flats + pay/quantity * (start + slope * quantity)`, exactly, in minor units."""

    flats: int
    start: Fraction
    slope: Fraction


@attrs.frozen(slots=False)
class Curve:
    """What a quantity entitles to.

    >>> eur = lambda text: Money.of(text, "EUR")
    >>> bands = (Band(up_to=eur("1000"), rate=Rate.percent(10)), Band(rate=Rate.percent(25)))
    >>> [Curve(bands, mode).amount(Fraction(200_000)) for mode in (Mode.MARGINAL, Mode.WHOLE)]
    [Fraction(35000, 1), Fraction(50000, 1)]

    Quantities are in minor units where they are money, else in units, or as ratios. What is paid for may be something else
    than what chooses the band (`amount(quantity, pay)`): it is then spread over the bands as the quantity is.
    """

    bands: tuple[Band, ...]
    mode: Mode = Mode.MARGINAL
    boundary: Boundary = Boundary.UPPER_INCLUSIVE
    flat_at_zero: bool = (
        False  # whether a flat of the first band is due when there is nothing: a fee is, a reward is not
    )

    def __attrs_post_init__(self) -> None:
        faults = Faults("the bands cannot be used")
        if not self.bands:
            faults.add("there are none; accepted: at least one, the last without up_to")
        for place, band in enumerate(self.bands):
            self._check(place, band, faults)
        faults.raise_if_any()
        self._check_currencies(faults)
        faults.raise_if_any()
        for place, (before, band) in enumerate(pairwise(self.bands[:-1]), start=1):
            if not _same_kind(before.up_to, band.up_to):
                faults.add(
                    f"{_shown(before.up_to)} and {_shown(band.up_to)} cannot be compared", f"[{place}].up_to"
                )
            elif _number(band.up_to) <= _number(before.up_to):
                faults.add(
                    f"found {_shown(band.up_to)} after {_shown(before.up_to)}; accepted: rising ends",
                    f"[{place}].up_to",
                )
        paid = {
            one.currency
            for band in self.bands
            for one in (band.each, band.flat, band.pays)
            if one is not None
        }
        if len(paid) > 1:
            faults.add(f"found amounts in {', '.join(sorted(paid))}; accepted: one currency")
        faults.raise_if_any()

    def _check(self, place: int, band: Band, faults: Faults) -> None:
        last = place == len(self.bands) - 1
        path = f"[{place}]"
        if last and band.up_to is not None:
            faults.add("the last band ends; accepted: a last band without up_to", f"{path}.up_to")
        elif not last and band.up_to is None:
            faults.add("has no end; accepted: up_to in every band but the last", f"{path}.up_to")
        elif band.up_to is not None and place == 0 and _number(band.up_to) <= 0:
            faults.add(f"found {_shown(band.up_to)}; accepted: an end above zero", f"{path}.up_to")
        if band.rate is not None and abs(band.rate.fraction) > STEEPEST:
            faults.add(f"found {band.rate}; accepted: -1000 % to 1000 %", f"{path}.rate")
        if sum(one is not None for one in (band.rate, band.each, band.pays)) > 1:
            faults.add("accepted: one of rate, each and pays", path)
        if band.pays is not None and (self.mode is not Mode.INTERPOLATE or last):
            faults.add("goes with interpolate, in a band that ends", f"{path}.pays")
        if self.mode is Mode.INTERPOLATE and band.each is not None:
            faults.add("interpolate grows an amount (pays) or a rate; accepted: pays, rate", f"{path}.each")
        if self.mode is Mode.INTERPOLATE and not last and self._by_rate != (band.rate is not None):
            faults.add("accepted: either pays in every band that ends, or rate", path)

    def _check_currencies(self, faults: Faults) -> None:
        """Refuses a number among amounts: most often one whose currency was forgotten."""
        amount = next((band.up_to for band in self.bands if isinstance(band.up_to, Money)), None)
        for place, band in enumerate(self.bands):
            if amount is not None and isinstance(band.up_to, Fraction):
                faults.add(
                    f"found {band.up_to}, which cannot be compared with {amount}; accepted: an amount and its currency, "
                    f"such as '{band.up_to} {amount.currency}'",
                    f"[{place}].up_to",
                )

    @property
    def _by_rate(self) -> bool:
        return self.mode is Mode.INTERPOLATE and self.bands[0].rate is not None

    @cached_property
    def ends(self) -> tuple[Fraction, ...]:
        """Where the bands end that do."""
        return tuple(_number(band.up_to) for band in self.bands[:-1])

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The line of each band."""
        found, flats, below, past = [], 0, Fraction(0), Fraction(0)
        starts = (Fraction(0), *self.ends)
        for place, band in enumerate(self.bands):
            flats = band.flat_minor if self.mode is Mode.WHOLE else flats + band.flat_minor
            slope = band.slope
            if self.mode is Mode.MARGINAL:
                found.append(Piece(flats, below - slope * starts[place], slope))
                below += slope * (self.ends[place] - starts[place]) if place < len(self.ends) else 0
            elif self.mode is Mode.ROLLING:
                found.append(Piece(flats, below, slope))
                below += slope * self.ends[place] if place < len(self.ends) else 0
            elif self.mode is Mode.INTERPOLATE:
                found.append(self._between(place, flats, past))
                past = self._at_end(place, past)
            else:
                past = past + slope if self.mode is Mode.TOTAL else slope
                found.append(Piece(flats, Fraction(0), past))
        return tuple(found)

    def _at_end(self, place: int, before: Fraction) -> Fraction:
        band = self.bands[place]
        if band.pays is not None:
            return Fraction(band.pays.minor)
        return band.slope if self._by_rate and band.rate is not None else before

    def _between(self, place: int, flats: int, before: Fraction) -> Piece:
        """From the value at the end of the band before to that at this one's; beyond the last end, as there, or its rate."""
        if place == len(self.ends):
            if self._by_rate or self.bands[place].rate is None:
                return Piece(flats, self._at_end(place, before), Fraction(0))
            slope = self.bands[place].slope
            return Piece(flats, before - slope * self.ends[-1], slope)
        start = self.ends[place - 1] if place else Fraction(0)
        slope = (self._at_end(place, before) - before) / (self.ends[place] - start)
        return Piece(flats, before - slope * start, slope)

    def band_of(self, quantity: Fraction | int) -> int:
        """The place of the band that a quantity reaches; nothing, and less, is in the first."""
        find = bisect_left if self.boundary is Boundary.UPPER_INCLUSIVE else bisect_right
        return find(self.ends, quantity)

    def amount(self, quantity: Fraction | int, pay: Fraction | int | None = None) -> Fraction:
        """The entitlement in minor units, not rounded; `pay` is what is paid for, where that is not the quantity."""
        piece = self.pieces[self.band_of(quantity)]
        if quantity == 0 and pay is not None and self.mode is not Mode.INTERPOLATE:
            return self._flats(quantity) + piece.slope * pay  # the limit: the first band pays for it all
        return self._flats(quantity) + self._line(piece, quantity) * self._times(Fraction(quantity), pay)

    def _line(self, piece: Piece, quantity: Fraction | int) -> Fraction:
        """The amount, or the rate that grows from nothing: below nothing it stays there, or a loss would be paid for."""
        return piece.start + piece.slope * (max(quantity, 0) if self._by_rate else quantity)

    def kept(self, quantity: Fraction, reached: Fraction, pay: Fraction | int | None = None) -> Fraction:
        """The amount, were the bands that a larger quantity had reached still so; flats are of the quantity itself.

        The same where a band pays for no more than lies in it, or the amount grows evenly: nothing falls off a cliff there.
        """
        if self.mode in (Mode.MARGINAL, Mode.INTERPOLATE) or quantity >= reached:
            return self.amount(quantity, pay)
        place = self.band_of(reached)
        for_each = self.pieces[place].slope
        if self.mode is Mode.ROLLING:
            below = zip(self.bands[:place], self.ends, strict=False)
            for_each += sum(
                band.slope * (min(quantity, end) / quantity if quantity else 1) for band, end in below
            )
        return self._flats(quantity) + for_each * (quantity if pay is None else pay)

    def _flats(self, quantity: Fraction | int) -> int:
        if quantity > 0 or (quantity == 0 and self.flat_at_zero):
            return self.pieces[self.band_of(quantity)].flats
        return 0

    def _times(self, quantity: Fraction, pay: Fraction | int | None) -> Fraction:
        """How often the line counts: what is paid for, for each one of the quantity."""
        if self._by_rate:
            return quantity if pay is None else Fraction(pay)
        if pay is None or self.mode is Mode.INTERPOLATE:
            return Fraction(1)
        return Fraction(pay) / quantity if quantity else Fraction(0)

    def slices(self, quantity: Fraction | int, pay: Fraction | int | None = None) -> tuple[Slice, ...]:
        """The parts that an amount is made of, in order of bands; they add up to `amount` exactly."""
        quantity = Fraction(quantity)
        reached = self.band_of(quantity)
        times = self._times(quantity, pay)
        found = []
        for place in range(reached + 1):
            found.extend(self._slices(place, reached, quantity, pay, times))
        return tuple(found)

    def _slices(
        self, place: int, reached: int, quantity: Fraction, pay: Fraction | int | None, times: Fraction
    ) -> list[Slice]:
        start = self.ends[place - 1] if place else Fraction(0)
        end = quantity if place == reached else self.ends[place]
        band, found = self.bands[place], []
        if self.mode is Mode.INTERPOLATE:
            piece = self.pieces[place]
            if place == reached:
                line = self._line(piece, quantity)
                slope = line if self._by_rate else None
                found.append(
                    Slice(place, start, end, times if self._by_rate else end - start, slope, line * times)
                )
        elif self.mode in (Mode.MARGINAL, Mode.ROLLING) or place == reached or self.mode is Mode.TOTAL:
            begins = start if self.mode is Mode.MARGINAL else Fraction(0)
            ends = quantity if self.mode in (Mode.WHOLE, Mode.TOTAL) else end
            paid_for = (ends - begins) * times if quantity or pay is None else Fraction(pay)
            if band.slope and paid_for:
                found.append(Slice(place, begins, ends, paid_for, band.slope, band.slope * paid_for))
        flat = band.flat_minor if self.mode is not Mode.WHOLE or place == reached else 0
        if flat and self._flats(quantity):
            found.append(Slice(place, start, end, Fraction(1), None, Fraction(flat)))
        return found

    def scaled(self, share: Fraction) -> Curve:
        """The curve of a part of a period: its bands end in proportion."""
        return (
            self
            if share == 1
            else attrs.evolve(self, bands=tuple(_shorter(band, share) for band in self.bands))
        )

    def compiled(self, rounding: Rounding = Rounding.HALF_EVEN) -> Callable[[Sequence[int]], list[int]]:
        """A function from quantities, whole and in order of time, to what each of them adds to the rounded entitlement.

        The amounts that it gives add up to the rounded entitlement of all quantities together, whatever their order.
        """
        return _compiled(self, rounding)


def _number(quantity: Quantity | None) -> Fraction:
    if isinstance(quantity, Money):
        return Fraction(quantity.minor)
    return quantity.fraction if isinstance(quantity, Rate) else Fraction(quantity or 0)


def _same_kind(one: Quantity | None, other: Quantity | None) -> bool:
    if isinstance(one, Money) and isinstance(other, Money):
        return one.currency == other.currency
    return type(one) is type(other)


def _shown(quantity: Quantity | None) -> str:
    return str(quantity)


def _shorter(band: Band, share: Fraction) -> Band:
    if band.up_to is None:
        return band
    # a part of a money band need not end on a whole minor unit, so that the end is a plain number of them
    return attrs.evolve(band, up_to=_number(band.up_to) * share)


def _compiled(curve: Curve, rounding: Rounding) -> Callable[[Sequence[int]], list[int]]:
    if curve._by_rate or rounding is not Rounding.HALF_EVEN:
        return _one_by_one(curve, rounding)
    scale = math.lcm(*(part.denominator for piece in curve.pieces for part in (piece.start, piece.slope)))
    lines = [
        (int((piece.flats + piece.start) * scale), int(piece.start * scale), int(piece.slope * scale))
        for piece in curve.pieces
    ]
    # whole quantities: a band ends at the last one that is still in it
    upper = curve.boundary is Boundary.UPPER_INCLUSIVE
    ends = [math.floor(end) if upper else math.ceil(end) - 1 for end in curve.ends]
    return _half_even_increments(lines, ends, scale, curve.flat_at_zero)


def _one_by_one(curve: Curve, rounding: Rounding) -> Callable[[Sequence[int]], list[int]]:
    """For what is no straight line in whole numbers, or is rounded otherwise."""

    def increments(quantities: Sequence[int]) -> list[int]:
        total, posted, found = 0, 0, []
        for quantity in quantities:
            total += quantity
            now = rounding.whole(curve.amount(total))
            found.append(now - posted)
            posted = now
        return found

    return increments


def _half_even_increments(
    lines: Sequence[tuple[int, int, int]], ends: Sequence[int], scale: int, flat_at_zero: bool
) -> Callable[[Sequence[int]], list[int]]:
    """`(start + slope * total) / scale`, rounded half to even: twice the numerator, plus one, over twice the scale."""
    twice = 2 * scale
    doubled = [(2 * start + scale, 2 * bare + scale, 2 * slope) for start, bare, slope in lines]
    tops = [*ends, LARGEST]

    def increments(quantities: Sequence[int]) -> list[int]:
        total = posted = low = high = start = slope = 0  # no band yet: nothing lies between 0 and 0
        found: list[int] = []
        add = found.append
        for quantity in quantities:
            total += quantity
            if not low < total <= high:
                if not -LARGEST <= total <= LARGEST:
                    raise InvalidInput(f"the quantities add up to more than {LARGEST}, which no amount is")
                place = bisect_left(ends, total)
                entered, bare, slope = doubled[place]
                start = entered if total > 0 or (total == 0 and flat_at_zero) else bare
                low = high = 0  # at nothing, and below it, the next one looks again
                if total > 0:
                    low, high = tops[place - 1] if place else 0, tops[place]
            numerator = start + slope * total
            now = numerator // twice
            if now & 1 and now * twice == numerator:
                now -= 1
            add(now - posted)
            posted = now
        return found

    return increments
