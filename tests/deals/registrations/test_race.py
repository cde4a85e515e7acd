"""At most one approved registration of a scope, whatever several processes and threads do at once.

Every contest is one account, with one registration of each racer; all of them are approved at the same time. The clauses let
anybody be first, so that nothing but the account's record keeps them apart.
"""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from runpy import run_path
from typing import Any

from prmcore.deals import Acting, Approver, ApproverChain
from prmcore.deals.registrations import (
    HOLDING,
    Circumstances,
    Deal,
    RegisteredAccount,
    RegistrationPolicy,
    RegistrationState,
    approved,
    drafted,
    submitted,
)
from prmcore.deals.registrations.repository import REGISTERED_ACCOUNTS, REGISTRATIONS
from prmcore.repository import Store, UnitOfWork, committed
from prmcore.storage import MemoryStore, SqliteStore
from prmcore.values import Tree

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
POLICY = RegistrationPolicy(
    approvers=ApproverChain(approvers=(Approver(role="channel-manager"),)), first_come=False
)
PRODUCTS = Tree("products", {"bikes": None, "road bikes": "bikes", "helmets": None})
SCOPES = ("bikes", "road bikes", "bikes")  # of the racers: each overlaps each other
WHO = Acting(by="kim", role="channel-manager")
CONTESTS, PATIENCE = 200, 60.0


def set_up(store: Store, contests: int, racers: int) -> None:
    with store.unit_of_work() as work:
        for contest in range(contests):
            account = RegisteredAccount(program="acme", account=f"A-{contest}")
            for racer in range(racers):
                deal = Deal(customer="Contoso", products=frozenset({SCOPES[racer]}))
                draft = drafted(
                    id=f"R-{contest}-{racer}",
                    program="acme",
                    partner=f"P-{racer}",
                    deal=deal,
                    by=f"p{racer}",
                    at=AT,
                )
                done = submitted(
                    draft, account, POLICY, Circumstances(), by=f"p{racer}", at=AT, products=PRODUCTS
                )
                assert done.decision.outcome
                account = done.account
                work.repository(REGISTRATIONS).put(done.registration)
            work.repository(REGISTERED_ACCOUNTS).put(account)
        work.commit()


def approve(store: Store, contest: int, racer: int, after_reading: Callable[[], Any] = lambda: None) -> bool:
    """One approval, as an application makes it: read, decide, put both, commit; read anew on a conflict."""

    def change(work: UnitOfWork) -> bool:
        accounts, registrations = work.repository(REGISTERED_ACCOUNTS), work.repository(REGISTRATIONS)
        account = accounts.get(RegisteredAccount(program="acme", account=f"A-{contest}").id)
        registration = registrations.get(f"R-{contest}-{racer}")
        after_reading()
        done = approved(
            registration.record, account.record, POLICY, Circumstances(), who=WHO, at=AT, products=PRODUCTS
        )
        if done.registration is not registration.record:
            registrations.put(done.registration, expected=registration.version)
            accounts.put(done.account, expected=account.version)
        return done.registration.state is RegistrationState.APPROVED

    return committed(store, change)


def race(path: Path, racer: int, contests: int, barrier: Any, won: Any) -> None:
    store, gained = SqliteStore(path), []
    for contest in range(contests):
        barrier.wait(PATIENCE)
        if approve(store, contest, racer):
            gained.append(contest)
    won.put(gained)
    store.close()


def held(store: Store) -> Counter[str]:
    """How many registrations hold each account: of the registrations themselves, not of the account's record."""
    with store.unit_of_work() as work:
        return Counter(
            str(one.record.account) for one in work.repository(REGISTRATIONS) if one.record.state in HOLDING
        )


def test_of_racing_processes_exactly_one_approves_in_each_contest(tmp_path: Path) -> None:
    path, racers = tmp_path / "deals.sqlite", 3
    store = SqliteStore(path)
    set_up(store, CONTESTS, racers)
    processes = multiprocessing.get_context("spawn")
    barrier, won = processes.Barrier(racers), processes.Queue()
    running = [
        processes.Process(
            target=run_path, args=(__file__, {"RACE": (path, racer, CONTESTS, barrier, won)}, "racer")
        )
        for racer in range(racers)
    ]
    for one in running:
        one.start()
    gained = [won.get(timeout=PATIENCE) for _ in running]
    for one in running:
        one.join(PATIENCE)
    assert [one.exitcode for one in running] == [0] * racers
    assert sorted(contest for several in gained for contest in several) == list(range(CONTESTS))
    assert held(store) == {f"A-{contest}": 1 for contest in range(CONTESTS)}
    with store.unit_of_work() as work:
        assert all(one.record.clashes(PRODUCTS) == () for one in work.repository(REGISTERED_ACCOUNTS))
    store.close()


def test_of_racing_threads_that_have_all_read_before_one_of_them_writes_exactly_one_approves() -> None:
    store, racers, contests = MemoryStore(), 3, 100
    set_up(store, contests, racers)
    barrier = threading.Barrier(racers)
    gained: list[int] = []

    def run(racer: int) -> None:
        for contest in range(contests):
            waited: list[int] = []

            def wait_once(waited: list[int] = waited) -> None:
                if not waited:
                    waited.append(barrier.wait(PATIENCE))

            if approve(store, contest, racer, wait_once):
                gained.append(contest)

    threads = [threading.Thread(target=run, args=(racer,)) for racer in range(racers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(PATIENCE)
    assert sorted(gained) == list(range(contests))
    assert held(store) == {f"A-{contest}": 1 for contest in range(contests)}


if __name__ == "racer":  # in a process of its own
    race(*globals()["RACE"])
