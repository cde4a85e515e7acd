"""Statements: a payee's balance over a period of the books, sealed; the same books from either side; and why an entry is what it is.

A statement is made from the ledger whenever it is asked for. Once its period is closed nothing is booked in it any more,
so that it comes out alike for ever, and its seal shows that it did. Each seal covers the one before it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import attrs

from prmcore.decisions.explain import Exact, Said
from prmcore.errors import InvalidInput, PrmError, unknown_name
from prmcore.incentives.ledger.model import Bookkeeping, Entry, EntryKind, Ledger
from prmcore.incentives.ledger.posting import replayed_entry
from prmcore.incentives.plans.facts import Base, Share
from prmcore.incentives.plans.lines import Line, LineKind
from prmcore.incentives.plans.model import Component, family_of
from prmcore.incentives.plans.policy import ComponentPolicy
from prmcore.incentives.plans.said import said_of_line
from prmcore.incentives.plans.splits import At
from prmcore.values import DateRange, FiscalPeriod, Money, total
from prmcore.values.wire import to_plain

__all__ = [
    "Account", "AccountLine", "NotRecomputed", "Part", "Side", "Statement", "postings", "statement", "statement_chain", "why",
]  # fmt: skip

SEALED_AS = "prmcore/statement/1"  # what a seal is of, should another form ever follow


class Part(StrEnum):
    """Where the movement of a period comes from: the three amounts of a recalculation, and what people did."""

    CALCULATED = "calculated"  # belongs to the period
    PRIOR_PERIOD = "prior-period"  # belongs to an earlier one that was closed
    RATE_ADJUSTMENT = (
        "rate-adjustment"  # a plan version took the place of another: what it pays more, or less
    )
    DECIDED = "decided"  # by a person: settled disputes, write-offs, reimbursements
    PAID = "paid"


@attrs.frozen(kw_only=True, slots=False)
class Statement:
    """What a payee had, what came, and what it has now, in one unit."""

    payee: str
    unit: str  # a currency, or points; others are on statements of their own
    period: str  # of the books
    opening: Money
    entries: tuple[Entry, ...]  # booked in the period, in the order in which they became known
    parts: Mapping[Part, Money]  # the entries' amounts by where they come from; what is not there is nothing
    closing: Money
    previous: str | None = None  # the seal of the statement before it; None = there is none

    def __attrs_post_init__(self) -> None:
        if self.opening + total((one.amount for one in self.entries), self.unit) != self.closing:
            raise InvalidInput(f"{self.opening} and the entries do not add up to {self.closing}")
        if self.opening + total(self.parts.values(), self.unit) != self.closing:
            raise InvalidInput(f"{self.opening} and the parts do not add up to {self.closing}")

    def amount(self, part: Part) -> Money:
        return self.parts.get(part, Money.zero(self.unit))

    @cached_property
    def seal(self) -> str:
        """The SHA-256 of all that the statement says, the seal before it included; alike wherever it is made."""
        written = {"sealed_as": SEALED_AS, **to_plain(self)}
        canonical = json.dumps(_without_none(written), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()

    def is_sealed_by(self, seal: str) -> bool:
        """Whether this is the statement that was given the seal."""
        return self.seal == seal


def _without_none(written: Any) -> Any:
    """Without what is not there: a field that records are given later, and old ones lack, breaks no seal."""
    if isinstance(written, Mapping):
        return {key: _without_none(value) for key, value in written.items() if value is not None}
    return [_without_none(one) for one in written] if isinstance(written, list | tuple) else written


def statement(
    ledger: Ledger,
    books: Bookkeeping,
    payee: str,
    unit: str,
    period: str,
    as_of: datetime.date | None = None,
) -> Statement:
    """A payee's statement for a period of the books, such as "2026-04"; `as_of` makes it from what was known at the end of that day.

    A period may be longer than those that are booked in: a quarter of books that are kept by the month.
    """
    return statement_chain(ledger, books, payee, unit, period, as_of)[-1]


def statement_chain(
    ledger: Ledger,
    books: Bookkeeping,
    payee: str,
    unit: str,
    through: str,
    as_of: datetime.date | None = None,
) -> tuple[Statement, ...]:
    """All of a payee's statements, from the period of its first entry through this one: the chain of seals."""
    last = books.calendar.named(through)
    dated = _by_booking(_known(ledger, payee, unit, as_of), books)
    replacing = _replacing([entry for _, entry in dated])
    found: list[Statement] = []
    balance, place = Money.zero(unit), 0
    for period in _periods(books, dated[0][0] if dated else None, last):
        entries = []
        while place < len(dated) and dated[place][0] in period.range:
            entries.append(dated[place][1])
            place += 1
        found.append(
            Statement(
                payee=payee, unit=unit, period=period.name, opening=balance, entries=tuple(entries),
                parts=_parts(entries, books, period, replacing),
                closing=balance + total((one.amount for one in entries), unit),
                previous=found[-1].seal if found else None,
            )
        )  # fmt: skip
        balance = found[-1].closing
    return tuple(found)


