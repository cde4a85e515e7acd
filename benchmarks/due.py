"""What needs action by a day, among many kept records: the index of the stores beside a scan of all."""

from __future__ import annotations

import datetime
import random
import tempfile
import timeit
from collections.abc import Callable
from pathlib import Path

import attrs

from prmcore.repository import Aggregate, Store
from prmcore.storage import MemoryStore, SqliteStore

__all__ = ["timed"]

FIRST = datetime.date(2026, 1, 1)
DAYS = 3650


@attrs.frozen
class Kept:
    """As little as a record can be: what is measured is the index, and not the reading of paper."""

    id: str
    next_action_on: datetime.date


KEPT: Aggregate[Kept] = Aggregate(
    "kept", Kept, lambda one: one.id, days={"next_action_on": lambda one: one.next_action_on}
)


def timed(count: int, show: Callable[..., None]) -> dict[str, float]:
    """Microseconds of each question, on each adapter, printed beside the scan."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        sqlite = SqliteStore(Path(folder) / "due.sqlite")
        for name, store in (("memory", MemoryStore()), ("SQLite", sqlite)):
            fill(store, count)
            found |= {f"{what}, {name}": time for what, time in asked(store, count).items()}
        sqlite.close()
    print(f"\nwhat needs action by a day, among {count:,} records")
    for name in ("memory", "SQLite"):
        none, some, scan = (found[f"{what}, {name}"] for what in ("nothing", "a hundred", "a scan"))
        show(f"{name}: nothing is due", none, "us", most_value=10 if name == "memory" else None)
        show(f"{name}: a hundred are", some, "us", scan / some, "times as quick as the scan", least=50)
        show(f"{name}: a change, of many at once", found[f"a change, {name}"], "us", most_value=100)
    return found


def fill(store: Store, count: int) -> None:
    dice = random.Random(5)
    for start in range(0, count, 50_000):
        with store.unit_of_work() as work:
            kept = work.repository(KEPT)
            for number in range(start, min(start + 50_000, count)):
                kept.put(Kept(f"a-{number:07}", FIRST + datetime.timedelta(days=dice.randrange(DAYS))))
            work.commit()


def asked(store: Store, count: int) -> dict[str, float]:
    hundred = FIRST + datetime.timedelta(days=max(1, round(100 * DAYS / count)) - 1)

    def due(last: datetime.date) -> list[Kept]:
        with store.unit_of_work() as work:
            return [one.record for one in work.repository(KEPT).up_to("next_action_on", last)]

    def scanned() -> list[Kept]:
        with store.unit_of_work() as work:
            return [one.record for one in work.repository(KEPT) if one.record.next_action_on <= hundred]

    assert sorted(due(hundred), key=lambda one: one.id) == scanned()
    before = FIRST - datetime.timedelta(days=1)
    assert not due(before)
    return {
        "nothing": best(lambda: due(before), 200),
        "a hundred": best(lambda: due(hundred), 20),
        "a scan": best(scanned, 1, rounds=1),
        "a change": changed(store, min(count, 2000)),
    }


def changed(store: Store, many: int) -> float:
    """A change of a record's day, without reading it first, which costs what the record does."""
    with store.unit_of_work() as work:
        held = [work.repository(KEPT).get(f"a-{number:07}") for number in range(many)]
    later = [
        attrs.evolve(one.record, next_action_on=one.record.next_action_on + datetime.timedelta(days=30))
        for one in held
    ]

    def change() -> None:
        with store.unit_of_work() as work:
            kept = work.repository(KEPT)
            for one, record in zip(held, later, strict=True):
                kept.put(record, expected=one.version)
            work.commit()

    return timeit.timeit(change, number=1) / many * 1e6


def best(job: Callable[[], object], number: int, rounds: int = 5) -> float:
    return min(timeit.repeat(job, number=number, repeat=rounds)) / number * 1e6
