"""What a program version says about incentives, and how rows become the transactions that they are calculated from."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs

from prmcore.decisions import FactField, FactSchema, FactSheet, Kind
from prmcore.errors import InvalidInput
from prmcore.incentives import Day, Plan, Transaction
from prmcore.incentives.funds import FundPolicy
from prmcore.incentives.ledger.disputes import DisputePolicy
from prmcore.incentives.payouts.model import PayoutPolicy
from prmcore.incentives.stacking import Stacking
from prmcore.values import ExchangeRates, Money, PeriodKind

__all__ = ["ExchangePolicy", "Incentives", "Reading"]

LEVEL = "level"  # the fact that tiers bring to incentives: the partner's level on the day of the transaction
AGREEMENT = "has_agreement"  # the one that contracts bring: whether the partner had one in force on that day


@attrs.frozen(kw_only=True)
class Reading:
    """Which fields of a source make a transaction."""

    source: str
    id: tuple[
        str, ...
    ] = ()  # fields that together name a row; none = its day and place among the partner's of that day
    gross: str | None = None
    net: str | None = None
    cost: str | None = None
    units: str | None = None
    returns: str | None = None  # the id of the sale that a row takes back; empty in sales
    recorded: str | None = None  # the day since when a row is known; None = since its own
    days: Mapping[Day, str] = attrs.field(
        factory=dict
    )  # fields; none = a row's own day is that of its invoice
    parties: Mapping[str, str] = attrs.field(factory=dict)  # fields that name others than the partner

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Every field that is read, with the key that names it."""
        single = [
            (key, getattr(self, key)) for key in ("gross", "net", "cost", "units", "returns", "recorded")
        ]
        listed = [(f"id[{place}]", name) for place, name in enumerate(self.id)]
        named = [
            *((f"days.{key.value}", name) for key, name in self.days.items()),
            *((f"parties.{key}", name) for key, name in self.parties.items()),
        ]
        return tuple((key, name) for key, name in [*single, *listed, *named] if name is not None)


@attrs.frozen(kw_only=True)
class ExchangePolicy:
    """Which quote of a table of rates counts on a day without one; see prmcore.values.ExchangeRates."""

    last_within_days: int = 0
    inverse: bool = False
    pivot: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuses what no table of rates could be used with."""
        ExchangeRates("exchange", (), self.last_within_days, self.inverse, self.pivot)


@attrs.frozen(kw_only=True)
class Incentives:
    """The plans of one program version."""

    plans: tuple[Plan, ...]
    reading: Reading
    prices: tuple[Stacking, ...] = ()  # what is taken off prices
    books: PeriodKind = "month"  # in which entries are booked and closed
    grace_days: int | None = (
        None  # after its end a period is open for so long; None = until a person closes it
    )
    exchange: ExchangePolicy = ExchangePolicy()
    payout: PayoutPolicy = PayoutPolicy()  # when what is owed is paid, and who has a say in it
    disputes: DisputePolicy = DisputePolicy()
    funds: FundPolicy | None = None  # the rules of its market development and co-op funds; None = it has none

    def plan(self, name: str) -> Plan:
        """By its own name, without program and version."""
        return next(one for one in self.plans if one.name.rpartition("/")[2] == name)

    def price(self, name: str) -> Stacking:
        """By its own name, without program and version."""
        return next(one for one in self.prices if one.name.rpartition("/")[2] == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(plan.name.rpartition("/")[2] for plan in self.plans)


def transaction_facts(fields: Iterable[FactField], given: Iterable[FactField]) -> FactSchema:
    """What eligibility may ask of a transaction: its row's fields, what is given of the partner, its level, its agreement."""
    found: dict[str, FactField] = {}
    for one in (*fields, *given, FactField(LEVEL, Kind.CODE), FactField(AGREEMENT, Kind.BOOL)):
        found.setdefault(one.name, one)
    return FactSchema("transaction", tuple(found.values()))


Row = tuple[
    str, datetime.date, tuple[Any, ...]
]  # the partner, the day, and the values of the source's fields


def transactions(
    reading: Reading,
    fields: FactSchema,
    schema: FactSchema,
    rows: Iterable[Row],
    given: Mapping[str, Mapping[str, Any]],
    joined: Mapping[str, Callable[[str, datetime.date], Any]],
) -> Iterator[Transaction]:
    """Each row as a transaction; `schema` are the facts that eligibility may ask for: the row's, the partner's, and those
    that other capabilities know of a partner on a day, `joined` by their names."""
    places = {name: fields.place(name) for name in fields.names}
    made = _maker(reading, fields)
    seen: dict[tuple[str, datetime.date], int] = {}
    for row in rows:
        partner, day, values = row
        seen[partner, day] = number = seen.get((partner, day), 0) + 1
        of_partner = given.get(partner, {})
        facts = [
            values[places[name]]
            if name in places
            else joined[name](partner, day)
            if name in joined and name not in of_partner
            else of_partner.get(name)
            for name in schema.names
        ]
        yield made(row, number, FactSheet(schema, tuple(facts)))


def row_check(reading: Reading, fields: FactSchema) -> Callable[[Row], object]:
    """Refuses a row that can be no transaction: nothing names it, or it pays for what it takes back."""
    made, nothing = _maker(reading, fields), FactSheet(FactSchema("transaction", ()), ())
    return lambda row: made(row, 1, nothing)


def _maker(reading: Reading, fields: FactSchema) -> Callable[[Row, int, FactSheet], Transaction]:
    """Makes a transaction of a row, the n-th of its partner and day, and its facts."""
    places = {name: fields.place(name) for _, name in reading.fields}

    def made(row: Row, number: int, facts: FactSheet) -> Transaction:
        partner, day, values = row

        def value(name: str | None) -> Any:
            return None if name is None else values[places[name]]

        units = value(reading.units)
        return Transaction(
            id=_id(reading, partner, day, number, [value(name) for name in reading.id]),
            parties={
                "partner": partner,
                **{part: value(name) for part, name in reading.parties.items() if value(name)},
            },
            days={kind: value(name) for kind, name in reading.days.items() if value(name)}
            if reading.days
            else {Day.INVOICED: day},
            gross=value(reading.gross),
            net=value(reading.net),
            cost=value(reading.cost),
            units=None if units is None else Fraction(units),
            returns=value(reading.returns),
            facts=facts,
            recorded=value(reading.recorded) or (None if reading.recorded is None else day),
        )

    return made


def _id(reading: Reading, partner: str, day: datetime.date, number: int, named: list[Any]) -> str:
    if not reading.id:
        return f"{partner}/{day.isoformat()}/{number}"
    if any(part is None for part in named):
        raise InvalidInput(
            f"a row of {partner} of {day} has no {' and '.join(reading.id)}; accepted: rows that these fields name"
        )
    return "/".join(str(part.minor if isinstance(part, Money) else part) for part in named)