def _known(ledger: Ledger, payee: str, unit: str, as_of: datetime.date | None) -> list[Entry]:
    of_payee = [one for one in ledger.of_payee(payee) if as_of is None or one.recorded <= as_of]
    programs = sorted({one.books for one in of_payee})
    if len(programs) > 1:
        raise InvalidInput(f"found the books of {', '.join(programs)}; accepted: the ledger of one program")
    return [one for one in of_payee if one.amount.currency == unit]


def _by_booking(entries: Iterable[Entry], books: Bookkeeping) -> list[tuple[datetime.date, Entry]]:
    """Each entry with the first day of the period it is booked in, in an order that no store changes."""
    named = {name: _first_day(books.calendar.named(name)) for name in {one.booked for one in entries}}

    def order(pair: tuple[datetime.date, Entry]) -> tuple[Any, ...]:
        start, one = pair
        return start, one.recorded, one.effective, one.calculation, one.number

    return sorted(((named[one.booked], one) for one in entries), key=order)


def _first_day(period: FiscalPeriod) -> datetime.date:
    assert period.range.start is not None  # a fiscal period starts
    return period.range.start


def _periods(books: Bookkeeping, first: datetime.date | None, last: FiscalPeriod) -> tuple[FiscalPeriod, ...]:
    """From the one of the first entry through the last, of the last one's kind."""
    if first is None or first >= _first_day(last):
        return (last,)
    return books.calendar.periods(last.kind, DateRange(first, last.range.end))


def _parts(
    entries: Iterable[Entry], books: Bookkeeping, period: FiscalPeriod, replacing: frozenset[str]
) -> dict[Part, Money]:
    found: dict[Part, Money] = {}
    for entry in entries:
        part = _part(entry, books, period, replacing)
        found[part] = found[part] + entry.amount if part in found else entry.amount
    return {part: found[part] for part in Part if part in found}


def _part(entry: Entry, books: Bookkeeping, period: FiscalPeriod, replacing: frozenset[str]) -> Part:
    if entry.kind is EntryKind.PAYMENT:
        return Part.PAID
    if entry.id in replacing:
        return Part.RATE_ADJUSTMENT
    if entry.earning is None:
        return Part.DECIDED
    late = entry.is_late and _first_day(books.calendar.named(entry.attributed)) < _first_day(period)
    return Part.PRIOR_PERIOD if late else Part.CALCULATED


def _replacing(entries: Sequence[Entry]) -> frozenset[str]:
    """Where one plan version took the place of another: what was taken back, and what was paid anew for the same sales."""
    taken_back = [one for one in entries if one.kind is EntryKind.ADJUSTMENT and one.by is None]
    found = {one.id for one in taken_back}
    for back in taken_back:
        before = [one for one in entries if one.calculation == back.calculation]
        sales = {share.transaction for one in before for share in _shares(one)}
        found.update(
            one.id
            for one in entries
            if one.recorded == back.recorded
            and one.earner == back.earner
            and _plan(one) != _plan(back)
            and family_of(_plan(one)) == family_of(_plan(back))
            and any(share.transaction in sales for share in _shares(one))
        )
    return frozenset(found)


def _plan(entry: Entry) -> str:
    return entry.component.rpartition("/")[0]


def _shares(entry: Entry) -> tuple[Share, ...]:
    return () if entry.earning is None else entry.earning.shares


# the same books from either side


Side = Literal["vendor", "partner"]


class Account(StrEnum):
    """Where double entry puts an amount."""

    EXPENSE = "incentive-expense"  # the vendor's
    INCOME = "incentive-income"  # the partner's
    PAYABLE = "owed-to-partner"  # the vendor's
    RECEIVABLE = "owed-by-vendor"  # the partner's
    BANK = "bank"
    WRITTEN_OFF = "written-off"


_OF_PARTNER = {Account.EXPENSE: Account.INCOME, Account.PAYABLE: Account.RECEIVABLE}  # the others are alike


@attrs.frozen(kw_only=True)
class AccountLine:
    """One half of a posting in double entry."""

    entry: str  # its id
    on: datetime.date
    account: Account
    amount: Money  # a debit is positive, a credit negative


def postings(found: Statement, side: Side = "vendor") -> tuple[AccountLine, ...]:
    """The entries of a statement in double entry, two lines each that add up to zero.

    What the vendor owes, the partner is owed: each line of one side is the mirror of the other side's.
    """
    if side not in ("vendor", "partner"):
        raise InvalidInput(unknown_name("side", str(side), ("vendor", "partner")))
    return tuple(line for entry in found.entries for line in _both(entry, side))


def _both(entry: Entry, side: Side) -> Iterator[AccountLine]:
    against = {EntryKind.PAYMENT: Account.BANK, EntryKind.WRITE_OFF: Account.WRITTEN_OFF}
    pair = ((against.get(entry.kind, Account.EXPENSE), entry.amount), (Account.PAYABLE, -entry.amount))
    for account, amount in pair:
        if side == "partner":
            account, amount = _OF_PARTNER.get(account, account), -amount
        yield AccountLine(entry=entry.id, on=entry.effective, account=account, amount=amount)


# why an entry is what it is


