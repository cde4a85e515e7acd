"""What both adapters share: a unit of work gathers changes, and reads through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
            return Stored(changed.record, changed.expected + 1)
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
        changed = {
            identity: change
            for (name, identity), change in self.unit.changes.items()
            if name == self.kind.name
        }
        mine = sorted(identity for identity, change in changed.items() if self.suits(change.record, wanted))
        committed = (
            (identity, one)
            for identity, one in self.unit.backend.scan(self.kind, wanted)
            if identity not in changed
        )
        return self.merged(mine, changed, committed)

    def suits(self, record: R, wanted: Mapping[str, str]) -> bool:
        values = self.kind.values_of(record)
        return all(value in values[name] for name, value in wanted.items())

    def merged(
        self, mine: list[str], changed: Mapping[str, Change], committed: Iterator[tuple[str, Stored[R]]]
    ) -> Iterator[Stored[R]]:
        """Two sequences by id as one."""
        waiting = list(reversed(mine))
        for identity, one in committed:
            while waiting and waiting[-1] < identity:
                yield self.changed(changed[waiting.pop()])
            yield one
        while waiting:
            yield self.changed(changed[waiting.pop()])

    def changed(self, change: Change) -> Stored[R]:
        return Stored(change.record, change.expected + 1)
