"""Records in memory: for tests, notebooks and what-if."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from prmcore.repository import Aggregate, Conflict, Stored
from prmcore.storage.unit import Change, Unit

__all__ = ["MemoryStore"]

_Key: TypeAlias = tuple[str, str, str]  # kind, name of the key, value


class MemoryStore:
    """Keeps records in dicts, safe for threads; records are frozen, so they are kept as they are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: dict[str, dict[str, Stored[Any]]] = {}
        self._keys: dict[tuple[str, str], set[_Key]] = {}  # of each record, by kind and id
        self._by_key: dict[_Key, set[str]] = {}  # ids
        self._days: dict[
            tuple[str, str], list[str]
        ] = {}  # those there are, in order, by kind and name of the day

    def unit_of_work(self) -> Unit:
        return Unit(self)

    def read(self, kind: Aggregate[Any], identity: str) -> Stored[Any] | None:
        with self._lock:
            return self._records.get(kind.name, {}).get(identity)

    def scan(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> Iterator[tuple[str, Stored[Any]]]:
        with self._lock:
            held = self._records.get(kind.name, {})
            ordered = [(identity, held[identity]) for identity in sorted(self._suiting(kind, wanted))]
        yield from ordered

    def count(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> int:
        with self._lock:
            return len(self._suiting(kind, wanted))

    def _suiting(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> Collection[str]:
        """The ids of the records that have all wanted key values."""
        suiting = [self._by_key.get((kind.name, *pair), set()) for pair in wanted.items()]
        return set.intersection(*sorted(suiting, key=len)) if suiting else self._records.get(kind.name, {})

    def scan_days(
        self, kind: Aggregate[Any], name: str, last: str
    ) -> Iterator[tuple[tuple[str, str], Stored[Any]]]:
        with self._lock:
            held = self._records.get(kind.name, {})
            days = self._days.get((kind.name, name), [])
            ordered = [
                ((day, identity), held[identity])
                for day in days[: bisect_right(days, last)]
                for identity in sorted(self._by_key[kind.name, name, day])
            ]
        yield from ordered

    def keep(self, changes: list[Change]) -> None:
        keys = [_keys_of(change) for change in changes]
        with self._lock:
            for change in changes:
                held = self._records.get(change.kind.name, {}).get(change.identity)
                found = 0 if held is None else held.version
                if found != change.expected:
                    raise Conflict(change.kind.name, change.identity, change.expected, found)
            for change, now in zip(changes, keys, strict=True):
                kept = Stored(change.record, change.expected + 1)
                self._records.setdefault(change.kind.name, {})[change.identity] = kept
                self._index(change, now)

    def _index(self, change: Change, now: set[_Key]) -> None:
        before = self._keys.get((change.kind.name, change.identity), set())
        for key in before - now:
            self._by_key[key].remove(change.identity)
            if not self._by_key[key]:
                self._forget(key)
        for key in now - before:
            if key not in self._by_key:
                self._by_key[key] = set()
                if key[1] in change.kind.days:
                    insort(self._days.setdefault(key[:2], []), key[2])
            self._by_key[key].add(change.identity)
        self._keys[change.kind.name, change.identity] = now

    def _forget(self, key: _Key) -> None:
        """A value that no record has any more."""
        del self._by_key[key]
        days = self._days.get(key[:2])
        if days is not None:
            del days[bisect_left(days, key[2])]


def _keys_of(change: Change) -> set[_Key]:
    values = change.kind.values_of(change.record)
    return {(change.kind.name, name, value) for name, several in values.items() for value in several}
