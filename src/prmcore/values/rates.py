"""Rates: exact ratios such as 15 %, and percentage points, which are something else."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction

import attrs

from prmcore.errors import InvalidInput

__all__ = ["PercentagePoints", "Rate"]

# long enough for the ratio of any two amounts of money, short enough to be read at once
_NUMBER = re.compile(r"[+-]?[0-9]{1,80}(\.[0-9]{1,36})?", re.ASCII)
_RATIO = re.compile(r"([+-]?[0-9]{1,80})/([0-9]{1,80})", re.ASCII)


@attrs.frozen(order=False, repr=False, str=False)
class Rate:
    """An exact ratio: a share, a growth, an attainment. 15 % is `Rate.percent("15")`.

    >>> Rate.percent("30") + PercentagePoints.of("20")
    Rate('50 %')
    >>> Rate.of(Fraction(1, 3))
    Rate('1/3')
    """

    numerator: int
    denominator: int = 1  # above zero, and with no factor in common

    def __attrs_post_init__(self) -> None:
        if (
            self.numerator.__class__ is not int
            or self.denominator.__class__ is not int
            or self.denominator == 0
        ):
            raise InvalidInput(
                f"found {self.numerator!r:.40}/{self.denominator!r:.40}; accepted: two ints, the second not 0"
            )
        common = math.gcd(self.numerator, self.denominator) * (1 if self.denominator > 0 else -1)
        if common != 1:
            object.__setattr__(self, "numerator", self.numerator // common)
            object.__setattr__(self, "denominator", self.denominator // common)

    @classmethod
    def of(cls, ratio: str | int | Decimal | Fraction) -> Rate:
        """The ratio itself: "0.15" is 15 %."""
        fraction = exact_number(ratio)
        return cls(fraction.numerator, fraction.denominator)

    @classmethod
    def percent(cls, number: str | int | Decimal | Fraction) -> Rate:
        """That many hundredths: "15" is 15 %."""
        return cls.of(exact_number(number) / 100)

    @classmethod
    def parse(cls, text: str) -> Rate:
        """A rate from its written form, the inverse of `str`: "15 %", or "1/3"."""
        if isinstance(text, str):
            if text.endswith("%") and _NUMBER.fullmatch(text[:-1].rstrip(" ")):
                return cls.percent(text[:-1].rstrip(" "))
            ratio = _RATIO.fullmatch(text)
            if ratio and int(ratio[2]):
                return cls(int(ratio[1]), int(ratio[2]))
        raise InvalidInput(f"found {text!r:.60}; accepted: a rate with its unit, such as '15 %' or '1/3'")

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)

    def __str__(self) -> str:
        written = _finite(self.fraction * 100)
        return f"{self.numerator}/{self.denominator}" if written is None else f"{written} %"

    def __repr__(self) -> str:
        return f"Rate('{self}')"

    def __add__(self, points: PercentagePoints) -> Rate:
        if not isinstance(points, PercentagePoints):
            return NotImplemented
        return Rate.of(self.fraction + points.points / 100)

    def __sub__(self, other: Rate) -> PercentagePoints:
        """The distance between two rates, in percentage points."""
        if not isinstance(other, Rate):
            return NotImplemented
        return PercentagePoints((self.fraction - other.fraction) * 100)

    def __lt__(self, other: Rate) -> bool:
        return (
            self.numerator * other.denominator < other.numerator * self.denominator
            if isinstance(other, Rate)
            else NotImplemented
        )

    def __le__(self, other: Rate) -> bool:
        return (
            self.numerator * other.denominator <= other.numerator * self.denominator
            if isinstance(other, Rate)
            else NotImplemented
        )

    def __gt__(self, other: Rate) -> bool:
        return other < self if isinstance(other, Rate) else NotImplemented

    def __ge__(self, other: Rate) -> bool:
        return other <= self if isinstance(other, Rate) else NotImplemented


@attrs.frozen(order=True, str=False)
class PercentagePoints:
    """A distance between rates: +20 points make 50 % of 30 %, not 36 %."""

    points: Fraction

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.points, Fraction):
            raise InvalidInput(
                f"found {self.points!r:.60}; accepted: a Fraction; write PercentagePoints.of('20')"
            )

    @classmethod
    def of(cls, number: str | int | Decimal | Fraction) -> PercentagePoints:
        return cls(exact_number(number))

    @classmethod
    def parse(cls, text: str) -> PercentagePoints:
        """From its written form, "20 pp"."""
        number = text[:-3] if isinstance(text, str) and text.endswith(" pp") else ""
        ratio = _RATIO.fullmatch(number)
        if _NUMBER.fullmatch(number) or (ratio and int(ratio[2])):
            return cls(Fraction(number))
        raise InvalidInput(f"found {text!r:.60}; accepted: percentage points, such as '20 pp'")

    def __str__(self) -> str:
        return f"{_finite(self.points) or self.points} pp"


def exact_number(number: object) -> Fraction:
    """The number as a fraction; floats, NaN and what is no number are refused."""
    if isinstance(number, str) and _NUMBER.fullmatch(number):
        return Fraction(number)
    if isinstance(number, Decimal) and number.is_finite() and abs(number.adjusted()) <= 100:
        return Fraction(number)
    if isinstance(number, (int, Fraction)) and not isinstance(number, bool):
        return Fraction(number)
    raise InvalidInput(
        f"found {number!r:.60}; accepted: a str of ASCII digits such as '12.5', an int, Decimal or Fraction"
    )


def _finite(number: Fraction) -> str | None:
    """The number in plain decimal digits; None when they do not end within 36."""
    digits = 0
    rest = number.denominator
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        digits = max(digits, power)
    if rest != 1 or digits > 36:
        return None
    scaled = abs(number.numerator) * 10**digits // number.denominator
    whole, part = divmod(scaled, 10**digits)
    sign = "-" if number < 0 else ""
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"
