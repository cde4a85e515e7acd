"""Two processes that want the same things of one store; and that the check of it finds what it is there to find."""

import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from prmcore.deals.registrations.repository import REGISTERED_ACCOUNTS, REGISTRATIONS
from prmcore.incentives.funds.repository import FUND_BOOK_MOVES, FUNDS
from prmcore.incentives.repository import BOOK_PERIODS, ENTRIES, PAYOUTS
from prmcore.repository import Aggregate, UnitOfWork
from prmcore.storage import SqliteStore
from prmcore.values import Money

sys.path.insert(0, str(Path(__file__).parents[2] / "endurance"))  # where scripts find each other

import contested
from contested import Contest, Outcome, Try

GIVEN = contested.contests(10, seed=1)  # four scopes, two months, four balances
Changed = Callable[[UnitOfWork], None]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Try, ...]]:
    """A store, and the logs, of ten contests, each entered by one process after the other: the first wins them all."""
    folder = tmp_path_factory.mktemp("alone")
    path = folder / "store.sqlite"
    contested.prepare(path, GIVEN)
    for contest in GIVEN:
        for by in contested.PROCESSES:
            contested.contend(path, [contest], by, folder / by, lambda: None)
    return path, tuple(one for by in contested.PROCESSES for one in contested.read_log(folder / by))


@pytest.fixture
def store(alone: tuple[Path, tuple[Try, ...]], tmp_path: Path) -> SqliteStore:
    """A copy of its own, to be spoilt."""
    return SqliteStore(shutil.copy(alone[0], tmp_path / "store.sqlite"))


def found(store: SqliteStore, tries: Any) -> list[str]:
    return contested.faults(store, GIVEN, tries)


@pytest.mark.slow
def test_of_two_processes_one_wins_each_contest_and_that_is_what_is_kept(tmp_path: Path) -> None:
    outcome = contested.fought(tmp_path, 200, seed=7)
    assert outcome.faults == ()
    kinds = [one.kind for one in outcome.contests]
    assert {kind: kinds.count(kind) for kind in kinds} == {"scope": 80, "period": 40, "balance": 80}
    assert all(outcome.conflicts(kind) for kind in contested.KINDS)
    assert len(outcome.tries) == 2 * (
        2 * 80 + 40 + 2 * 80
    )  # both try both registrations, the month, both claims
    won = [id for one in outcome.tries for id in one.won]
    assert len(won) == len(set(won)) == 80 + 5 * 40 + 80  # of a month two entries, two payouts and its close


def test_who_comes_first_wins_all_and_whoever_comes_after_is_refused(
    alone: tuple[Path, tuple[Try, ...]], store: SqliteStore
) -> None:
    tries = alone[1]
    assert found(store, tries) == []
    assert {one.by for one in tries if one.won} == {"first"}
    outcome = Outcome(GIVEN, tries, (), 0.0)
    assert sorted(one.partition(":")[0] for one in contested.uncontested(outcome)) == [
        "balance",
        "period",
        "scope",
    ]


# the check finds


def test_a_log_with_two_winners_is_found(alone: tuple[Path, tuple[Try, ...]], store: SqliteStore) -> None:
    tries = [
        attrs.evolve(one, won=("R-0-b",)) if (one.by, one.thing) == ("second", "R-0-b") else one
        for one in alone[1]
    ]
    assert "scope 0: has 2 winners: R-0-a by first, R-0-b by second" in found(store, tries)


def test_one_thing_won_by_both_is_found(alone: tuple[Path, tuple[Try, ...]], store: SqliteStore) -> None:
    tries = [
        attrs.evolve(one, won=("C-0-a",)) if (one.by, one.thing) == ("second", "C-0-a") else one
        for one in alone[1]
    ]
    assert "balance 0: C-0-a was won twice, by first and by second" in found(store, tries)


@pytest.mark.parametrize("contest", [Contest("scope", 0), Contest("period", 0), Contest("balance", 0)])
def test_what_is_kept_and_nobody_won_is_found(
    alone: tuple[Path, tuple[Try, ...]], store: SqliteStore, contest: Contest
) -> None:
    tries = [attrs.evolve(one, won=()) if one.contest == contest else one for one in alone[1]]
    told = found(store, tries)
    assert told
    assert {one.partition(":")[0] for one in told} == {f"{contest.kind} {contest.number}"}


def test_a_try_that_is_in_no_log_is_found(alone: tuple[Path, tuple[Try, ...]], store: SqliteStore) -> None:
    gone = next(one for one in alone[1] if one.by == "second")
    told = found(store, [one for one in alone[1] if one is not gone])
    assert any(one.startswith(f"{gone.contest.kind} {gone.contest.number}: tried was") for one in told)


def again(kind: Aggregate[Any], id: str) -> Changed:
    """A record put once more as it is."""

    def change(work: UnitOfWork) -> None:
        kept = work.repository(kind).get(id)
        work.repository(kind).put(kept.record, expected=kept.version)

    return change


