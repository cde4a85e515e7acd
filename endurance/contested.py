"""Two processes on one SQLite store want the same things: of each, one gets it, and what is kept is what was won.

A contest is about the scope of two registrations, the close of a month of a program's books, or what is left of a fund.
Both processes begin it at the same instant and try all of it, each in its own order, with the use cases of `prmcore.program`.
What each of them was told is in its log; `faults` holds the logs against the store.

    python3 dev.py endure contested --actions 10000 --seed 1
"""

from __future__ import annotations

import argparse
import datetime
import json
import multiprocessing
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any, Protocol

import attrs

from prmcore.deals import Acting
from prmcore.deals.registrations import Approving, Circumstances, Deal, Registration, RegistrationAction
from prmcore.deals.registrations.repository import REGISTERED_ACCOUNTS, REGISTRATIONS
from prmcore.errors import InvalidInput
from prmcore.incentives import Entry, PeriodAction, PeriodState, Transaction
from prmcore.incentives.funds import (
    ActivityRule,
    Approver,
    ClaimAction,
    Fund,
    FundBook,
    FundClaim,
    FundMoveKind,
    FundPolicy,
    Proof,
)
from prmcore.incentives.funds.repository import FUND_BOOK_MOVES, FUND_CLAIMS, FUND_REQUESTS, FUNDS
from prmcore.incentives.payouts.model import Payout
from prmcore.incentives.repository import BOOK_PERIODS, ENTRIES, PAYOUTS
from prmcore.partners import PARTNERS, Enrolment, Partner, Status
from prmcore.program import ProgramVersions, from_document
from prmcore.program.earning import earn, move_period, transactions_of
from prmcore.program.fund_work import (
    allocate,
    approve_claim,
    approve_request,
    ask_for_funds,
    change_budget,
    file_claim,
    open_fund,
)
from prmcore.program.pay import propose_payouts
from prmcore.program.register import approve_registration, draft_registration, submit_registration
from prmcore.repository import Aggregate, Conflict, Store, UnitOfWork
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.storage.unit import Change
from prmcore.values import Dated, DateRange, Money, PartnerId, ProgramId, Rate, natural_key

__all__ = ["KINDS", "Contest", "Outcome", "Try", "contend", "contests", "faults", "fought", "main", "prepare"]

PROCESSES = ("first", "second")
PATIENCE = 120.0  # seconds that one process waits for the other before a contest
FIXTURES = 200  # contests whose records are put in one unit of work
KEPT: tuple[Aggregate[Any], ...] = (
    REGISTRATIONS, REGISTERED_ACCOUNTS, FUNDS, FUND_BOOK_MOVES, FUND_REQUESTS, FUND_CLAIMS,
)  # fmt: skip


@attrs.frozen
class Contest:
    """Something that both processes want."""

    kind: str  # of KINDS
    number: int  # of its kind, from 0


@attrs.frozen
class Try:
    """What a process was told when it tried one thing of a contest."""

    contest: Contest
    by: str
    thing: str  # such as a registration or a claim
    won: tuple[str, ...]  # the ids of what it did; none = it was refused
    conflicts: int  # how often it had to begin again, as the other one was faster


class Kind(Protocol):
    """A kind of contest: what there has to be before it, what is tried in it, and what must be kept after it."""

    def prepare(self, store: Store, number: int) -> None: ...

    def things(self, number: int) -> tuple[str, ...]: ...

    def attempt(self, store: Store, number: int, thing: str, by: str) -> tuple[str, ...]:
        """Tries it in one process; the ids of what it did."""
        ...

    def faults(self, work: UnitOfWork, number: int, won: Mapping[str, str]) -> Iterator[str]:
        """What is kept otherwise than it was won; `won` says who won each id."""
        ...


# the scope of two registrations

AT = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
DEALS = ProgramVersions.of(
    from_document(
        {
            "format": "prmcore/1",
            "name": "deals",
            "version": "2026",
            "registrations": {
                "protection": {"term": {"days": 90}},
                "approvers": {"approvers": [{"role": "manager"}]},
                "first_come": False,
            },
        }
    )
)
MAY_REGISTER = Circumstances(may_register=True, has_agreement=True)


