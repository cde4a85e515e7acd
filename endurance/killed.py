"""A writer is killed again and again: whatever it had acknowledged is there whole, and nothing of the rest is.

A process works through the use cases of `prmcore.program`, a unit of work each, and tells of every commit; SIGKILL ends it at
a random instant: while it opens the store, calculates or commits. Then the file is read row by row and held against the
same units done in memory: they must all be there, and at most the one that was being committed, whole, beside them.

This is the death of a process. What the operating system had taken is written all the same: a power cut is another matter.

    python3 dev.py endure killed --kills 1000 --seed 1
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import count, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

import attrs
from contested import (
    DAY,
    FUNDING,
    Balances,
    Periods,
    Scopes,
    incentives,
    integrity,
    sales,
)

from prmcore.incentives import PeriodAction
from prmcore.incentives.payouts.model import PayoutAction
from prmcore.program.earning import earn, move_period
from prmcore.program.fund_work import approve_claim, reimburse
from prmcore.program.pay import approve_payout, move_payout, pay_payout, payouts_of, propose_payouts
from prmcore.repository import Store
from prmcore.storage import MemoryStore, SqliteStore, StoreUnusable
from prmcore.storage.unit import Change
from prmcore.values.wire import to_plain

__all__ = ["Death", "Expected", "Outcome", "Rows", "gentle", "judged", "killed", "main", "read_rows", "units"]

PATIENCE = 60.0  # seconds after which nobody waits for a word of a writer
YOUNG = 0.1  # of the writers make their file
AGAIN = 0.2  # of the files left with a log: who opens them, and so reads it again, is killed as well
WINDOW, YOUTH, RECOVERY = 0.08, 0.03, 0.003  # seconds after which each of them is killed, at most
AIMED = 0.6  # of the kills of a file that there is: at the writing of a commit, which takes less than waiting for the disk
WRITING, COMMITS = 0.0015, 8  # seconds from its beginning, at most; and the number of the commit, at most
PRELOADED = [
    "prmcore.program.fund_work",
    "prmcore.program.pay",
    "prmcore.program.register",
    "prmcore.storage",
]
PAYEES = tuple(f"p-{number:02}" for number in range(60))  # so that some units write many pages

Step: TypeAlias = Callable[[Store], object]


# what a writer does


def units(case: int) -> tuple[Step, ...]:
    """The units of work of one case: two registrations, a fund with its claims, a month of books that is paid."""
    scopes, balances, periods = Scopes(), Balances(), Periods()
    books = incentives(periods.books(12 * case))
    last = periods.range(0).last_day
    assert last is not None
    winner, claim = scopes.things(case)[0], balances.things(case)[0]
    return (
        *scopes.steps(case),
        partial(scopes.attempt, number=case, thing=winner, by="kim"),
        *balances.steps(case),
        partial(approve_claim, claim=claim, policy=FUNDING, by="ito", role="director", on=DAY),
        partial(
            reimburse, claim=claim, policy=FUNDING, key="1", by="cat", on=DAY, versions=incentives("vendor")
        ),
        partial(earn, versions=books, given=sales(books.name, 0, PAYEES), known=last),
        partial(propose_payouts, versions=books, on=last, by="ann"),
        partial(move_period, versions=books, period=last, action=PeriodAction.CLOSE, on=DAY, by="ann"),
        partial(_payout_moved, case=case, move=partial(approve_payout, by="bob", role="clerk")),
        partial(_payout_moved, case=case, move=partial(move_payout, action=PayoutAction.RELEASE, by="bob")),
        partial(_payout_moved, case=case, move=partial(pay_payout, by="cat")),
    )


def _payout_moved(store: Store, case: int, move: Callable[..., object]) -> None:
    books = incentives(Periods().books(12 * case))
    move(store, books, payouts_of(store, books.name, PAYEES[0])[0].id, on=DAY)


def every_unit(first: int = 0) -> Iterator[tuple[int, Step]]:
    """The units of all cases, one case after the other, with their numbers, from one of them on."""
    number = 0
    for case in count():
        for step in units(case):
            if number >= first:
                yield number, step
            number += 1


class EndedByItself(Exception):
    """A writer was over before it was killed: the store refused it, or a use case did."""


class Telling(SqliteStore):
    """A store that tells when it begins to keep a unit of work, and when it has."""

    def __init__(self, path: Path, tell: Connection) -> None:
        super().__init__(path)
        self.tell = tell

    def keep(self, changes: list[Change]) -> None:
        self.tell.send_bytes(b"keeping")
        super().keep(changes)
        self.tell.send_bytes(b"kept")


def write_on(path: Path, first: int | None, tell: Connection) -> None:
    """A writer: opens the store and does one unit after the other, until somebody ends it; None = it only opens."""
    warm()
    tell.send_bytes(b"opening")
    store = Telling(path, tell)
    tell.send_bytes(b"opened")
    if first is None:
        signal.pause()
    for _, step in every_unit(first or 0):
        step(store)


@cache
def warm() -> None:
    """Does a case once, so that a writer has read and compiled all that it needs, and its time goes into its units."""
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "warm.sqlite")
        for step in units(0):
            step(store)
        store.close()


# how it ends


@attrs.frozen
class Death:
    """How far a writer had come when it was killed, as it told."""

    opened: bool
    kept: int  # units that it acknowledged
    keeping: bool  # whether it had begun to keep another one


def killed(path: Path, first: int | None, delay: float, commits: int = 0) -> Death:
    """Starts a writer that goes on from a unit, and kills it.

    That is so many seconds after it began to open the store, or, of so many commits, to keep the last.
    """
    forking = multiprocessing.get_context("forkserver")  # forks from a process that has no store open
    receive, send = forking.Pipe(duplex=False)
    writer = forking.Process(target=write_on, args=(path, first, send))
    writer.start()
    send.close()
    heard = _heard(receive)
    told = Counter(islice(heard, 1))  # it is about to open the store
    while told[b"keeping"] < commits and (word := next(heard, None)):
        told[word] += 1
    time.sleep(delay)
    writer.kill()
    writer.join()
    told.update(heard)
    receive.close()
    if writer.exitcode != -signal.SIGKILL:
        raise EndedByItself(f"a writer ended by itself, with {writer.exitcode}")
    return Death(told[b"opened"] > 0, told[b"kept"], told[b"keeping"] > told[b"kept"])


def _heard(receive: Connection) -> Iterator[bytes]:
    """What a writer tells, to its end."""
    while receive.poll(PATIENCE):
        try:
            yield receive.recv_bytes()
        except EOFError:
            return


# what must be there


@attrs.define
class Rows:
    """What a store holds, row by row."""

    records: dict[tuple[str, str], tuple[int, Any]] = attrs.field(factory=dict)  # kind, id: version, body
    keys: dict[tuple[str, str], set[tuple[str, str]]] = attrs.field(factory=dict)  # kind, id: name, value

    def differences(self, other: Rows) -> list[str]:
        """The records that the other one has otherwise, not at all, or alone."""
        found = []
        for kind, id in sorted(
            self.records.keys() | other.records.keys() | self.keys.keys() | other.keys.keys()
        ):
            mine, theirs = self.records.get((kind, id)), other.records.get((kind, id))
            if mine != theirs:
                versions = [0 if one is None else one[0] for one in (mine, theirs)]
                found.append(f"{kind} {id}: version {versions[1]} instead of {versions[0]}, or another body")
            if self.keys.get((kind, id), set()) != other.keys.get((kind, id), set()):
                found.append(f"{kind} {id}: other keys than its own")
        return found


class Expected(MemoryStore):
    """What a store holds after so many units, each done once and whole."""

    def __init__(self) -> None:
        super().__init__()
        self.rows, self.done, self.sizes = Rows(), 0, Counter[int]()
        self.coming = every_unit()

    def keep(self, changes: list[Change]) -> None:
        super().keep(changes)
        self.sizes[len(changes)] += 1
        for one in changes:
            place = one.kind.name, one.identity
            self.rows.records[place] = one.expected + 1, json.loads(json.dumps(to_plain(one.record)))
            self.rows.keys[place] = {
                (name, value) for name, values in one.kind.values_of(one.record).items() for value in values
            }

    def advance(self, done: int) -> None:
        while self.done < done:
            number, step = next(self.coming)
            step(self)
            assert self.sizes.total() == number + 1, f"unit {number} is not one commit"
            self.done += 1


def read_rows(path: Path) -> Rows:
    """All rows of the file, read without the store."""
    found = Rows()
    connection = sqlite3.connect(path)
    try:
        for kind, id, version, body in connection.execute("SELECT kind, id, version, body FROM record"):
            found.records[kind, id] = version, json.loads(body)
            found.keys[kind, id] = set()
        for kind, id, name, value in connection.execute("SELECT kind, id, name, value FROM record_key"):
            found.keys.setdefault((kind, id), set()).add((name, value))
    finally:
        connection.close()
    return found


def judged(path: Path, expected: Expected, death: Death) -> list[str]:
    """What is wrong with the store of a writer that died; `expected` is brought to where the store is.

    It must open, be sound, hold all units that were acknowledged, and beside them nothing, or the one in flight, whole.
    """
    try:
        SqliteStore(path).close()
    except StoreUnusable as error:
        return [str(error)]
    if unsound := integrity(path):
        return unsound
    found = read_rows(path)
    expected.advance(expected.done + death.kept)
    missing = expected.rows.differences(found)
    if missing and death.keeping:
        expected.advance(expected.done + 1)
        missing = min(missing, expected.rows.differences(found), key=len)
    return missing


# from the beginning to the end


@attrs.define
class Outcome:
    """What came of the kills."""

    kills: int = 0
    opening: int = 0  # killed while it opened the store
    born: int = 0  # of these, while the file was new
    recovering: int = 0  # killed while it read a log again that the one before it had left
    keeping: int = 0  # killed while it kept a unit
    survived: int = 0  # of these, where the unit in flight is there, whole
    logs: int = 0  # kills after which SQLite had a log to read again
    files: int = 0
    units: int = 0  # acknowledged
    records: int = 0  # of the units that were kept, one for each change
    several: int = 0  # units that changed more than one record
    faults: list[str] = attrs.field(factory=list)
    seconds: float = 0.0

    def lines(self) -> Iterator[str]:
        yield (
            f"killed while opening: {self.opening + self.recovering:,} ({self.born:,} of them a new file, "
            f"{self.recovering:,} after another kill); while committing: {self.keeping:,}, of which {self.survived:,} were "
            f"kept whole and {self.keeping - self.survived:,} left nothing; otherwise: "
            f"{self.kills - self.opening - self.recovering - self.keeping:,}"
        )
        yield (
            f"{self.units:,} units acknowledged in {self.files:,} files; of those kept, {self.several:,} changed several "
            f"records ({self.records:,} changes in all); a log was left to recover {self.logs:,} times"
        )
        yield f"killed: {self.kills:,} kills in {self.seconds:.0f} s, {len(self.faults):,} promises broken"


def run(folder: Path, kills: int, seed: int) -> Outcome:
    """Kills so many writers, on one file after the other, and judges the store after each."""
    dice, outcome, begun = random.Random(seed), Outcome(), time.perf_counter()
    multiprocessing.get_context("forkserver").set_forkserver_preload(["__main__", *PRELOADED])
    expected, path = Expected(), folder / "0.sqlite"
    while outcome.kills < kills and not outcome.faults:  # what follows on a broken store says nothing more
        young = dice.random() < YOUNG or outcome.kills == 0
        if young:
            _counted(outcome, expected)
            expected, path = Expected(), folder / f"{outcome.files}.sqlite"
            outcome.files += 1
        try:
            wrong = _killed_and_judged(path, expected, outcome, dice, young)
        except EndedByItself as error:
            wrong = [str(error)]
        outcome.faults += [f"kill {outcome.kills}: {fault}" for fault in wrong]
    _counted(outcome, expected)
    outcome.seconds = time.perf_counter() - begun
    return outcome


def _killed_and_judged(
    path: Path, expected: Expected, outcome: Outcome, dice: random.Random, young: bool
) -> list[str]:
    start, log = expected.done, path.with_name(f"{path.name}-wal")
    outcome.kills += 1
    if not young and dice.random() < AIMED:
        death = killed(path, start, dice.uniform(0, WRITING), dice.randint(1, COMMITS))
    else:
        death = killed(path, start, dice.uniform(0, YOUTH if young else WINDOW))
    outcome.units += death.kept
    outcome.opening += not death.opened
    outcome.born += young and not death.opened
    outcome.keeping += death.keeping
    if log.exists() and log.stat().st_size:
        outcome.logs += 1
        if dice.random() < AGAIN:
            outcome.kills += 1
            outcome.recovering += not killed(path, None, dice.uniform(0, RECOVERY)).opened
    wrong = judged(path, expected, death)
    outcome.survived += expected.done - start - death.kept
    return wrong


def _counted(outcome: Outcome, expected: Expected) -> None:
    outcome.records += sum(size * times for size, times in expected.sizes.items())
    outcome.several += sum(times for size, times in expected.sizes.items() if size > 1)


def gentle(outcome: Outcome) -> list[str]:
    """Where no kill fell, so that the run has shown nothing there."""
    places = {
        "while a file was made": outcome.born,
        "while a log was read again": outcome.recovering,
        "while a unit was kept": outcome.keeping,
    }
    return [f"no kill fell {place}" for place, kills in places.items() if not kills]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="killed", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), asked.kills, asked.seed)
    outcome.faults += gentle(outcome)
    for fault in outcome.faults[:20]:
        print(f"BROKEN {fault}")
    for line in outcome.lines():
        print(line)
    return 1 if outcome.faults else 0


if __name__ == "__mp_main__":
    warm()  # in the process that writers are forked from
if __name__ == "__main__":
    sys.exit(main())
