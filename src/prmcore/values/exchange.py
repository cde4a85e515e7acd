"""Rates of exchange: tables of dated quotes, the rate that applied on a day, and amounts that were converted at it.

A fact is converted at the rate of its own day, and what was converted keeps that rate: a table that is published later,
or a rate of today, never changes it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from prmcore.errors import Faults, InvalidInput
from prmcore.values.currencies import currency_digits, is_points
from prmcore.values.date_ranges import checked_date
from prmcore.values.ids import checked_id
from prmcore.values.money import CurrencyMismatch, Money, mirroring, rounded
from prmcore.values.rates import exact_number

__all__ = ["AppliedRate", "Converted", "ExchangeRates", "NoRate", "QuotedRate"]

MOST_DAYS = 366  # a quote may be old; an older one is a mistake
MOST_SHOWN = 10  # pairs in a message


class NoRate(InvalidInput):
    """A table has no rate for a pair of currencies on a day."""

    def __init__(self, table: ExchangeRates, source: str, target: str, day: datetime.date) -> None:
        self.table, self.source, self.target, self.day = table.name, source, target, day
        super().__init__(
            f"{table.name} has no rate from {source} to {target} on {day.isoformat()}, where a quote counts for "
            f"{_how_long(table.last_within_days)}; quoted: {table.quoted(source, target)}"
        )


def _how_long(days: int) -> str:
    return "its own day" if not days else f"its own day and {days} more"


def _checked_pair(source: str, target: str, faults: Faults) -> None:
    for name, unit in (("source", source), ("target", target)):
        with faults.within(name):
            if is_points(unit):
                raise InvalidInput(f"found {unit}; points are not exchanged; accepted: a currency")
            currency_digits(unit)
    if source == target:
        faults.add(f"found {target} for {source}; accepted: two currencies", "target")


@attrs.frozen
class QuotedRate:
    """What one unit of a currency was worth in another on a day."""

    source: str
    target: str
    day: datetime.date
    rate: Fraction = attrs.field(converter=exact_number)  # units of the target for one of the source

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the rate from {self.source!r:.20} to {self.target!r:.20} cannot be used")
        _checked_pair(self.source, self.target, faults)
        with faults.within("day"):
            checked_date(self.day)
        if self.rate <= 0:
            faults.add(f"found {self.rate}; accepted: a number above zero", "rate")
        faults.raise_if_any()


@attrs.frozen(kw_only=True)
class AppliedRate:
    """The rate that a conversion used, and where it came from; an entry keeps it for ever."""

    source: str
    target: str
    rate: Fraction = attrs.field(converter=exact_number)  # units of the target for one of the source, exactly
    day: datetime.date  # that was asked for
    quoted: datetime.date  # the day of the quote: that day, or the last one before it
    table: str  # its name, with its version
    inverted: bool = False  # whether a quote of the opposite direction was turned round
    through: str | None = None  # the currency between the two; None = quoted as a pair

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the rate from {self.source!r:.20} to {self.target!r:.20} cannot be used")
        for name, day in (("day", self.day), ("quoted", self.quoted)):
            with faults.within(name):
                checked_date(day)
        if not faults.found and self.quoted > self.day:
            faults.add(
                f"found {self.quoted}, after {self.day}; accepted: that day or one before it", "quoted"
            )
        if self.rate <= 0:
            faults.add(f"found {self.rate}; accepted: a number above zero", "rate")
        faults.raise_if_any()

    def exact(self, money: Money) -> Fraction:
        """The amount in minor units of the target, before any rounding."""
        if money.currency != self.source:
            raise CurrencyMismatch(money, Money(self.source, 0))
        digits = currency_digits(self.target) - currency_digits(self.source)
        shift = Fraction(10**digits) if digits >= 0 else Fraction(1, 10**-digits)
        return money.minor * self.rate * shift

    def convert(self, money: Money, *, rounding: str) -> Converted:
        """The amount in the target currency, rounded once; what is negative is the mirror of what is positive."""
        minor = rounded(self.exact(money), mirroring(rounding))
        return Converted(source=money, amount=Money(self.target, minor), rate=self)


@attrs.frozen(kw_only=True)
class Converted:
    """An amount in another currency, with the amount it was and the rate between them."""

    source: Money
    amount: Money
    rate: AppliedRate

    def __attrs_post_init__(self) -> None:
        if (self.source.currency, self.amount.currency) != (self.rate.source, self.rate.target):
            raise InvalidInput(
                f"found {self.source} as {self.amount} at a rate from {self.rate.source} to {self.rate.target}"
            )


def _in_order(quotes: Iterable[QuotedRate]) -> tuple[QuotedRate, ...]:
    return tuple(sorted(quotes, key=lambda one: (one.source, one.target, one.day)))


@attrs.frozen(slots=False)  # so that the index can be kept
class ExchangeRates:
    """A table of quotes, under a name that says which version it is. It is never edited: more quotes are another table.

    A day without a quote has no rate, unless `last_within_days` says how old the last one before it may be. A later
    quote is never taken. A quote counts in the opposite direction only where `inverse` says so, and two quotes of one
    day are multiplied only through the `pivot` that is named.

    >>> table = ExchangeRates.of("banca-d-italia/2004-06", {("EUR", "USD"): {datetime.date(2004, 6, 23): "1.2087"}})
    >>> table.on("EUR", "USD", datetime.date(2004, 6, 23)).rate
    Fraction(12087, 10000)
    """

    name: str  # with its version, like a document: "ecb/2026-06"
    quotes: tuple[QuotedRate, ...] = attrs.field(converter=_in_order)
    last_within_days: int = 0  # how many days old a quote may be
    inverse: bool = False
    pivot: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = Faults(f"the table of rates {self.name!r:.60} cannot be used")
        with faults.within("name"):
            checked_id(self.name)
        if type(self.last_within_days) is not int or not 0 <= self.last_within_days <= MOST_DAYS:
            faults.add(
                f"found {self.last_within_days!r:.40}; accepted: 0 to {MOST_DAYS} days", "last_within_days"
            )
        if self.pivot is not None:
            with faults.within("pivot"):
                currency_digits(self.pivot)
        for place, (one, other) in enumerate(zip(self.quotes, self.quotes[1:], strict=False)):
            if _key(one) == _key(other):
                faults.add(f"{one.source}-{one.target} is quoted twice on {one.day}", f"quotes[{place + 1}]")
        faults.raise_if_any()

    @classmethod
    def of(
        cls,
        name: str,
        quotes: Mapping[tuple[str, str], Mapping[datetime.date, str | int | Decimal | Fraction]],
        **policy: Any,
    ) -> ExchangeRates:
        """A table from rates by pair and day; `policy` as in the fields."""
        found = [
            QuotedRate(source, target, day, rate)
            for (source, target), by_day in quotes.items()
            for day, rate in by_day.items()
        ]
        return cls(name, found, **policy)

    def on(self, source: str, target: str, day: datetime.date) -> AppliedRate:
        """The rate that applies to a fact of that day; `NoRate` when the table has none."""
        checked_date(day)
        if source == target:
            currency_digits(source)
            return AppliedRate(source=source, target=target, rate=1, day=day, quoted=day, table=self.name)
        for quoted in self._days_back(day):
            for found in self._found(source, target, quoted):
                return AppliedRate(
                    source=source, target=target, rate=found[0], day=day, quoted=quoted, table=self.name,
                    inverted=found[1], through=found[2],
                )  # fmt: skip
        faults = Faults("there is no such rate")
        _checked_pair(source, target, faults)
        faults.raise_if_any()
        raise NoRate(self, source, target, day)

    def exact(self, money: Money, target: str, day: datetime.date) -> Fraction:
        """The amount in minor units of the target, before any rounding."""
        return self.on(money.currency, target, day).exact(money)

    def convert(self, money: Money, target: str, day: datetime.date, *, rounding: str) -> Converted:
        """The amount in the target currency at the rate of that day, rounded once."""
        return self.on(money.currency, target, day).convert(money, rounding=rounding)

    def quoted(self, source: str, target: str) -> str:
        """What the table has for two currencies, in words; all its pairs when it has nothing."""
        touched = {source, target}
        pairs = [pair for pair in self._days if touched.issuperset(pair)] or list(self._days)
        shown = [
            f"{'-'.join(pair)} from {days[0]} to {days[-1]}"
            for pair in pairs[:MOST_SHOWN]
            if (days := self._days[pair])
        ]
        return ", ".join(shown) + (", ..." if len(pairs) > MOST_SHOWN else "") or "nothing"

    def _days_back(self, day: datetime.date) -> Iterator[datetime.date]:
        """The day and those before it whose quotes still count, the latest first."""
        for back in range(min(self.last_within_days, (day - datetime.date.min).days) + 1):
            yield day - datetime.timedelta(back)

    def _found(
        self, source: str, target: str, day: datetime.date
    ) -> Iterator[tuple[Fraction, bool, str | None]]:
        """Rates of that very day, the most direct first: as quoted, turned round, through the pivot."""
        for rate, inverted in self._leg(source, target, day):
            yield rate, inverted, None
        if self.pivot is not None:
            for first, turned in self._leg(source, self.pivot, day):
                for second, inverted in self._leg(self.pivot, target, day):
                    yield first * second, turned or inverted, self.pivot

    def _leg(self, source: str, target: str, day: datetime.date) -> Iterator[tuple[Fraction, bool]]:
        if (source, target, day) in self._rates:
            yield self._rates[source, target, day], False
        if self.inverse and (target, source, day) in self._rates:
            yield 1 / self._rates[target, source, day], True

    @cached_property
    def _rates(self) -> dict[tuple[str, str, datetime.date], Fraction]:
        return {_key(one): one.rate for one in self.quotes}

    @cached_property
    def _days(self) -> dict[tuple[str, str], list[datetime.date]]:
        found: dict[tuple[str, str], list[datetime.date]] = {}
        for one in self.quotes:
            found.setdefault((one.source, one.target), []).append(one.day)
        return found


def _key(quote: QuotedRate) -> tuple[str, str, datetime.date]:
    return quote.source, quote.target, quote.day
