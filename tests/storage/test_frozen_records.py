"""What an older prmcore has stored is read by this one: every kind of record, from files that are never written again.

`frozen/records-1.json` holds records of every kind as they were stored in the first schema. Whoever changes the written form
of a record adds an upcast to its aggregate and a new file beside the old one; the old one stays as it is. A kind that is new is added by
`python tests/storage/test_frozen_records.py`, which leaves those that are there alone.
"""

import importlib
import json
import pkgutil
from pathlib import Path
from typing import Any

import pytest

import prmcore
from prmcore.repository import Aggregate
from prmcore.storage import SqliteStore
from prmcore.values.wire import from_plain, to_plain

FROZEN = Path(__file__).parent / "frozen"
FILES = sorted(FROZEN.glob("records-*.json"))


def aggregates() -> dict[str, Aggregate[Any]]:
    """Every kind of record that prmcore stores, by its name."""
    found = {}
    for _, name, _ in pkgutil.walk_packages(prmcore.__path__, "prmcore."):
        if name.startswith(("prmcore.testing", "prmcore.__main__")):
            continue
        for one in vars(importlib.import_module(name)).values():
            if isinstance(one, Aggregate):
                found[one.name] = one
    return found


KINDS = aggregates()
CASES = [
    (path.name, name, place)
    for path in FILES
    for name, records in json.loads(path.read_text(encoding="utf-8")).items()
    for place in range(len(records))
]


def stored(file: str, kind: str, place: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FROZEN / file).read_text(encoding="utf-8"))[kind][place]
    return found


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_record_is_frozen(kind: str) -> None:
    assert stored("records-1.json", kind, 0)


@pytest.mark.parametrize(("file", "kind", "place"), CASES)
def test_a_stored_record_is_read_and_nothing_of_it_is_lost(
    file: str, kind: str, place: int, tmp_path: Path
) -> None:
    aggregate, written = KINDS[kind], stored(file, kind, place)
    record = from_plain(aggregate.upcast(written), aggregate.record)
    again = json.loads(json.dumps(aggregate.stamped(to_plain(record))))
    assert from_plain(aggregate.upcast(again), aggregate.record) == record
    if aggregate.schema == 1:
        missing = {name for name, part in written.items() if again.get(name) != part}
        assert missing == set()  # a field that is new has a default
    store = SqliteStore(tmp_path / "store.sqlite")
    with store.unit_of_work() as work:
        work.repository(aggregate).put(record)
        work.commit()
    with store.unit_of_work() as work:
        (kept,) = work.repository(aggregate)
        assert kept.record == record
    store.close()


def drawn(record: type[Any]) -> list[dict[str, Any]]:
    """Forty records in their written form, the same each time."""
    import hypothesis

    from prmcore.testing import strategies

    found: list[dict[str, Any]] = []
    checks = list(hypothesis.HealthCheck)

    @hypothesis.seed(1)
    @hypothesis.settings(max_examples=40, database=None, suppress_health_check=checks, deadline=None)
    @hypothesis.given(strategies.of(record))
    def draw(one: Any) -> None:
        found.append(to_plain(one))

    draw()
    return found


def freeze(path: Path) -> None:
    """Adds the kinds that are not in the file yet: the shortest, a middling and the longest of those drawn."""
    held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for name in sorted(set(KINDS) - set(held)):
        ordered = sorted(drawn(KINDS[name].record), key=lambda one: len(json.dumps(one)))
        held[name] = [ordered[0], ordered[len(ordered) // 2], ordered[-1]]
    path.write_text(json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    freeze(FROZEN / "records-1.json")
