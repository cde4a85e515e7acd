"""The use case of incentives: gather transactions, post what is due, keep the entries; close the books of a period."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from prmcore.errors import Faults, InvalidInput
from prmcore.incentives import (
    Bookkeeping,
    BookPeriod,
    Circumstances,
    ComponentPolicy,
    Entry,
    Ledger,
    PeriodAction,
    PeriodState,
    Plan,
    Posting,
    Quota,
    Share,
    Transaction,
    Uncounted,
    Why,
    post,
)  # fmt: skip
from prmcore.incentives.plans.policy import policies_of as of_plan
from prmcore.incentives.repository import BOOK_PERIODS, ENTRIES
from prmcore.program.contract import agreements_in_force
from prmcore.program.incentives import (
    AGREEMENT,
    LEVEL,
    Incentives,
    Reading,
    Row,
    transaction_facts,
    transactions,
)
from prmcore.program.judge import levels_recorded
from prmcore.program.model import Program, ProgramVersions
from prmcore.repository import Conflict, Repository, Store, Stored, UnitOfWork, committed, found_in
from prmcore.values import Dated, ExchangeRates, QuotedRate

__all__ = [
    "Earned", "bookkeeping", "circumstances", "close_period", "earn", "earn_over", "keep_entries", "ledger_of", "levels_by_day", "move_period", "paid", "plans_of",
    "policies_of", "reading_of", "sales_of", "taken_over", "transactions_of",
]  # fmt: skip


@attrs.frozen
class Earned:
    """What a run posted, and why the rest moved nothing."""

    entries: tuple[Entry, ...]
    uncounted: tuple[Uncounted, ...]
    held: tuple[tuple[str, tuple[str, ...]], ...]


def reading_of(versions: ProgramVersions | Program) -> Reading | None:
    """How rows become transactions; None when no version has incentives. Versions that read otherwise are refused."""
    if isinstance(versions, Program):
        return None if versions.incentives is None else versions.incentives.reading
    faults = Faults(f"the versions of {versions.name!r} read transactions differently")
    found: Reading | None = None
    for program in versions:
        if program.incentives is None:
            continue
        if found is not None and program.incentives.reading != found:
            faults.add(f"{program.full_name} has another table", "incentives.transactions")
        found = program.incentives.reading
    faults.raise_if_any()
    return found


def plans_of(versions: ProgramVersions) -> dict[str, Dated[Plan]]:
    """Each plan through time, by its own name."""
    found: dict[str, list[tuple[Any, Plan]]] = {}
    for period, program in versions.versions.entries:
        for plan in program.incentives.plans if program.incentives is not None else ():
            found.setdefault(plan.name.rpartition("/")[2], []).append((period, plan))
    return {name: Dated(tuple(entries)) for name, entries in found.items()}


def policies_of(versions: ProgramVersions) -> dict[str, ComponentPolicy]:
    """The policy of each component of each version, by its whole name."""
    plans = [plan for dated in plans_of(versions).values() for _, plan in dated.entries]
    return {name: policy for plan in plans for name, policy in of_plan(plan).items()}


def transactions_of(
    versions: ProgramVersions,
    rows: Iterable[Row],
    given: Mapping[str, Mapping[str, Any]],
    level: Callable[[str, datetime.date], str | None],
    has_agreement: Callable[[str, datetime.date], bool | None] = lambda partner, day: None,
) -> Iterator[Transaction]:
    """The rows of the source that incentives read, as transactions; `level` gives a partner's level on a day.

    `has_agreement` says whether it had an agreement in force, see `agreements_in_force`; unless it is given, nobody knows.
    """
    reading = reading_of(versions)
    if reading is None:
        return iter(())
    fields = versions.registry.source(reading.source).fields
    schema = transaction_facts(fields.fields, versions.given)
    joined = {LEVEL: level, AGREEMENT: has_agreement}
    return transactions(reading, fields, schema, rows, given, joined)


def sales_of(
    store: Store,
    versions: ProgramVersions,
    rows: Iterable[Row],
    given: Mapping[str, Mapping[str, Any]],
    at: datetime.datetime,
) -> Iterator[Transaction]:
    """`transactions_of`, with what is recorded of each partner on the day of its sale: its level, and whether it had an
    agreement in force, by what is known at an instant."""
    levels = levels_by_day(versions, levels_recorded(store, versions.name))
    return transactions_of(versions, rows, given, levels, agreements_in_force(store, versions, at))


def levels_by_day(
    versions: ProgramVersions, decided: Iterable[tuple[str, datetime.date, str]]
) -> Callable[[str, datetime.date], str | None]:
    """The level that a partner had on a day; before the first decision about it, the lowest.

    `decided` are partner, day and level of each decision, in order of days.
    """
    days: dict[str, list[datetime.date]] = {}
    levels: dict[str, list[str]] = {}
    for partner, day, level in decided:
        days.setdefault(partner, []).append(day)
        levels.setdefault(partner, []).append(level)

    def level_on(partner: str, day: datetime.date) -> str | None:
        place = bisect_right(days.get(partner, []), day)
        if place:
            return levels[partner][place - 1]
        found = [program for period, program in versions.versions.entries if day in period]
        return found[0].tiers.ladder.otherwise if found else None

    return level_on


def circumstances(
    versions: ProgramVersions,
    quotas: Iterable[Quota],
    quotes: Iterable[QuotedRate],
    known_from: datetime.date | None,
) -> Circumstances:
    """What is known beside the transactions: quotas, and rates of exchange under the policy of the last version."""
    policy = next(
        (one.incentives.exchange for one in reversed(list(versions)) if one.incentives is not None), None
    )
    table = tuple(quotes)
    exchange = None
    if table and policy is not None:
        exchange = ExchangeRates(
            f"{versions.name}/exchange", table, policy.last_within_days, policy.inverse, policy.pivot
        )
    return Circumstances(quotas=tuple(quotas), known_from=known_from, exchange=exchange)


def earn(
    store: Store,
    versions: ProgramVersions,
    given: Iterable[Transaction],
    *,
    known: datetime.date,
    circumstances: Circumstances | None = None,
    since: datetime.date | None = None,
) -> Earned:
    """Posts what is due by the transactions known at the end of a day, and keeps the entries: all of them or none.

    Guarantees are settled for periods that have ended. Running it again posts nothing, and of two runs at a time one
    finds the other's entries. `since` is a day up to which everything was posted before: plans that do not look back
    then count only what came after it. None = everything is compared, and what is no longer there is taken back.
    """
    run = _Run(versions, list(given), circumstances)

    def change(work: UnitOfWork) -> Earned:
        entries = work.repository(ENTRIES)
        if not run.needs_all(since):
            return run.posted(work, StoredLedger(entries), known, since)
        ledger = _all(entries, versions.name)
        run.refuse_vanished(ledger)
        return run.posted(work, ledger, known, since)

    return committed(store, change)


def earn_over(
    store: Store,
    versions: ProgramVersions,
    given: Iterable[Transaction],
    days: Sequence[datetime.date],
    circumstances: Circumstances | None = None,
    ledger: Ledger | None = None,
) -> Iterator[tuple[datetime.date, Earned]]:
    """Posts at the end of each day what was due by then, as runs on these days would have done.

    Days up to the last one that entries were recorded on are passed over, for what was posted was posted. The last day
    compares everything, so that what was changed since, late or restated, is posted with it. When another run is faster,
    this one goes on from where that one is. `ledger` is that of the store, where it was read before; it takes what is new.
    """
    run = _Run(versions, list(given), circumstances)
    ledger = ledger_of(store, versions.name) if ledger is None else ledger
    run.refuse_vanished(ledger)
    through = _recorded(ledger)
    for day in days:
        last = day == days[-1]
        while last or day > through:
            try:
                with store.unit_of_work() as work:
                    earned = run.posted(work, ledger, max(day, through), None if last else through)
                    work.commit()
            except Conflict:
                ledger.add(ledger_of(store, versions.name))
                through = max(through, _recorded(ledger))
                continue
            ledger.add(earned.entries)
            through = max(day, through)
            yield day, earned
            break


def taken_over(given: Iterable[Transaction]) -> dict[str, tuple[str, ...]]:
    """The partners of transactions that have one name and several partners: the one that is known last has it."""
    partners: dict[str, dict[str, None]] = {}
    for one in given:
        partners.setdefault(one.id, {})[one.parties.get("partner", "")] = None
    return {name: tuple(found) for name, found in partners.items() if len(found) > 1}


def _recorded(ledger: Ledger) -> datetime.date:
    return max((entry.recorded for entry in ledger), default=datetime.date.min)


class _Run:
    """The transactions of a run under all plans."""

    def __init__(
        self, versions: ProgramVersions, given: list[Transaction], circumstances: Circumstances | None
    ) -> None:
        self.versions, self.given, self.circumstances = versions, given, circumstances
        self.plans = plans_of(versions)

    def refuse_vanished(self, ledger: Ledger) -> None:
        """A version keeps what it paid under: a component of another name would pay again for the same sales."""
        ours, known = {one.full_name for one in self.versions}, policies_of(self.versions)
        paid: Counter[str] = Counter()
        for entry in ledger:
            if entry.component not in known and entry.component.rpartition("/")[0].rpartition("/")[0] in ours:
                paid[entry.component] += entry.amount.minor if entry.earning is not None else 0
        faults = Faults("the ledger was posted under components that the versions no longer have")
        for name in sorted(name for name, amount in paid.items() if amount):
            faults.add(
                f"{name}; accepted: this version as it was, and another one for what changes, with a day on which it starts"
            )
        faults.raise_if_any()

    def needs_all(self, since: datetime.date | None) -> bool:
        """Whether some plan has to see the whole ledger."""
        return any(self.whole(plans, since) for plans in self.plans.values())

    def whole(self, plans: Dated[Plan], since: datetime.date | None) -> bool:
        return since is None or any(
            one.looks_back or one.guarantee for _, plan in plans.entries for one in plan.components
        )

    def posted(
        self, work: UnitOfWork, ledger: Ledger, known: datetime.date, since: datetime.date | None
    ) -> Earned:
        """Posts into a unit of work."""
        told = [one for one in self.given if min(one.days.values(), default=known) <= known]
        fresh = told if since is None else _fresh(told, since)
        books = bookkeeping_in(work, self.versions, known)
        found = []
        for plans in self.plans.values():
            if (plans.entries[0][0].start or known) > known:
                continue  # none of its versions is in force yet
            whole = self.whole(plans, since)
            found.append(
                post(
                    plans,
                    told if whole else fresh,
                    ledger,
                    known=known,
                    books=books,
                    circumstances=self.circumstances,
                    settled_through=known,
                    whole=whole,
                )
            )
        keep_entries(work, books, (entry for posting in found for entry in posting.entries))
        return _together(found)


def paid(
    versions: ProgramVersions,
    given: Iterable[Transaction],
    known: datetime.date,
    circumstances: Circumstances | None = None,
) -> Ledger:
    """What versions would have paid for these transactions, calculated from nothing: for what-if."""
    told = list(given)
    ledger = Ledger()
    books = Bookkeeping(versions.on(known).calendar)
    for plans in plans_of(versions).values():
        posting = post(
            plans,
            told,
            Ledger(),
            known=known,
            books=books,
            circumstances=circumstances,
            settled_through=known,
        )
        ledger.add(posting.entries)
    return ledger


def _fresh(told: list[Transaction], since: datetime.date) -> list[Transaction]:
    """What came after a day, and the returns of it, which follow it where it counts otherwise now."""
    names = {one.id for one in told if _latest(one) > since}
    return [one for one in told if one.id in names or one.returns in names]


def _latest(one: Transaction) -> datetime.date:
    """The last day on which something about it happened or was learnt."""
    return max((*one.days.values(), one.recorded or datetime.date.min), default=datetime.date.max)


def _together(postings: list[Posting]) -> Earned:
    """What one plan does not cover another may, with what it took back: only what none of them does is told."""
    by_none = (Why.NO_PLAN, Why.NOT_COVERED, Why.NO_SALE)
    passed = Counter(
        one.transaction for posting in postings for one in posting.uncounted if one.why in by_none
    )
    by_all = {name for name, count in passed.items() if count == len(postings)}
    once = {one.transaction: one for posting in postings for one in posting.uncounted if one.why in by_none}
    return Earned(
        tuple(entry for posting in postings for entry in posting.entries),
        (
            *(one for posting in postings for one in posting.uncounted if one.why not in by_none),
            *(one for name, one in once.items() if name in by_all),
        ),
        tuple(one for posting in postings for one in posting.held),
    )


class StoredLedger(Ledger):
    """A ledger that reads no more from its repository than it is asked for."""

    def __init__(self, entries: Repository[Entry]) -> None:
        super().__init__()
        self._entries = entries
        self._read: set[tuple[str, str]] = set()

    def of(self, calculation: str) -> tuple[Entry, ...]:
        self._fetch("calculation", calculation)
        return super().of(calculation)

    def counted(self, transaction: str) -> tuple[tuple[Entry, Share], ...]:
        self._fetch("transaction", transaction)
        return super().counted(transaction)

    def _fetch(self, key: str, value: str) -> None:
        if (key, value) in self._read:
            return
        self._read.add((key, value))
        found = [stored.record for stored in self._entries.query(**{key: value})]
        self.add(sorted(found, key=lambda entry: entry.number))


def _all(entries: Repository[Entry], books: str) -> Ledger:
    return Ledger(
        sorted(
            (stored.record for stored in entries.query(books=books)),
            key=lambda entry: (entry.calculation, entry.number),
        )
    )


def ledger_of(store: Store, books: str) -> Ledger:
    """All entries of a program."""
    with store.unit_of_work() as work:
        return _all(work.repository(ENTRIES), books)


def bookkeeping(store: Store, versions: ProgramVersions, day: datetime.date) -> Bookkeeping:
    """The periods in which the program books, and which of them are closed."""
    with store.unit_of_work() as work:
        return bookkeeping_in(work, versions, day)


def bookkeeping_in(work: UnitOfWork, versions: ProgramVersions, day: datetime.date) -> Bookkeeping:
    """`bookkeeping`, as seen inside a unit of work."""
    program = _paying(versions, day) or versions.on(day)
    moved = {one.record.name: one.record for one in work.repository(BOOK_PERIODS).query(books=versions.name)}
    if program.incentives is None:
        return Bookkeeping(program.calendar, "month", moved)
    grace = program.incentives.grace_days
    since = (day - datetime.date.min).days  # what lies before the first day there is was never closed
    closed_before = None if grace is None or grace > since else day - datetime.timedelta(days=grace)
    return Bookkeeping(program.calendar, program.incentives.books, moved, closed_before)


def keep_entries(work: UnitOfWork, books: Bookkeeping, entries: Iterable[Entry]) -> None:
    """Adds entries, and puts the periods in which they stand: of two who post into one and close it, one begins again."""
    periods, standing = work.repository(BOOK_PERIODS), {}
    for entry in entries:
        work.repository(ENTRIES).put(entry)
        standing[entry.books, entry.booked] = entry
    for (name, booked), entry in standing.items():
        period = books.named(booked, entry.effective)
        fresh = BookPeriod(books=name, name=booked, range=period.range)
        seen, kept = books.moved.get(booked, fresh), found_in(periods, fresh.id)
        version = 0 if kept is None else kept.version
        # what was moved since the books were read is put over the version before it, and meets a conflict
        periods.put(seen, expected=version if kept is None or kept.record == seen else version - 1)


def _paying(versions: ProgramVersions, day: datetime.date) -> Program | None:
    """The version with incentives that is in force, or was the last one: what it owes is paid after its end as well."""
    found = [
        program
        for period, program in versions.versions.entries
        if program.incentives is not None and (period.start or day) <= day
    ]
    return found[-1] if found else None


def move_period(
    store: Store,
    versions: ProgramVersions,
    period: datetime.date,
    action: PeriodAction,
    on: datetime.date,
    by: str,
) -> BookPeriod:
    """Ends or closes the period of the books that a day lies in; what comes later is booked in one that is open."""
    return committed(store, lambda work: _put_moved(work, _period_in(work, versions, period), action, on, by))


def close_period(
    store: Store, versions: ProgramVersions, period: datetime.date, *, on: datetime.date, by: str
) -> BookPeriod:
    """Closes the period of the books that a day lies in; one that is closed stays as it is."""

    def change(work: UnitOfWork) -> BookPeriod:
        found = _period_in(work, versions, period)
        if found.record.state is PeriodState.CLOSED:
            return found.record
        return _put_moved(work, found, PeriodAction.CLOSE, on, by)

    return committed(store, change)


def _period_in(work: UnitOfWork, versions: ProgramVersions, day: datetime.date) -> Stored[BookPeriod]:
    """The period of the books that a day lies in; of version 0 when nobody has touched it."""
    found = bookkeeping_in(work, versions, day).period(day)
    fresh = BookPeriod(books=versions.name, name=found.name, range=found.range)
    return found_in(work.repository(BOOK_PERIODS), fresh.id) or Stored(fresh, 0)


def _put_moved(
    work: UnitOfWork, found: Stored[BookPeriod], action: PeriodAction, on: datetime.date, by: str
) -> BookPeriod:
    moved = found.record.moved(action, on, by)
    work.repository(BOOK_PERIODS).put(moved, expected=found.version)
    return moved


def incentives_on(versions: ProgramVersions, day: datetime.date) -> Incentives:
    """What is in force on a day, or was the last that was; where there never was any it is refused."""
    program = _paying(versions, day) or versions.on(day)
    if program.incentives is None:
        raise InvalidInput(f"{program.full_name} has no incentives")
    return program.incentives
