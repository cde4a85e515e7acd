"""The contract catches adapters that lose or tear changes: a suite that cannot fail proves nothing."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from prmcore.repository import Aggregate, Conflict, Store, Stored
from prmcore.storage import MemoryStore
from prmcore.storage.unit import Change
from prmcore.testing import RepositoryContract


class LastWriterWins(MemoryStore):
    """Never looks at versions."""

    def keep(self, changes: list[Change]) -> None:
        for change in changes:
            held = self._records.setdefault(change.kind.name, {})
            held[change.identity] = Stored(change.record, change.expected + 1)


class Tears(MemoryStore):
    """Keeps the changes before the one that conflicts."""

    def keep(self, changes: list[Change]) -> None:
        for change in changes:
            super().keep([change])


class KeepsOldKeys(MemoryStore):
    """Finds records by what their keys once were."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[tuple[str, str], set[tuple[str, str]]] = {}

    def keep(self, changes: list[Change]) -> None:
        super().keep(changes)
        for change in changes:
            values = change.kind.values_of(change.record)
            known = self.keys.setdefault((change.kind.name, change.identity), set())
            known.update((name, value) for name, found in values.items() for value in found)

    def scan(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> Iterator[tuple[str, Stored[Any]]]:
        for identity, one in super().scan(kind, {}):
            if set(wanted.items()) <= self.keys[kind.name, identity]:
                yield identity, one


class Unordered(MemoryStore):
    """Gives records in the order in which they came."""

    def scan(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> Iterator[tuple[str, Stored[Any]]]:
        yield from list(self._records.get(kind.name, {}).items())


class ForgetsTheDay(MemoryStore):
    """Gives the days in the order of the ids."""

    def scan_days(
        self, kind: Aggregate[Any], name: str, last: str
    ) -> Iterator[tuple[tuple[str, str], Stored[Any]]]:
        yield from sorted(super().scan_days(kind, name, last), key=lambda found: found[0][1])


class Contract(RepositoryContract):
    __test__ = False

    def make_store(self, folder: Path) -> Store:
        return MemoryStore()


@pytest.mark.parametrize(
    ("broken", "caught_by"),
    [
        (LastWriterWins, Contract.test_the_second_of_two_overlapping_units_conflicts_and_the_first_is_kept),
        (LastWriterWins, Contract.test_adding_what_is_already_there_is_a_conflict),
        (Tears, Contract.test_a_conflict_keeps_nothing_of_the_unit),
        (KeepsOldKeys, Contract.test_old_key_values_are_forgotten),
        (ForgetsTheDay, Contract.test_records_up_to_a_day_come_in_the_order_of_their_days_then_by_id),
        (Unordered, Contract.test_records_come_in_the_order_of_their_ids_however_many),
    ],
)
def test_a_broken_adapter_does_not_pass(
    broken: type[MemoryStore], caught_by: Callable[[RepositoryContract, Store], None]
) -> None:
    with pytest.raises((AssertionError, Conflict, pytest.fail.Exception)):
        caught_by(Contract(), broken())
    caught_by(Contract(), MemoryStore())
