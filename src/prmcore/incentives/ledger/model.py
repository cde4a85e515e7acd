"""The ledger: entries that are only ever added, each with the calculation that it is.

A balance is a sum of entries. What was known on an earlier day is the entries recorded up to it, so that any statement
can be made again. A correction is another entry, booked in a period that is still open and attributed to its own.
"""

from __future__ import annotations

import datetime
from bisect import insort
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

import attrs

from prmcore.errors import InvalidInput, PrmError
from prmcore.incentives.plans.facts import Earning, Share
from prmcore.incentives.plans.lines import Line
from prmcore.values import DateRange, FiscalCalendar, FiscalPeriod, Money, PeriodKind, total
from prmcore.values.money import MOST_DIGITS
from prmcore.values.wire import MOST_DIGITS_OF_RATIO, can_be_kept

__all__ = [
    "PERIOD_MOVES", "BookPeriod", "Bookkeeping", "Entry", "EntryKind", "Ledger", "LedgerDiffers", "PeriodAction", "PeriodState",
]  # fmt: skip


class EntryKind(StrEnum):
    """What an entry of the ledger is for."""

    EARNED = "earned"
    CLAWBACK = "clawback"  # what refunds took back
    ADJUSTMENT = "adjustment"  # by a person, such as the end of a dispute
    PAYMENT = "payment"  # negative: what was paid out
    WRITE_OFF = "write-off"  # of a balance below zero that nobody will settle
    REIMBURSEMENT = "reimbursement"  # of a fund claim


class LedgerDiffers(PrmError):
    """An entry of that id is there already, and is another one: entries are never changed."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        super().__init__(
            f"the ledger holds another entry {entry.id!r}; an entry is never changed, a correction is a new one"
        )


@attrs.frozen(kw_only=True)
class Entry:
    """One movement of a payee's balance; it is never edited."""

    payee: str
    earner: str  # whose sales it was calculated from: the payee, or the one that shares its payout
    component: str  # "reseller/2026/rebate/volume"; of a person's decision, program and what it is: "reseller/payment"
    period: str  # that was calculated
    number: int  # among the entries of this payee for this earner, component and period, from 1
    kind: EntryKind
    amount: Money  # signed; the sum of the lines
    lines: tuple[Line, ...]
    attributed: str  # the period of the books that it belongs to
    booked: str  # and the one in which it stands, because its own was closed
    effective: datetime.date  # of what it is about
    recorded: datetime.date  # since when it is known
    payable_from: datetime.date | None = None  # held until then; None = at once
    expires: datetime.date | None = None  # of points
    earning: Earning | None = (
        None  # what it was calculated from; its shares are those that are new or changed
    )
    corrects: str | None = None  # id of an entry
    by: str | None = None  # the person whose decision it is; None = calculated
    reason: str | None = None

    def __attrs_post_init__(self) -> None:
        if sum(line.amount for line in self.lines) != self.amount.minor:
            raise InvalidInput(f"the lines of {self.id!r} do not add up to {self.amount}")
        if abs(self.amount.minor) >= 10**MOST_DIGITS:
            raise InvalidInput(f"{self.id!r} comes to an amount of more than {MOST_DIGITS} digits")
        if not all(map(can_be_kept, self._numbers())):
            raise InvalidInput(
                f"{self.id!r} is calculated from a fraction of more than {MOST_DIGITS_OF_RATIO} digits, which cannot be kept; "
                "accepted: a shorter period, or rates of exchange that are quoted in the direction that is asked for"
            )

    def _numbers(self) -> Iterator[Fraction]:
        """What is not whole in general."""
        found = [number for line in self.lines for number in (line.amount, line.quantity, line.rate)]
        if self.earning is not None:
            found += (self.earning.window, self.earning.baseline, self.earning.carried)
        return (number for number in found if number is not None)

    @property
    def books(self) -> str:
        """The program in whose books it stands."""
        return self.component.split("/")[0]

    @property
    def calculation(self) -> str:
        return calculation_key(self.earner, self.component, self.period)

    @property
    def id(self) -> str:
        return f"{self.calculation}|{_plain(self.payee)}#{self.number}"

    @property
    def is_late(self) -> bool:
        """Whether it corrects a period that was closed before."""
        return self.booked != self.attributed


@lru_cache(maxsize=100_000)  # every transaction asks for the key of its group
def calculation_key(earner: str, component: str, period: str) -> str:
    """
    >>> calculation_key("acme", "reseller/2026/rebate/volume", "FY2026-Q1")
    'acme|reseller/2026/rebate/volume|FY2026-Q1'
    """
    return f"{_plain(earner)}|{_plain(component)}|{_plain(period)}"


def _plain(name: str) -> str:
    """Without the sign that parts are joined by, so that no two keys look alike."""
    return name.replace("%", "%25").replace("|", "%7C")


def _number(entry: Entry) -> int:
    return entry.number


