"""Money: an exact amount of one currency, or of one unit of points, held as an integer of its minor units."""

from __future__ import annotations

import decimal
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, Literal, TypeAlias, TypeVar

import attrs

from prmcore.errors import InvalidInput, PrmError, unknown_name
from prmcore.values.currencies import currencies_meant, currency_digits, is_points
from prmcore.values.rates import Rate, exact_number

__all__ = ["Allocation", "CurrencyMismatch", "Method", "Money", "total"]

K = TypeVar("K")

MOST_DIGITS = 36  # of an amount; more is a mistake, or an attack
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)

Method: TypeAlias = Literal["largest_remainder", "first", "last", "largest_ratio", "separate"]
METHODS: tuple[Method, ...] = ("largest_remainder", "first", "last", "largest_ratio", "separate")
# what rounds -x to the mirror of x, so that a credit note takes back what the invoice charged
_MIRRORS = (
    decimal.ROUND_HALF_EVEN, decimal.ROUND_HALF_UP, decimal.ROUND_HALF_DOWN, decimal.ROUND_DOWN, decimal.ROUND_UP,
    decimal.ROUND_05UP,
)  # fmt: skip


class CurrencyMismatch(PrmError):
    """Money of two currencies, or points of two names, was added or compared."""

    def __init__(self, left: Money, right: Money) -> None:
        self.left, self.right = left, right
        points = is_points(left.currency) or is_points(right.currency)
        why = "units, and points are not converted" if points else "currencies; convert one of them first"
        super().__init__(f"{left} and {right} are of different {why}")