class Scopes:
    """Two partners have handed in the same deal, and either may be approved: exactly one is."""

    def prepare(self, store: Store, number: int) -> None:
        for step in self.steps(number):
            step(store)

    def steps(self, number: int) -> tuple[Callable[[Store], object], ...]:
        """The units of work that lead to it."""
        return tuple(
            step
            for place, id in enumerate(self.things(number))
            for step in (
                partial(
                    draft_registration, versions=DEALS, id=id, partner=f"partner-{place}",
                    deal=Deal(customer="Yamato KK"), by=f"partner-{place}", at=AT,
                ),
                partial(
                    submit_registration, versions=DEALS, id=id, account=self.account(number), known=MAY_REGISTER,
                    by=f"partner-{place}", at=AT,
                ),
            )
        )  # fmt: skip

    def things(self, number: int) -> tuple[str, ...]:
        return f"R-{number}-a", f"R-{number}-b"

    def account(self, number: int) -> str:
        return f"account-{number}"

    def attempt(self, store: Store, number: int, thing: str, by: str) -> tuple[str, ...]:
        done = approve_registration(
            store, DEALS, thing, MAY_REGISTER, who=Acting(by=by, role="manager"), at=AT
        )
        return (thing,) if done.decision.outcome is Approving.APPROVED else ()

    def faults(self, work: UnitOfWork, number: int, won: Mapping[str, str]) -> Iterator[str]:
        yield from _one_winner(won)
        account = work.repository(REGISTERED_ACCOUNTS).get(natural_key("deals", self.account(number)))
        holding = sorted(one.registration for one in account.record.scopes if one.holds)
        yield from _differs("the account is held by", holding, sorted(won))
        yield from _differs("the account's version", account.version, 1 + len(won))
        for id in self.things(number):
            found = work.repository(REGISTRATIONS).get(id)
            yield from _differs(f"{id} was approved by", _approved_by(found.record), _winner(won, id))
            yield from _differs(f"the version of {id}", found.version, 1 + (id in won))


def _approved_by(registration: Registration) -> list[str]:
    return [step.by for step in registration.steps if step.action is RegistrationAction.APPROVE]


# a month of the books

YEAR = 2026
PAYEES = ("p", "q")
EARNED = Money.of(100, "EUR")  # 10 % of each sale of 1,000


class Periods:
    """A month is posted, proposed for payment and closed by both: each is done once, by one of them."""

    def prepare(self, store: Store, number: int) -> None:
        """Nothing: entries, payouts and the period come from the contest itself."""

    def things(self, number: int) -> tuple[str, ...]:
        return (self.range(number).start.strftime("%Y-%m"),)  # type: ignore[union-attr]  # a month begins

    def books(self, number: int) -> str:
        return f"books-{number // 12}"

    def range(self, number: int) -> DateRange:
        month = number % 12
        following = datetime.date(YEAR + (month == 11), (month + 1) % 12 + 1, 1)
        return DateRange(datetime.date(YEAR, month + 1, 1), following)

    def attempt(self, store: Store, number: int, thing: str, by: str) -> tuple[str, ...]:
        versions, period = incentives(self.books(number)), self.range(number)
        last, after = period.last_day, period.end
        assert last is not None
        assert after is not None
        earned = earn(store, versions, sales(versions.name, number % 12), known=last)
        proposals = propose_payouts(store, versions, last, by=by)
        done = [*(one.id for one in earned.entries), *(one.payout.id for one in proposals if one.payout)]
        with suppress(InvalidInput):  # the other one has closed it
            done.append(move_period(store, versions, last, PeriodAction.CLOSE, after, by).id)
        return tuple(done)

    def faults(self, work: UnitOfWork, number: int, won: Mapping[str, str]) -> Iterator[str]:
        books, (month,) = self.books(number), self.things(number)
        period = work.repository(BOOK_PERIODS).get(f"{books}/{month}")
        closed = period.record.state, period.record.by
        by_the_log = PeriodState.CLOSED, won.get(period.record.id)
        yield from _differs("the period is", closed, by_the_log)
        entries: list[Entry] = [
            one.record for one in work.repository(ENTRIES).query(books=books, booked=month)
        ]
        posted = sorted((one.payee, one.amount, one.period) for one in entries)
        yield from _differs("the entries are", posted, [(payee, EARNED, month) for payee in PAYEES])
        payouts = [
            one.record
            for one in work.repository(PAYOUTS).query(books=books)
            if one.record.proposed_on == self.range(number).last_day
        ]
        yield from _differs("the payouts are", *_paid(payouts, entries))
        for payout in payouts:
            yield from _differs(f"{payout.id} was proposed by", payout.proposed_by, won.get(payout.id))
        kept = sorted([period.record.id, *(one.id for one in entries), *(one.id for one in payouts)])
        yield from _differs("kept is", kept, sorted(won))


