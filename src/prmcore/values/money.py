"""Money: an exact amount of one currency, held as an integer of its minor units."""

from __future__ import annotations

import decimal
import functools
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

import attrs

from prmcore.errors import InvalidInput, PrmError, unknown_name
from prmcore.values.rates import Rate, exact_number

__all__ = ["CurrencyMismatch", "Money", "currency_digits", "total"]

K = TypeVar("K")

MOST_DIGITS = 36  # of an amount; more is a mistake, or an attack
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)

# ISO 4217 minor units (list one of 2026-01-01) where CLDR, and so Babel, gives the digits that people write instead, and
# those of currencies that the oldest Babel we run with does not know yet. Withdrawn currencies have what CLDR says.
_ISO_DIGITS = {"AFN": 2, "ALL": 2, "IQD": 3, "IRR": 2, "KPW": 2, "LAK": 2, "LBP": 2, "MGA": 2, "MMK": 2, "MRU": 2,
               "PKR": 2, "RSD": 2, "SLE": 2, "SLL": 2, "SOS": 2, "SYP": 2, "TMT": 2, "XAD": 2, "XCG": 2, "YER": 2,
               "ZWG": 2}  # fmt: skip
# Metals, units of account and the codes for tests and for "no currency": ISO 4217 gives them no minor unit.
_WITHOUT_MINOR_UNIT = {
    "XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR", "XPD", "XPT", "XSU", "XTS", "XUA", "XXX",
}  # fmt: skip


class CurrencyMismatch(PrmError):
    """Money of two currencies was added or compared."""

    def __init__(self, left: Money, right: Money) -> None:
        self.left, self.right = left, right
        super().__init__(f"{left} and {right} are of different currencies; convert one of them first")


@functools.lru_cache(maxsize=512)
def currency_digits(currency: str) -> int:
    """How many decimal digits the currency has: its ISO 4217 minor units.

    >>> currency_digits("JPY"), currency_digits("EUR"), currency_digits("BHD"), currency_digits("CLF")
    (0, 2, 3, 4)
    """
    from babel.core import get_global
    from babel.numbers import list_currencies

    if currency in _WITHOUT_MINOR_UNIT:
        raise InvalidInput(
            f"{currency} has no minor unit in ISO 4217, so no amount of it is exact; accepted: money"
        )
    if currency not in _ISO_DIGITS and currency not in list_currencies():
        raise InvalidInput(
            unknown_name("currency", str(currency), ["EUR", "USD", "JPY", "CNY", "GBP"]) + ", ... (ISO 4217)"
        )
    fractions: Mapping[str, tuple[int, ...]] = get_global("currency_fractions")
    return _ISO_DIGITS.get(currency, fractions.get(currency, fractions["DEFAULT"])[0])