@attrs.frozen(order=False, repr=False, str=False)
class Money:
    """An amount of one currency, or of points; no minor unit is ever lost.

    >>> Money.of("12.50", "EUR") + Money.parse("0.25 EUR")
    Money('12.75 EUR')
    """

    currency: str  # ISO 4217, or a unit of points
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
        exact = _decimal(amount, currency).scaleb(digits, _CONTEXT)
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
        if not re.fullmatch(r"[A-Z]{3}", currency, re.ASCII) and not is_points(currency):
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

    def rounded_to(self, step: Money, *, rounding: str) -> Money:
        """The amount in whole steps, such as the 0.05 of Swiss cash; -x becomes the mirror of x.

        >>> Money.of("12.33", "CHF").rounded_to(Money.of("0.05", "CHF"), rounding=decimal.ROUND_HALF_EVEN)
        Money('12.35 CHF')
        """
        size = self._step(step)
        return Money(self.currency, size * rounded(Fraction(self.minor, size), mirroring(rounding)))

    def allocate(
        self,
        weights: Mapping[K, int | Fraction | Rate],
        *,
        method: Method = "largest_remainder",
        step: Money | None = None,
    ) -> dict[K, Money]:
        """Shares in proportion to the weights that add up to the amount exactly.

        What rounding down leaves over goes, one minor unit each, to the largest remainders, ties to the smaller key
        (largest-remainder, or Hamilton, method); `allocation` names the other methods. A negative amount is the mirror
        of the positive one, a weight of zero gets nothing, and the order of the mapping changes nothing.

        >>> Money.of("0.05", "EUR").allocate({"a": 1, "b": 1})
        {'a': Money('0.03 EUR'), 'b': Money('0.02 EUR')}
        """
        if method == "separate":
            raise InvalidInput(
                "separate leaves a rest, and shares alone would lose it; ask for the allocation() instead"
            )
        return dict(self.allocation(weights, method=method, step=step).shares)

    def allocation(
        self,
        weights: Mapping[K, int | Fraction | Rate],
        *,
        method: Method = "largest_remainder",
        step: Money | None = None,
    ) -> Allocation[K]:
        """Shares in proportion to the weights, and the rest that none of them got.

        Every share is rounded down first. Of what is left over, a minor unit each goes to: the largest remainders
        (`largest_remainder`), the smallest keys (`first`), the largest keys (`last`), the largest weights
        (`largest_ratio`); ties go to the smaller key. With `separate` nobody gets it: it is the rest.
        `step` shares out whole steps, of cash for instance; the amount must then be a number of them, unless it is
        `separate`, whose rest takes what is no whole step.

        >>> Money.of("1.00", "USD").allocation({"a": 2, "b": 3, "c": 1}, method="separate").rest
        Money('0.01 USD')
        """
        shares = {key: _share(weight) for key, weight in weights.items()}
        whole = sum(shares.values(), Fraction(0))
        if whole <= 0 or any(share < 0 for share in shares.values()):
            raise InvalidInput("weights are not negative, and one of them at least is above zero")
        size = 1 if step is None else self._step(step)
        steps, beyond = divmod(abs(self.minor), size)
        if beyond and method != "separate":
            raise InvalidInput(
                f"{self} is no number of steps of {step}; accepted: rounded_to({step}), or separate"
            )
        given, _ = shared_out({key: steps * share / whole for key, share in shares.items()}, steps, method)
        return self._allocated(given, size)

    def allocate_up_to(
        self, limits: Mapping[K, Money], *, method: Method = "largest_remainder", step: Money | None = None
    ) -> Allocation[K]:
        """Shares in proportion to limits that none of them exceeds, and the rest that no limit has room for.

        >>> found = Money.of("30.75", "EUR").allocate_up_to({"a": Money.of("26", "EUR"), "b": Money.of("4.74", "EUR")})
        >>> found.shares["b"], found.rest
        (Money('4.74 EUR'), Money('0.01 EUR'))
        """
        size = 1 if step is None else self._step(step)
        if any(self._same(limit) < 0 for limit in limits.values()):
            raise InvalidInput("limits are sizes; accepted: zero or more, for negative amounts too")
        room = {key: limit.minor // size for key, limit in limits.items()}
        whole, steps = sum(room.values()), abs(self.minor) // size
        if steps >= whole:
            return self._allocated(room, size)
        # below the whole, each exact share is below its limit, so that one step more is not above it
        exact = {key: Fraction(steps * limit, whole) for key, limit in room.items()}
        return self._allocated(shared_out(exact, steps, method)[0], size)

    def _allocated(self, given: Mapping[K, int], size: int) -> Allocation[K]:
        sign = -size if self.minor < 0 else size
        shares = {key: Money(self.currency, sign * steps) for key, steps in given.items()}
        return Allocation(shares, Money(self.currency, self.minor - sign * sum(given.values())))

    def _step(self, step: Money) -> int:
        size = self._same(step)
        if size <= 0:
            raise InvalidInput(f"found a step of {step}; accepted: an amount above zero")
        return size

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(self, other)
        return other.minor


@attrs.frozen
class Allocation(Generic[K]):
    """An amount that was shared out: the shares and the rest add up to it."""

    shares: Mapping[K, Money]  # in the order of the weights, or limits
    rest: Money  # what no share got


_CONTEXT = decimal.Context(prec=2 * MOST_DIGITS, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts of one currency; zero of it when there are none."""
    return sum(amounts, Money.zero(currency))


def shared_out(exact: Mapping[K, Fraction], whole: int, method: Method) -> tuple[dict[K, int], int]:
    """Exact shares, none below zero, as whole numbers that add up to `whole`, and the rest that `separate` leaves.

    `whole` is at least the sum of the shares rounded down, and at most that of those rounded up.
    """
    if method not in METHODS:
        raise InvalidInput(unknown_name("method of allocation", str(method), METHODS))
    given = {key: share.__floor__() for key, share in exact.items()}
    left = whole - sum(given.values())
    if method == "separate":
        return given, left
    keys: list[Any] = sorted((key for key, share in exact.items() if share), reverse=method == "last")
    if method == "largest_remainder":
        keys.sort(key=lambda key: given[key] - exact[key])
    elif method == "largest_ratio":
        keys.sort(key=lambda key: -exact[key])
    for key in keys[:left]:
        given[key] += 1
    return given, 0


def mirroring(rounding: str) -> str:
    """The rounding, when it treats -x as the mirror of x: then a refund takes back what the sale paid."""
    if rounding not in _MIRRORS:
        raise InvalidInput(f"found {rounding!r:.60}; accepted: {', '.join(_MIRRORS)}")
    return rounding


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


def _not_plain(amount: str, currency: str) -> str:
    """The message for an amount that is written as people write them."""
    meant = _amount_meant(amount, currency)
    hint = f"; did you mean {meant!r}?" if meant else ";"
    decimals, example = (" and '.' before decimals", "1200.50") if currency_digits(currency) else ("", "1200")
    return (
        f"found {amount!r:.60}{hint} accepted: the digits 0 to 9, with '-' before what is below zero{decimals}, such as "
        f"{example!r}"
    )


_WRITTEN = re.compile(
    r"(?P<sign>[+-]?)(?P<before>[^0-9.,+-]*)"
    r"(?P<whole>[0-9]{1,3}(?P<mark>[.,'\u2019 ])[0-9]{3}(?:(?P=mark)[0-9]{3})*|[0-9]+)"
    r"(?:(?P<point>[.,])(?P<part>[0-9]+))?(?P<after>[^0-9.,+-]*)",
    re.ASCII,
)


def _amount_meant(written: str, currency: str) -> str | None:
    """The plain amount that somebody most likely meant; None where it has two readings, or none. For messages only.

    >>> [_amount_meant(one, "EUR") for one in ("1,200.00", "1.200,00", "€1,200", "１２００", "12,5", "1200 JPY", "n/a")]
    ['1200.00', '1200.00', '1200', '1200', '12.5', None, None]
    >>> _amount_meant("1,200", "KWD")  # a thousand two hundred, or one and a fifth, in its three digits
    """
    found = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", written).strip())
    if found is None or len(written) > MOST_DIGITS or (found["mark"] and found["mark"] == found["point"]):
        return None
    whole, part, digits = found["whole"], found["part"], currency_digits(currency)
    if len((part or "").rstrip("0")) > digits or (
        digits == 3 and part is None and whole.count(found["mark"] or " ") == 1
    ):
        return None
    names = filter(None, (found["before"].strip(), found["after"].strip()))
    if any(currency not in currencies_meant(name) for name in names):
        return None
    plain = found["sign"] + re.sub("[^0-9]", "", whole)
    return plain if part is None else f"{plain}.{part}"


def _decimal(amount: Any, currency: str) -> Decimal:
    """The amount as a finite decimal of a sane size; floats, NaN and infinity are refused."""
    accepted = "accepted: a str of ASCII digits such as '12.50', an int or a Decimal"
    if (isinstance(amount, str) and len(amount) <= 2 * MOST_DIGITS and _PLAIN.fullmatch(amount)) or (
        type(amount) is int and abs(amount) < 10**MOST_DIGITS
    ):
        amount = Decimal(amount)
    if isinstance(amount, str) and not _PLAIN.fullmatch(amount):
        raise InvalidInput(_not_plain(amount, currency))
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise InvalidInput(f"found {amount!r:.60} ({type(amount).__name__}); {accepted}")
    if amount.adjusted() >= MOST_DIGITS or len(amount.as_tuple().digits) > MOST_DIGITS:
        raise InvalidInput(f"found an amount of more than {MOST_DIGITS} digits; {accepted}")
    return amount