def _paid(payouts: Iterable[Payout], entries: Iterable[Entry]) -> tuple[object, object]:
    """Payee, amount and what is covered: as proposed, and as it follows from the entries."""
    found = sorted((one.payee, one.amount, one.covers) for one in payouts)
    return found, sorted((one.payee, one.amount, (one.id,)) for one in entries)


@cache
def incentives(name: str) -> ProgramVersions:
    """The program of some books: a rebate of a tenth."""
    fields = {"amount": {"kind": "money"}, "number": {"kind": "code"}}
    return ProgramVersions.of(
        from_document(
            {
                "format": "prmcore/1",
                "name": name,
                "version": str(YEAR),
                "currency": "EUR",
                "sources": {"sales": {"fields": fields}},
                "incentives": {
                    "transactions": {"source": "sales", "id": ["number"], "net": "amount"},
                    "payout": {"approvers": [{"role": "clerk", "limit": "1000 EUR"}]},
                    "plans": {
                        "rebate": {
                            "components": [{"name": "volume", "period": "month", "bands": [{"rate": "10 %"}]}]
                        }
                    },
                },
            }
        )
    )


@cache
def sales(name: str, last_month: int, payees: tuple[str, ...] = PAYEES) -> tuple[Transaction, ...]:
    """A sale of 1,000 of each payee in each month of the year, up to one of them."""
    rows = [
        (payee, datetime.date(YEAR, month + 1, 10), (Money.of(1000, "EUR"), f"{payee}-{month}"))
        for month in range(last_month + 1)
        for payee in payees
    ]
    return tuple(transactions_of(incentives(name), rows, {}, lambda partner, on: "partner"))


# what is left of a fund

OPENED, DAY = datetime.date(2026, 1, 1), datetime.date(2026, 3, 20)
ACTIVITY = DateRange.of_days(datetime.date(2026, 3, 9), datetime.date(2026, 3, 11))
FUNDING = FundPolicy(
    activities=(ActivityRule(kind="event", rate=Rate.percent(50), proofs=("invoice",)),),
    approvers=(Approver("director", Money.of(5000, "EUR")),),
)
BUDGET, REQUESTED, SPENT = Money.of(800, "EUR"), Money.of(500, "EUR"), Money.of(1000, "EUR")


def welcome(store: Store, partner: str) -> None:
    """The partner whose funds they are; it is one of its own, as a claim is held against all claims of its partner."""
    with store.unit_of_work() as work:
        work.repository(PARTNERS).put(
            Partner(
                id=PartnerId(partner),
                name=partner,
                enrolments=(Enrolment(program=ProgramId("vendor"), period=DateRange()),),
                lifecycle=Dated.starting({datetime.date(2025, 1, 1): Status.ACTIVE}),
            )
        )
        work.commit()


class Balances:
    """500 are left of a request, and there are two claims of half of 1,000: exactly one is approved."""

    def prepare(self, store: Store, number: int) -> None:
        for step in self.steps(number):
            step(store)

    def steps(self, number: int) -> tuple[Callable[[Store], object], ...]:
        """The units of work that lead to it."""
        fund, request, partner = self.fund(number), self.request(number), f"partner-{number}"
        opened = Fund(
            id=fund, program="vendor", period=DateRange(OPENED, datetime.date(2027, 1, 1)), currency="EUR",
            expires=datetime.date(2027, 2, 1), opened_by="kim", opened_on=OPENED,
        )  # fmt: skip
        by_kim: dict[str, Any] = {"fund": fund, "policy": FUNDING, "key": "1", "by": "kim", "on": OPENED}
        return (
            partial(welcome, partner=partner),
            partial(open_fund, fund=opened),
            partial(change_budget, amount=BUDGET, **by_kim),
            partial(allocate, partner=partner, amount=REQUESTED, **by_kim),
            partial(
                ask_for_funds, fund=fund, policy=FUNDING, id=request, partner=partner, activity="event",
                planned=ACTIVITY, cost=SPENT, amount=REQUESTED, by="rep", on=OPENED,
            ),
            partial(
                approve_request, request=request, policy=FUNDING, by="sato", role="director", on=OPENED
            ),
            *(
                partial(
                    file_claim, request=request, policy=FUNDING, id=id, spend=SPENT,
                    proofs=[Proof(kind="invoice", reference=id, dated=ACTIVITY.last_day)], by="rep", on=DAY,
                )
                for id in self.things(number)
            ),
        )  # fmt: skip

    def things(self, number: int) -> tuple[str, ...]:
        return f"C-{number}-a", f"C-{number}-b"

    def fund(self, number: int) -> str:
        return f"fund-{number}"

    def request(self, number: int) -> str:
        return f"request-{number}"

    def attempt(self, store: Store, number: int, thing: str, by: str) -> tuple[str, ...]:
        done = approve_claim(store, thing, FUNDING, by=by, role="director", on=DAY)
        return (thing,) if done.decision.outcome else ()

    def faults(self, work: UnitOfWork, number: int, won: Mapping[str, str]) -> Iterator[str]:
        yield from _one_winner(won)
        fund = work.repository(FUNDS).get(self.fund(number))
        yield from _differs("the fund's version", fund.version, 1 + len(won))
        moves = [one.record for one in work.repository(FUND_BOOK_MOVES).query(book=self.fund(number))]
        claimed = sorted((one.claim, one.by, one.amount) for one in moves if one.kind is FundMoveKind.CLAIM)
        yield from _differs("claimed was", claimed, [(id, by, REQUESTED) for id, by in sorted(won.items())])
        book, request = FundBook(fund.record, moves), self.request(number)
        left = book.unclaimed, book.remainder(request)
        taken = len(won) * REQUESTED
        yield from _differs("what is left", left, (BUDGET - taken, REQUESTED - taken))
        if min(one.minor for one in left) < 0:
            yield f"what is left is below zero: {left[0]} of the fund, {left[1]} of the request"
        for id in self.things(number):
            found = work.repository(FUND_CLAIMS).get(id)
            yield from _differs(f"{id} was approved by", _claim_approved_by(found.record), _winner(won, id))
            yield from _differs(f"the version of {id}", found.version, 1 + (id in won))