@attrs.frozen(order=False, repr=False, str=False)
class Money:
    """An amount of one currency; no minor unit is ever lost.

    >>> Money.of("12.50", "EUR") + Money.parse("0.25 EUR")
    Money('12.75 EUR')
    """

    currency: str  # ISO 4217
    minor: int  # in minor units: cents, yen, fils

    def __attrs_post_init__(self) -> None:
        if self.minor.__class__ is not int or self.currency.__class__ is not str:
            raise InvalidInput(
                f"found {self.currency!r:.40} and {self.minor!r:.40}; Money holds a currency code and an int of minor "
                "units; write amounts with Money.of('12.50', 'EUR')"
            )

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str, *, rounding: str | None = None) -> Money:
        """The amount in units of the currency; more digits than it has are refused unless `rounding` says how.

        >>> Money.of("12.505", "EUR", rounding=decimal.ROUND_HALF_EVEN)
        Money('12.50 EUR')
        """
        digits = currency_digits(currency)
        exact = _decimal(amount).scaleb(digits, _CONTEXT)
        minor = int(exact)
        if minor == exact:
            return cls(currency, minor)
        if rounding is None:
            raise InvalidInput(
                f"{amount} has more digits than {currency}, which has {digits}; say how with rounding="
            )
        return cls(currency, int(exact.to_integral_value(rounding=rounding)))

    @classmethod
    def zero(cls, currency: str) -> Money:
        currency_digits(currency)
        return cls(currency, 0)

    @classmethod
    def parse(cls, text: str) -> Money:
        """Money from its written form, the inverse of `str`: an amount, a space and a currency."""
        amount, _, currency = text.partition(" ") if isinstance(text, str) else ("", "", "")
        if not re.fullmatch(r"[A-Z]{3}", currency):
            raise InvalidInput(f"found {text!r:.60}; accepted: an amount and a currency, such as '12.50 EUR'")
        return cls.of(amount, currency)

    @property
    def amount(self) -> Decimal:
        """The amount in units of the currency, exactly, with all digits of the currency."""
        return Decimal(f"{self.minor}E-{currency_digits(self.currency)}")  # exact, whatever its length

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def __repr__(self) -> str:
        return f"Money('{self}')"

    def __add__(self, other: Money) -> Money:
        return (
            Money(self.currency, self.minor + self._same(other))
            if isinstance(other, Money)
            else NotImplemented
        )

    def __sub__(self, other: Money) -> Money:
        return (
            Money(self.currency, self.minor - self._same(other))
            if isinstance(other, Money)
            else NotImplemented
        )

    def __mul__(self, count: int) -> Money:
        """A whole number of times; for a share, use `times`, which says how it is rounded."""
        return Money(self.currency, self.minor * count) if type(count) is int else NotImplemented

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(self.currency, -self.minor)

    def __abs__(self) -> Money:
        return Money(self.currency, abs(self.minor))

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other) if isinstance(other, Money) else NotImplemented

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other) if isinstance(other, Money) else NotImplemented

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other) if isinstance(other, Money) else NotImplemented

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other) if isinstance(other, Money) else NotImplemented

    def times(self, rate: Rate | Fraction | Decimal | int, *, rounding: str) -> Money:
        """A share of the amount, rounded once, as said.

        >>> Money.of("10", "EUR").times(Fraction(1, 3), rounding=decimal.ROUND_HALF_EVEN)
        Money('3.33 EUR')
        """
        return Money(self.currency, rounded(self.minor * _share(rate), rounding))

    def allocate(self, weights: Mapping[K, int | Fraction | Rate]) -> dict[K, Money]:
        """Shares in proportion to the weights that add up to the amount exactly.

        What rounding down leaves over goes, one minor unit each, to the largest remainders, ties to the smaller key
        (largest-remainder, or Hamilton, method). A negative amount is the mirror of the positive one.

        >>> Money.of("0.05", "EUR").allocate({"a": 1, "b": 1})
        {'a': Money('0.03 EUR'), 'b': Money('0.02 EUR')}
        """
        shares = {key: _share(weight) for key, weight in weights.items()}
        whole = sum(shares.values(), Fraction(0))
        if whole <= 0 or any(share < 0 for share in shares.values()):
            raise InvalidInput("weights are not negative, and one of them at least is above zero")
        sign = -1 if self.minor < 0 else 1
        exact = {key: abs(self.minor) * share / whole for key, share in shares.items()}
        given = {key: part.__floor__() for key, part in exact.items()}
        left = abs(self.minor) - sum(given.values())
        order: list[Any] = sorted(exact, key=lambda key: (given[key] - exact[key], key))
        for key in order[:left]:
            given[key] += 1
        return {key: Money(self.currency, sign * minor) for key, minor in given.items()}

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(self, other)
        return other.minor


_CONTEXT = decimal.Context(prec=2 * MOST_DIGITS, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts of one currency; zero of it when there are none."""
    return sum(amounts, Money.zero(currency))


def rounded(exact: Fraction, rounding: str) -> int:
    """A fraction as an integer, by a rounding of `decimal`, without ever passing through a finite decimal."""
    floor = exact.__floor__()
    rest = exact - floor
    if rest == 0:
        return floor
    # any value strictly between the same neighbours rounds alike: stand-ins below, at and above one half
    stand_in = (
        Decimal("0.25")
        if rest < Fraction(1, 2)
        else Decimal("0.75")
        if rest > Fraction(1, 2)
        else Decimal("0.5")
    )
    wide = _wide(floor)
    return int(wide.add(Decimal(floor), stand_in).to_integral_value(rounding=rounding, context=wide))


def _wide(floor: int) -> decimal.Context:
    return decimal.Context(prec=max(28, floor.bit_length() // 3 + 8))


def _share(weight: Any) -> Fraction:
    return weight.fraction if isinstance(weight, Rate) else exact_number(weight)


def _decimal(amount: Any) -> Decimal:
    """The amount as a finite decimal of a sane size; floats, NaN and infinity are refused."""
    accepted = "accepted: a str of ASCII digits such as '12.50', an int or a Decimal"
    if (isinstance(amount, str) and len(amount) <= 2 * MOST_DIGITS and _PLAIN.fullmatch(amount)) or (
        type(amount) is int and abs(amount) < 10**MOST_DIGITS
    ):
        amount = Decimal(amount)
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise InvalidInput(f"found {amount!r:.60} ({type(amount).__name__}); {accepted}")
    if amount.adjusted() >= MOST_DIGITS or len(amount.as_tuple().digits) > MOST_DIGITS:
        raise InvalidInput(f"found an amount of more than {MOST_DIGITS} digits; {accepted}")
    return amount