class Ledger:
    """Entries by what they belong to. Adding the same entry again changes nothing; another one of its id is refused."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_id: dict[str, Entry] = {}
        self._by_calculation: dict[str, list[Entry]] = {}
        self._by_payee: dict[str, list[Entry]] = {}
        self._counted: dict[str, dict[str, tuple[Entry, Share]]] = {}  # by transaction, then by calculation
        self.add(entries)

    def add(self, entries: Iterable[Entry]) -> int:
        """How many were new. None is added when one of them differs from what is there."""
        fresh: dict[str, Entry] = {}
        for entry in entries:
            if self._by_id.get(entry.id, fresh.setdefault(entry.id, entry)) != entry:
                raise LedgerDiffers(entry)
        new = [entry for entry in fresh.values() if entry.id not in self._by_id]
        for entry in new:
            self._by_id[entry.id] = entry
            insort(self._by_calculation.setdefault(entry.calculation, []), entry, key=_number)
            self._by_payee.setdefault(entry.payee, []).append(entry)
            for share in entry.earning.shares if entry.earning is not None else ():
                self._count(entry, share)
        return len(new)

    def _count(self, entry: Entry, share: Share) -> None:
        """The last entry says how much is counted, in whatever order entries come out of a store."""
        counted = self._counted.setdefault(share.transaction, {})
        before = counted.get(entry.calculation)
        if before is None or before[0].number <= entry.number:
            counted[entry.calculation] = entry, share

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, identity: object) -> bool:
        return identity in self._by_id

    def entry(self, identity: str) -> Entry:
        if identity not in self._by_id:
            raise InvalidInput(f"there is no entry {identity!r}")
        return self._by_id[identity]

    def of(self, calculation: str) -> tuple[Entry, ...]:
        """What was posted for a calculation, to all payees, in order."""
        return tuple(self._by_calculation.get(calculation, ()))

    def calculations(self) -> Iterable[str]:
        return self._by_calculation.keys()

    def of_payee(self, payee: str) -> tuple[Entry, ...]:
        return tuple(self._by_payee.get(payee, ()))

    def payees(self) -> tuple[str, ...]:
        return tuple(sorted(self._by_payee))

    def units(self, payee: str) -> tuple[str, ...]:
        """The currencies, and points, that a payee has entries in; they are never added to one another."""
        return tuple(sorted({entry.amount.currency for entry in self.of_payee(payee)}))

    def posted(self, calculation: str, payee: str) -> int:
        """In minor units."""
        return sum(entry.amount.minor for entry in self.of(calculation) if entry.payee == payee)

    def shares(self, calculation: str) -> dict[str, Share]:
        """What a calculation has counted, by transaction: the entry that counted one last says how much."""
        found: dict[str, Share] = {}
        for entry in self.of(calculation):
            for share in entry.earning.shares if entry.earning is not None else ():
                found[share.transaction] = share
        return found

    def counted(self, transaction: str) -> tuple[tuple[Entry, Share], ...]:
        """Where a transaction is counted: for each calculation, the last entry that says how much."""
        return tuple(self._counted.get(transaction, {}).values())

    def balance(self, payee: str, unit: str) -> Money:
        return total((one.amount for one in self.of_payee(payee) if one.amount.currency == unit), unit)

    def as_of(self, day: datetime.date) -> Ledger:
        """The ledger as it was at the end of a day."""
        return Ledger(entry for entry in self if entry.recorded <= day)


class PeriodState(StrEnum):
    """Whether a period of the books takes entries."""

    OPEN = "open"
    GRACE = "grace"  # over, and still open for what comes in late
    CLOSED = "closed"


class PeriodAction(StrEnum):
    """What somebody can do with a period of the books."""

    END = "end"
    CLOSE = "close"


PERIOD_MOVES: Mapping[tuple[PeriodState, PeriodAction], PeriodState] = {
    (PeriodState.OPEN, PeriodAction.END): PeriodState.GRACE,
    (PeriodState.OPEN, PeriodAction.CLOSE): PeriodState.CLOSED,
    (PeriodState.GRACE, PeriodAction.CLOSE): PeriodState.CLOSED,
}  # a closed period stays closed


@attrs.frozen(kw_only=True)
class BookPeriod:
    """A period of a program's books. One that nobody has touched is open."""

    books: str  # the program
    name: str
    range: DateRange
    state: PeriodState = PeriodState.OPEN
    on: datetime.date | None = None  # the day of the last move
    by: str | None = None

    @property
    def id(self) -> str:
        return f"{self.books}/{self.name}"

    def moved(self, action: PeriodAction, on: datetime.date, by: str) -> BookPeriod:
        """The period after an action; one that its state does not allow, or that comes before its end, is refused."""
        if (self.state, action) not in PERIOD_MOVES:
            accepted = [str(one) for state, one in PERIOD_MOVES if state is self.state]
            raise InvalidInput(
                f"{self.name} is {self.state}; accepted: {', '.join(accepted) or 'nothing, it stays closed'}"
            )
        if on < self.range.end:  # type: ignore[operator]  # a fiscal period ends
            raise InvalidInput(f"{self.name} lasts until {self.range.last_day}; it cannot {action} on {on}")
        return attrs.evolve(self, state=PERIOD_MOVES[self.state, action], on=on, by=by)


@attrs.frozen
class Bookkeeping:
    """In which periods entries are booked: the kind of period, and those that are no longer open."""

    calendar: FiscalCalendar = FiscalCalendar()
    kind: PeriodKind = "month"
    moved: Mapping[str, BookPeriod] = attrs.field(factory=dict)  # by name; what is not here is open
    closed_before: datetime.date | None = (
        None  # periods that end before this day are closed, too; None = by people only
    )

    def period(self, day: datetime.date) -> FiscalPeriod:
        return self.calendar.period(self.kind, day)

    def is_closed(self, period: FiscalPeriod) -> bool:
        kept = self.moved.get(period.name)
        if self.closed_before is not None and period.range.last_day < self.closed_before:
            return True
        return kept is not None and kept.state is PeriodState.CLOSED

    def booked(self, effective: datetime.date) -> tuple[str, str]:
        """The period that something of this day belongs to, and the first from there on that is not closed."""
        own = period = self.period(effective)
        while self.is_closed(period):
            period = self.period(period.range.last_day + datetime.timedelta(days=1))
        return own.name, period.name

    def named(self, name: str, effective: datetime.date) -> FiscalPeriod:
        """The period of that name, of what is effective on a day and may stand in a later one."""
        period = self.period(effective)
        while period.name != name:
            period = self.period(period.range.last_day + datetime.timedelta(days=1))
        return period