def _claim_approved_by(claim: FundClaim) -> list[str]:
    return [step.by for step in claim.steps if step.action == ClaimAction.APPROVE]


# the contests

KINDS: Mapping[str, Kind] = {"scope": Scopes(), "period": Periods(), "balance": Balances()}
SHARES = {"scope": 4, "period": 2, "balance": 4}  # of ten


def contests(actions: int, seed: int) -> tuple[Contest, ...]:
    """So many contests of all kinds, mixed; months come in their order, as the books are kept."""
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    mixed = [kinds[place % len(kinds)] for place in range(actions)]
    random.Random(seed).shuffle(mixed)
    counted: Counter[str] = Counter()
    found = []
    for kind in mixed:
        found.append(Contest(kind, counted[kind]))
        counted[kind] += 1
    return tuple(found)


def prepare(path: Path, given: Iterable[Contest]) -> None:
    """A store with all that there has to be before the contests: made in memory, as nobody contests it, and put at once."""
    store, pending = SqliteStore(path), list(given)
    for start in range(0, len(pending), FIXTURES):
        with store.unit_of_work() as work:
            for contest in pending[start : start + FIXTURES]:
                made = MemoryStore()
                KINDS[contest.kind].prepare(made, contest.number)
                for kind in KEPT:
                    with made.unit_of_work() as before:
                        for one in before.repository(kind):
                            work.repository(kind).put(one.record)
            work.commit()
    store.close()


class Counting(SqliteStore):
    """A store that counts how often somebody else was faster."""

    conflicts = 0

    def keep(self, changes: list[Change]) -> None:
        try:
            super().keep(changes)
        except Conflict:
            self.conflicts += 1
            raise


def contend(path: Path, given: Iterable[Contest], by: str, log: Path, wait: Callable[[], object]) -> None:
    """One process: tries all of every contest, waiting for the other before each, and logs what it was told."""
    store = Counting(path)
    backwards = (
        by != PROCESSES[0]
    )  # so that both want something else of a contest first, and the same thing of it then
    with log.open("a", encoding="utf-8") as written:
        for contest in given:
            kind = KINDS[contest.kind]
            things = kind.things(contest.number)
            wait()
            for thing in reversed(things) if backwards else things:
                before = store.conflicts
                won = kind.attempt(store, contest.number, thing, by)
                told = Try(contest, by, thing, won, store.conflicts - before)
                written.write(json.dumps(attrs.asdict(told)) + "\n")
    store.close()


def _in_process(path: Path, given: tuple[Contest, ...], by: str, log: Path, barrier: Any) -> None:
    contend(path, given, by, log, lambda: barrier.wait(PATIENCE))


def read_log(log: Path) -> list[Try]:
    return [
        Try(Contest(**one["contest"]), one["by"], one["thing"], tuple(one["won"]), one["conflicts"])
        for one in map(json.loads, log.read_text(encoding="utf-8").splitlines())
    ]


# what must hold