def loser_approved(work: UnitOfWork) -> None:
    winner, loser = (work.repository(REGISTRATIONS).get(id) for id in ("R-0-a", "R-0-b"))
    both = attrs.evolve(loser.record, steps=winner.record.steps)
    work.repository(REGISTRATIONS).put(both, expected=loser.version)


def closed_by_another(work: UnitOfWork) -> None:
    kept = work.repository(BOOK_PERIODS).get("books-0/2026-01")
    work.repository(BOOK_PERIODS).put(attrs.evolve(kept.record, by="second"), expected=kept.version)


def claimed_twice(work: UnitOfWork) -> None:
    (move,) = (
        one.record for one in work.repository(FUND_BOOK_MOVES).query(book="fund-0") if one.record.claim
    )
    work.repository(FUND_BOOK_MOVES).put(attrs.evolve(move, id="another", claim="C-0-b"))


def posted_twice(work: UnitOfWork) -> None:
    entry = next(work.repository(ENTRIES).query(books="books-0", booked="2026-01")).record
    work.repository(ENTRIES).put(attrs.evolve(entry, number=2))


def proposed_twice(work: UnitOfWork) -> None:
    payout = next(work.repository(PAYOUTS).query(books="books-0")).record
    work.repository(PAYOUTS).put(attrs.evolve(payout, id="another", number=9))


def proposed_for_less(work: UnitOfWork) -> None:
    kept = next(work.repository(PAYOUTS).query(books="books-0"))
    less = attrs.evolve(kept.record, amount=Money.of(99, "EUR"))
    work.repository(PAYOUTS).put(less, expected=kept.version)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (loser_approved, "scope 0: R-0-b was approved by ['first']; by the logs []"),
        (again(REGISTRATIONS, "R-0-b"), "scope 0: the version of R-0-b 2; by the logs 1"),
        (again(REGISTERED_ACCOUNTS, "deals|account-0"), "scope 0: the account's version 3; by the logs 2"),
        (claimed_twice, "balance 0: what is left is below zero: -200.00 EUR of the fund, -500.00 EUR of the request"),
        (again(FUNDS, "fund-0"), "balance 0: the fund's version 3; by the logs 2"),
        (closed_by_another, "period 0: the period is"),
        (posted_twice, "period 0: the entries are"),
        (proposed_twice, "period 0: another was proposed by"),
        (proposed_for_less, "period 0: the payouts are"),
    ],
)  # fmt: skip
def test_what_is_kept_otherwise_than_it_was_won_is_found(
    alone: tuple[Path, tuple[Try, ...]], store: SqliteStore, change: Changed, said: str
) -> None:
    with store.unit_of_work() as work:
        change(work)
        work.commit()
    assert any(one.startswith(said) for one in found(store, alone[1])), found(store, alone[1])


def test_an_approved_claim_that_is_missing_in_the_book_is_found(
    alone: tuple[Path, tuple[Try, ...]], store: SqliteStore
) -> None:
    with store.unit_of_work() as work:
        moves = [one.record for one in work.repository(FUND_BOOK_MOVES).query(book="fund-0")]
    (claimed,) = (one.id for one in moves if one.claim)
    raw = sqlite3.connect(store.path)
    with raw:
        raw.execute("DELETE FROM record_key WHERE kind = 'fund-move' AND id = ?", (claimed,))
        raw.execute("DELETE FROM record WHERE kind = 'fund-move' AND id = ?", (claimed,))
    raw.close()
    told = found(store, alone[1])
    assert any(one.startswith("balance 0: claimed was []; by the logs [('C-0-a', 'first'") for one in told)


def test_keys_of_no_record_and_a_damaged_file_are_found(store: SqliteStore) -> None:
    assert contested.integrity(store.path) == []
    raw = sqlite3.connect(store.path)
    with raw:
        raw.execute(
            "DELETE FROM record WHERE kind = 'fund' AND id = 'fund-0'"
        )  # its keys stay, as nobody asks
    raw.close()
    store.close()
    assert any(one.startswith("a key of no record") for one in contested.integrity(store.path))
    damaged = bytearray(store.path.read_bytes())
    damaged[4096:8192] = b"\xff" * 4096
    store.path.write_bytes(damaged)
    assert contested.integrity(store.path)


def test_a_broken_promise_ends_the_script_with_1_and_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = Outcome(GIVEN, (), ("scope 0: has 2 winners",), 1.0)
    monkeypatch.setattr(contested, "fought", lambda folder, actions, seed: outcome)
    assert contested.main([]) == 1
    assert "BROKEN scope 0: has 2 winners\n" in capsys.readouterr().out
    monkeypatch.setattr(contested, "fought", lambda folder, actions, seed: attrs.evolve(outcome, faults=()))
    assert contested.main([]) == 0