class NotRecomputed(PrmError):
    """An entry does not come out of its plan again: the plan, the ledger or the entry was changed."""

    def __init__(self, entry: Entry, lines: tuple[Line, ...]) -> None:
        self.entry, self.lines = entry, lines
        again = Exact(entry.amount.currency, sum((line.amount for line in lines), Fraction(0)))
        super().__init__(
            f"{entry.id!r} says {entry.amount}; calculated again by {entry.component} its lines come to "
            f"{again.minor} minor units: {', '.join(f'{line.what} {line.amount}' for line in lines)}"
        )


def why(ledger: Ledger, entry: Entry, policies: Mapping[str, ComponentPolicy]) -> Said:
    """Why an entry is what it is: down to the slice of each tier and the transactions that were newly counted.

    `policies` are by component with its plan ("reseller/2026/rebate/volume"). The entry is calculated again from what the
    ledger keeps; one that does not come out as it was posted is refused with `NotRecomputed`.
    """
    values = {
        "component": entry.component,
        "payee": entry.payee,
        "period": entry.period,
        "amount": entry.amount,
    }
    said = Said("{component} of {payee} for {period}: {amount}", values)
    if entry.earning is None:
        return attrs.evolve(said, parts=(*_said_of_decision(entry), *_said_of_booking(entry)))
    if entry.component not in policies:
        raise InvalidInput(unknown_name("component", entry.component, policies))
    policy = policies[entry.component]
    lines = _calculated_again(ledger, entry, policy)
    if lines != entry.lines:
        raise NotRecomputed(entry, lines)
    component = policy.component
    counted = tuple(_said_of_share(component, share) for share in entry.earning.shares)
    newly = Said(
        "newly counted, or counted otherwise than before: {count}", {"count": len(counted)}, None, counted
    )
    calculation = tuple(said_of_line(component, line, entry.earning.part) for line in lines)
    return attrs.evolve(
        said, parts=(*calculation, *_said_of_booking(entry), *((newly,) if counted else ()))
    )  # fmt: skip


def _calculated_again(ledger: Ledger, entry: Entry, policy: ComponentPolicy) -> tuple[Line, ...]:
    """The entry's lines, from the plan and from the entries before it."""
    found = replayed_entry(ledger, entry, policy)
    if found.amount is None:
        return ()
    lines = list(found.lines)
    due = _due(policy.component, found.amount, entry)
    if due != found.amount.minor:
        lines.append(Line(what=LineKind.SPLIT, amount=Fraction(due - found.amount.minor)))
    posted = sum(
        one.amount.minor
        for one in ledger.of(entry.calculation)
        if one.payee == entry.payee and one.number < entry.number
    )
    if posted:
        lines.append(Line(what=LineKind.POSTED, amount=Fraction(-posted)))
    return tuple(lines)


def _due(component: Component, amount: Money, entry: Entry) -> int:
    """The payee's part of the amount; one who is in the split no more is due nothing."""
    split = component.split
    if split is None or split.at is not At.PAYOUT:
        return amount.minor if entry.payee == entry.earner else 0
    return split.paid_out(amount.minor, component.rounding).shares.get(entry.payee, 0)


def _said_of_share(component: Component, share: Share) -> Said:
    values = {
        "transaction": share.transaction,
        "day": share.day,
        "sale": share.returns,
        "amount": _measured(component, share),
    }
    message = (
        "{transaction} of {day}: {amount}"
        if share.returns is None
        else "{transaction} of {day}, of the sale {sale}: {amount}"
    )
    exchange = share.exchange
    if exchange is None or share.source is None:
        return Said(message, values)
    turned = exchange.inverted and exchange.through is None  # the quote has the digits, not what it makes
    rate = 1 / exchange.rate if turned else exchange.rate
    quoted = {"source": share.source, "rate": rate, "day": exchange.quoted, "table": exchange.table}
    at = (
        "{source} at 1 / {rate}, as quoted on {day} in {table}"
        if turned
        else "{source} at {rate}, as quoted on {day} in {table}"
    )
    return Said(message, values, None, (Said(at, quoted),))


def _measured(component: Component, share: Share) -> Any:
    if component.base is Base.UNITS:
        return share.pay
    return Exact(component.counted_in, share.pay * component.per_minor)


def _said_of_decision(entry: Entry) -> Iterator[Said]:
    """What stands instead of a calculation: who decided, and why."""
    if entry.kind is EntryKind.PAYMENT:
        yield Said("paid out: {amount}", {"amount": entry.amount})
    if entry.corrects is not None:
        yield Said("corrects {entry}", {"entry": entry.corrects})
    if entry.by is not None:
        yield Said("decided by {person}", {"person": entry.by})
    if entry.reason is not None:
        yield Said("{note}", {"note": entry.reason})


def _said_of_booking(entry: Entry) -> Iterator[Said]:
    if entry.is_late:
        values = {"attributed": entry.attributed, "booked": entry.booked}
        yield Said("belongs to {attributed}, which was closed; booked in {booked}", values)
    if entry.payable_from is not None:
        yield Said("held until {day}", {"day": entry.payable_from})
