"""Records in memory: for tests, notebooks and what-if."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from prmcore.repository import Aggregate, Conflict, Stored
from prmcore.storage.unit import Change, Unit

__all__ = ["MemoryStore"]


class MemoryStore:
    """Keeps records in dicts, safe for threads; records are frozen, so they are kept as they are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: dict[str, dict[str, Stored[Any]]] = {}

    def unit_of_work(self) -> Unit:
        return Unit(self)

    def read(self, kind: Aggregate[Any], identity: str) -> Stored[Any] | None:
        with self._lock:
            return self._records.get(kind.name, {}).get(identity)

    def scan(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> Iterator[tuple[str, Stored[Any]]]:
        with self._lock:
            held = sorted(self._records.get(kind.name, {}).items())
        for identity, one in held:
            values = kind.values_of(one.record) if wanted else {}
            if all(value in values[name] for name, value in wanted.items()):
                yield identity, one

    def keep(self, changes: list[Change]) -> None:
        with self._lock:
            for change in changes:
                held = self._records.get(change.kind.name, {}).get(change.identity)
                found = 0 if held is None else held.version
                if found != change.expected:
                    raise Conflict(change.kind.name, change.identity, change.expected, found)
            for change in changes:
                kept = Stored(change.record, change.expected + 1)
                self._records.setdefault(change.kind.name, {})[change.identity] = kept
