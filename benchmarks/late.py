"""Posting: all sales in one run; and a late one in a ledger of thousands or a million entries, which only posts its own anew."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
from timing import side_by_side

from incentives import FIVE, curve
from prmcore.incentives.ledger.model import (
    Bookkeeping,
    BookPeriod,
    Entry,
    Ledger,
    PeriodAction,
    calculation_key,
)
from prmcore.incentives.ledger.posting import post
from prmcore.incentives.plans.curve import Rounding
from prmcore.incentives.plans.facts import Day, Transaction
from prmcore.incentives.plans.model import Component, Plan
from prmcore.repository import Aggregate, Store, UnitOfWork, committed
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.values import Dated, DateRange, Money

__all__ = ["in_memory", "in_one_run", "in_stores"]

START, KNOWN = datetime.date(2026, 1, 1), datetime.date(2026, 5, 20)
COMPONENT = Component(name="volume", curve=curve(FIVE), unit="EUR")
PLAN = Plan(name="reseller/2026/rebate", components=(COMPONENT,))
PLANS = Dated(((DateRange(START, None), PLAN),))
ENTRIES = Aggregate("entry", Entry, lambda entry: entry.id, {"calculation": lambda entry: entry.calculation})
NET = Money("EUR", 1_234_567)
SALES = 10  # of each partner in the quarter, each posted when it came: ten entries
AT_ONCE = 50  # late sales that are timed together


def in_one_run(sales: int, rounds: int) -> dict[str, float]:
    """Microseconds for one sale, from the transactions to explained entries; and again, when all of them are posted."""
    days = [START + datetime.timedelta(days=number * 9 // SALES) for number in range(10 * SALES)]
    of_partner = list(enumerate(days))
    given = [
        _sale(f"p{partner}", str(number), day)
        for partner in range(sales // len(days))
        for number, day in of_partner
    ]
    books = _books(KNOWN)
    first = post(PLANS, given, Ledger(), known=KNOWN, books=books).entries
    done = Ledger(first)
    if len(first) != sales // len(days) or post(PLANS, given, done, known=KNOWN, books=books).entries:
        raise SystemExit(
            f"{len(first)} entries for {sales // len(days)} partners; and a second run may post nothing"
        )
    jobs = {
        "posted": lambda: post(PLANS, given, Ledger(), known=KNOWN, books=books),
        "posted again": lambda: post(PLANS, given, done, known=KNOWN, books=books),
    }
    return {name: time / len(given) for name, time in side_by_side(jobs, rounds, 1e-6).items()}


def in_memory(rounds: int, *sizes: int) -> dict[str, float]:
    """Microseconds from a late sale to its entry in the ledger, for ledgers of so many entries."""
    ledgers = {size: Ledger(entries(size)) for size in sizes}
    jobs = {f"{size:,} entries": _late(ledger) for size, ledger in ledgers.items()}
    found = {name: time / AT_ONCE for name, time in side_by_side(jobs, rounds, 1e-6).items()}
    for ledger in ledgers.values():
        _check(ledger)
    return found


def _check(ledger: Ledger) -> None:
    """What the first partner was posted, late sales and all, is what it is due by all of them together."""
    of_first = ledger.of_payee("p0")
    due = Rounding.HALF_EVEN.whole(COMPONENT.curve.amount(len(of_first) * NET.minor))
    if sum(entry.amount.minor for entry in of_first) != due or len(of_first) <= SALES:
        raise SystemExit(f"p0 is due {due}, and was posted {[entry.amount for entry in of_first]}")


def in_stores(rounds: int, *sizes: int) -> dict[str, float]:
    """The same where entries are records of a store: those of the calculation are asked for, the new one is committed."""
    with TemporaryDirectory() as folder:
        stores = {f"{size:,} entries, MemoryStore": (MemoryStore(), size) for size in sizes}
        files = {
            f"{size:,} entries, SqliteStore": (SqliteStore(Path(folder) / f"{size}.sqlite"), size)
            for size in sizes
        }
        jobs = {}
        for name, (store, size) in (stores | files).items():
            _keep(store, entries(size))
            jobs[name] = _late_in(store, size // SALES)
        found = {name: time / AT_ONCE for name, time in side_by_side(jobs, rounds, 1e-6).items()}
        for file, _ in files.values():
            file.close()
    return found


def _keep(store: Store, given: Iterable[Entry]) -> None:
    with store.unit_of_work() as work:
        kept = work.repository(ENTRIES)
        for entry in given:
            kept.put(entry)
        work.commit()


def _late_in(store: Store, partners: int) -> Callable[[], None]:
    sales, books = _late_sales(partners), _books(KNOWN)

    def one(sale: Transaction, work: UnitOfWork) -> None:
        kept = work.repository(ENTRIES)
        key = calculation_key(sale.parties["partner"], f"{PLAN.name}/{COMPONENT.name}", "FY2026-Q1")
        ledger = Ledger(found.record for found in kept.query(calculation=key))
        kept.put(_posted_late(sale, ledger, books))

    def late() -> None:
        for sale in islice(sales, AT_ONCE):
            committed(store, partial(one, sale))

    return late


def entries(size: int) -> Iterator[Entry]:
    """Those of the first partner, as posting makes them, and the same for each of the others."""
    first = list(posted("p0"))
    if first != [_of(entry, "p0") for entry in posted("p1")]:
        raise SystemExit("the entries of two partners differ by more than their names")
    for number in range(size // SALES):
        yield from (_of(entry, f"p{number}") for entry in first)


def posted(partner: str) -> Iterator[Entry]:
    ledger = Ledger()
    for number in range(SALES):
        day = START + datetime.timedelta(days=9 * number)
        found = post(
            PLANS, [_sale(partner, str(number), day)], ledger, known=day, books=_books(day), whole=False
        )
        ledger.add(found.entries)
        yield from found.entries


def _of(entry: Entry, partner: str) -> Entry:
    assert entry.earning is not None
    shares = tuple(
        attrs.evolve(share, transaction=f"{partner}/{share.transaction.split('/')[1]}")
        for share in entry.earning.shares
    )
    earning = attrs.evolve(entry.earning, payee=partner, shares=shares)
    return attrs.evolve(entry, payee=partner, earner=partner, earning=earning)


def _sale(partner: str, number: str, day: datetime.date) -> Transaction:
    return Transaction(
        id=f"{partner}/{number}",
        parties={"partner": partner},
        days={Day.INVOICED: day},
        net=NET,
    )


def _late(ledger: Ledger) -> Callable[[], None]:
    sales, books = _late_sales(len(ledger) // SALES), _books(KNOWN)

    def late() -> None:
        for sale in islice(sales, AT_ONCE):
            ledger.add([_posted_late(sale, ledger, books)])

    return late


def _late_sales(partners: int) -> Iterator[Transaction]:
    """Sales of March that become known in May, of another partner each time."""
    day = datetime.date(2026, 3, 30)
    return (_sale(f"p{number % partners}", f"late{number}", day) for number in count())


def _posted_late(sale: Transaction, ledger: Ledger, books: Bookkeeping) -> Entry:
    """The one entry that it makes: in its own calculation, booked in the month that is open."""
    (entry,) = post(PLANS, [sale], ledger, known=KNOWN, books=books, whole=False).entries
    if (entry.payee, entry.attributed, entry.booked) != (sale.parties["partner"], "2026-03", "2026-05"):
        raise SystemExit(f"a late sale of {sale.parties['partner']} made {entry}")
    if entry.number <= SALES:
        raise SystemExit(f"what was posted before {entry.id} was not found")
    return entry


def _books(day: datetime.date) -> Bookkeeping:
    """Every month closed that is over."""
    open_ = Bookkeeping()
    closed: dict[str, BookPeriod] = {}
    period = open_.period(START)
    while period.range.end is not None and period.range.end <= day:
        one = BookPeriod(books="reseller", name=period.name, range=period.range)
        closed[period.name] = one.moved(PeriodAction.CLOSE, day, "anna")
        period = open_.period(period.range.end)
    return Bookkeeping(moved=closed)