def faults(store: Store, given: Iterable[Contest], tries: Iterable[Try]) -> list[str]:
    """What was won twice, lost, or is kept otherwise than the logs say; none = every promise was kept."""
    told: dict[Contest, list[Try]] = {}
    for one in tries:
        told.setdefault(one.contest, []).append(one)
    found = []
    with store.unit_of_work() as work:
        for contest in given:
            kind, of_it = KINDS[contest.kind], told.pop(contest, [])
            wanted = sorted((by, thing) for by in PROCESSES for thing in kind.things(contest.number))
            won: dict[str, str] = {}
            here = [*_differs("tried was", sorted((one.by, one.thing) for one in of_it), wanted)]
            for id, by in ((id, one.by) for one in of_it for id in one.won):
                if id in won:
                    here.append(f"{id} was won twice, by {won[id]} and by {by}")
                won[id] = by
            here += kind.faults(work, contest.number, won)
            found += [f"{contest.kind} {contest.number}: {fault}" for fault in here]
    return found + [f"{one.kind} {one.number}: was tried and is no contest" for one in told]


def _one_winner(won: Mapping[str, str]) -> Iterator[str]:
    if len(won) != 1:
        yield f"has {len(won)} winners: {', '.join(f'{id} by {by}' for id, by in sorted(won.items())) or 'nobody'}"


def _winner(won: Mapping[str, str], id: str) -> list[str]:
    return [won[id]] if id in won else []


def _differs(what: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"{what} {found}; by the logs {expected}"


def integrity(path: Path) -> list[str]:
    """What SQLite itself finds wrong with the file."""
    connection = sqlite3.connect(path)
    try:
        said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        said += [f"a key of no record: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
    except sqlite3.DatabaseError as error:
        said = [str(error)]
    finally:
        connection.close()
    return [one for one in said if one != "ok"]


# from the beginning to the end


@attrs.frozen
class Outcome:
    """What came of the contests."""

    contests: tuple[Contest, ...]
    tries: tuple[Try, ...]
    faults: tuple[str, ...]
    seconds: float  # of the contests alone

    def conflicts(self, kind: str) -> int:
        return sum(one.conflicts for one in self.tries if one.contest.kind == kind)

    def lines(self) -> Iterator[str]:
        counted = Counter(one.kind for one in self.contests)
        for kind, count in counted.items():
            tries = [one for one in self.tries if one.contest.kind == kind]
            met = len({one.contest for one in tries if one.conflicts})
            by = Counter(one.by for one in tries for _ in one.won)
            shares = ", ".join(f"{by[name]:,} by the {name}" for name in PROCESSES)
            yield (
                f"{kind}: {count:,} contests, {len(tries):,} tries; won {shares}; "
                f"{self.conflicts(kind):,} conflicts, in {met:,} contests"
            )
        yield (
            f"contested: {len(self.contests):,} contests by {len(PROCESSES)} processes in {self.seconds:.0f} s; "
            f"{sum(map(self.conflicts, counted)):,} conflicts met, {len(self.faults):,} promises broken"
        )


def fought(folder: Path, actions: int, seed: int) -> Outcome:
    """Prepares a store in the folder, lets both processes at it, and checks what is there afterwards."""
    path, given = folder / "contested.sqlite", contests(actions, seed)
    prepare(path, given)
    spawning = multiprocessing.get_context("spawn")
    barrier = spawning.Barrier(len(PROCESSES))
    logs = {by: folder / f"{by}.log" for by in PROCESSES}
    processes = [
        spawning.Process(target=_in_process, args=(path, given, by, log, barrier)) for by, log in logs.items()
    ]
    begun = time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    seconds = time.perf_counter() - begun
    tries = [one for log in logs.values() if log.exists() for one in read_log(log)]
    store = SqliteStore(path)
    found = [f"a process ended with {one.exitcode}" for one in processes if one.exitcode]
    found += [*integrity(path), *faults(store, given, tries)]
    store.close()
    outcome = Outcome(given, tuple(tries), (), seconds)
    return attrs.evolve(outcome, faults=(*found, *uncontested(outcome)))


def uncontested(outcome: Outcome) -> list[str]:
    """The kinds in which nobody was ever slower, so that the run has shown nothing of them."""
    kinds = dict.fromkeys(one.kind for one in outcome.contests)
    return [
        f"{kind}: no conflict was met, so nothing was contested"
        for kind in kinds
        if not outcome.conflicts(kind)
    ]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="contested", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--actions", type=int, default=10_000, help="contests, of all kinds together")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        outcome = fought(Path(folder), asked.actions, asked.seed)
    for fault in outcome.faults[:20]:
        print(f"BROKEN {fault}")
    for line in outcome.lines():
        print(line)
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
