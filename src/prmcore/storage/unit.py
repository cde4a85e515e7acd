"""What both adapters share: a unit of work gathers changes, and reads through them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from heapq import merge
from operator import itemgetter
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeVar

import attrs

from prmcore.repository import Aggregate, KeyValue, NotFound, Repository, Stored
from prmcore.values import checked_id

__all__ = ["Backend", "Change", "Unit"]

R = TypeVar("R")
LONGEST = 1000  # characters of an id, which may be made of several


@attrs.frozen
class Change:
    """One record to keep, and the version that it replaces."""

    kind: Aggregate[Any]
    identity: str
    record: Any
    expected: int  # the version that the store must hold; 0 = none


class Backend(Protocol):
    """What an adapter does: read what is committed, and commit changes all or nothing."""

    def read(self, kind: Aggregate[Any], identity: str) -> Stored[Any] | None: ...

    def scan(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> Iterator[tuple[str, Stored[Any]]]:
        """Records that have all wanted key values, by id."""
        ...

    def count(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> int:
        """How many records have all wanted key values."""
        ...

    def scan_days(
        self, kind: Aggregate[Any], name: str, last: str
    ) -> Iterator[tuple[tuple[str, str], Stored[Any]]]:
        """Records whose day of that name is `last` or earlier, each with that day and its id, in this order."""
        ...

    def keep(self, changes: list[Change]) -> None:
        """Keeps all changes, or raises `Conflict` and keeps none."""
        ...


class Unit:
    """A unit of work over a backend."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.changes: dict[tuple[str, str], Change] = {}

    def repository(self, kind: Aggregate[R]) -> Repository[R]:
        return _Repository(self, kind)

    def commit(self) -> None:
        if self.changes:
            self.backend.keep(list(self.changes.values()))
            self.changes = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.changes = {}


@attrs.frozen
class _Repository(Generic[R]):
    unit: Unit
    kind: Aggregate[R]

    def get(self, identity: str) -> Stored[R]:
        changed = self.unit.changes.get((self.kind.name, identity))
        if changed is not None:
            return _kept(changed)
        found = self.unit.backend.read(self.kind, identity)
        if found is None:
            raise NotFound(self.kind.name, identity)
        return found

    def put(self, record: R, *, expected: int = 0) -> None:
        identity = checked_id(self.kind.identity(record), longest=LONGEST)
        earlier = self.unit.changes.get((self.kind.name, identity))
        if earlier is not None and expected == earlier.expected + 1:
            expected = earlier.expected  # changed twice in one unit: one change of what is committed
        self.unit.changes[self.kind.name, identity] = Change(self.kind, identity, record, expected)

    def __iter__(self) -> Iterator[Stored[R]]:
        return self.query()

    def query(self, **keys: KeyValue) -> Iterator[Stored[R]]:
        wanted = self.kind.wanted(keys)
        changed = self.changed()
        mine = [
            (identity, _kept(change))
            for identity, change in changed.items()
            if self.suits(change.record, wanted)
        ]
        committed = self.unit.backend.scan(self.kind, wanted)
        return _merged(mine, (found for found in committed if found[0] not in changed))

    def count(self, **keys: KeyValue) -> int:
        wanted = self.kind.wanted(keys)
        found = self.unit.backend.count(self.kind, wanted)
        for identity, change in self.changed().items():
            before = self.unit.backend.read(self.kind, identity)
            found -= before is not None and self.suits(before.record, wanted)
            found += self.suits(change.record, wanted)
        return found

    def up_to(self, name: str, last: datetime.date) -> Iterator[Stored[R]]:
        latest = self.kind.last_wanted(name, last)
        changed = self.changed()
        days = [(self.kind.day_of(change.record, name), change) for change in changed.values()]
        mine = [
            ((day, change.identity), _kept(change))
            for day, change in days
            if day is not None and day <= latest
        ]
        committed = self.unit.backend.scan_days(self.kind, name, latest)
        return _merged(mine, (found for found in committed if found[0][1] not in changed))

    def changed(self) -> dict[str, Change]:
        """This unit's own changes of the kind, by id."""
        return {
            identity: change
            for (name, identity), change in self.unit.changes.items()
            if name == self.kind.name
        }

    def suits(self, record: R, wanted: Mapping[str, str]) -> bool:
        values = self.kind.values_of(record)
        return all(value in values[name] for name, value in wanted.items())


def _merged(
    mine: list[tuple[Any, Stored[Any]]], committed: Iterator[tuple[Any, Stored[Any]]]
) -> Iterator[Stored[Any]]:
    """What this unit changed and what is committed, each in its order, as one."""
    place = itemgetter(0)
    return map(itemgetter(1), merge(sorted(mine, key=place), committed, key=place) if mine else committed)


def _kept(change: Change) -> Stored[Any]:
    return Stored(change.record, change.expected + 1)
