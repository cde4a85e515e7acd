"""What storage has to offer: repositories of records, and units of work that change several of them or none.

The caller supplies storage; prmcore brings two adapters (`prmcore.storage`) and the suite that any adapter has to pass
(`prmcore.testing.RepositoryContract`). Records are never deleted: what is over is ended.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Generic, Protocol, Self, TypeAlias, TypeVar, runtime_checkable

import attrs

from prmcore.errors import InvalidInput, PrmError, unknown_name
from prmcore.values import checked_date

__all__ = [
    "Aggregate", "Conflict", "KeyValue", "NotFound", "Repository", "Store", "Stored", "UnitOfWork", "Witness",
    "asked_for", "committed", "found_in",
]  # fmt: skip

R = TypeVar("R")
T = TypeVar("T")
KeyValue: TypeAlias = str | int | bool | datetime.date
SCHEMA = "$schema"  # beside the fields of a stored record


class NotFound(PrmError):
    """There is no record of that kind with that id."""

    def __init__(self, kind: str, identity: str) -> None:
        self.kind, self.identity = kind, identity
        super().__init__(f"there is no {kind} {identity!r}")


class Conflict(PrmError):
    """Somebody else has changed a record since it was read; nothing of the unit of work was kept. Read again, retry."""

    def __init__(self, kind: str, identity: str, expected: int, found: int) -> None:
        self.kind, self.identity, self.expected, self.found = kind, identity, expected, found
        super().__init__(
            f"the {kind} {identity!r} was expected in version {expected}, found in version {found}"
        )


@attrs.frozen
class Aggregate(Generic[R]):
    """A kind of record, as data: its type, its id, and the keys that it can be asked for by."""

    name: str  # such as "partner"
    record: type[R]
    identity: Callable[[R], str]
    keys: Mapping[str, Callable[[R], KeyValue | Iterable[KeyValue] | None]] = attrs.field(factory=dict)
    days: Mapping[str, Callable[[R], datetime.date | None]] = attrs.field(
        factory=dict
    )  # keys, of one day each
    is_log: bool = False  # every record is an entry of its own, and says itself who made it and when
    # how a stored record of each older schema becomes one of the next: the first takes schema 1 to 2. Only ever added to
    upcasts: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = ()

    def __attrs_post_init__(self) -> None:
        if twice := self.keys.keys() & self.days:
            raise InvalidInput(
                f"{', '.join(sorted(twice))}: found as a key and as a day; accepted: one of them"
            )

    @property
    def schema(self) -> int:
        """The version of the record's written form."""
        return len(self.upcasts) + 1

    def stamped(self, written: dict[str, Any]) -> dict[str, Any]:
        """A record in its written form, with the schema that it is written in; the first is not named."""
        return written if self.schema == 1 else {SCHEMA: self.schema, **written}

    def upcast(self, stored: dict[str, Any]) -> dict[str, Any]:
        """What an adapter has stored, in the written form of today; what a newer prmcore has stored is refused.

        >>> def renamed(written):
        ...     return {"id": written["id"], "note": written["text"]}
        >>> notes = Aggregate("note", dict, lambda note: note["id"], upcasts=(renamed,))
        >>> notes.upcast({"id": "1", "text": "call back"}), notes.stamped({"id": "1"})
        ({'id': '1', 'note': 'call back'}, {'$schema': 2, 'id': '1'})
        """
        if not isinstance(stored, dict):
            return stored  # whoever reads it says what is wrong with it
        found = stored.get(SCHEMA, 1)
        if type(found) is not int or not 1 <= found <= self.schema:
            raise InvalidInput(
                f"the {self.name} was stored in schema {found!r:.20}; accepted: 1 to {self.schema}, which this prmcore knows"
            )
        written = {name: part for name, part in stored.items() if name != SCHEMA}
        for upcast in self.upcasts[found - 1 :]:
            written = upcast(written)
        return written

    def values_of(self, record: R) -> dict[str, frozenset[str]]:
        """The record's value, or values, of each key, in the written form that adapters compare."""
        found = {name: frozenset(map(key_text, _several(read(record)))) for name, read in self.keys.items()}
        for name in self.days:
            day = self.day_of(record, name)
            found[name] = frozenset() if day is None else frozenset((day,))
        return found

    def day_of(self, record: R, name: str) -> str | None:
        """The record's day of that name, in the written form, which is in the order of the days."""
        day = self.days[name](record)
        return None if day is None else key_text(day)

    def wanted(self, asked: Mapping[str, KeyValue]) -> dict[str, str]:
        """What is asked for, in the form of `values_of`; keys that were not declared are refused."""
        for name in asked:
            if name not in self.keys and name not in self.days:
                raise InvalidInput(unknown_name(f"key of {self.name}", name, (*self.keys, *self.days)))
        return {name: key_text(value) for name, value in asked.items()}

    def last_wanted(self, name: str, last: datetime.date) -> str:
        """The last day that is asked for, in the form of `values_of`; a key that is no day is refused."""
        if name not in self.days:
            raise InvalidInput(unknown_name(f"day of {self.name}", name, self.days))
        return key_text(checked_date(last, name))


def key_text(value: KeyValue) -> str:
    """A key value as text, so that no two different ones look alike."""
    if isinstance(value, bool):
        return f"b:{value}"
    if isinstance(value, int):
        return f"i:{value}"
    return f"d:{value.isoformat()}" if isinstance(value, datetime.date) else f"s:{value}"


def _several(value: Any) -> Iterable[KeyValue]:
    if value is None:
        return ()
    return (value,) if isinstance(value, (str, int, datetime.date)) else value


@attrs.frozen
class Stored(Generic[R]):
    """A record, and the version that a change of it has to name."""

    record: R
    version: int  # 1 for the first


class Repository(Protocol[R]):
    """The records of one kind, as seen inside a unit of work: its own changes included."""

    def get(self, identity: str) -> Stored[R]:
        """The record; `NotFound` when there is none."""
        ...

    def put(self, record: R, *, expected: int = 0) -> None:
        """Adds (expected=0) or replaces a record that was read in version `expected`."""
        ...

    def __iter__(self) -> Iterator[Stored[R]]:
        """All records, by id."""
        ...

    def query(self, **keys: KeyValue) -> Iterator[Stored[R]]:
        """The records that have all these values among those of their declared keys, by id."""
        ...

    def count(self, **keys: KeyValue) -> int:
        """How many records `query` would give, without reading them."""
        ...

    def up_to(self, name: str, last: datetime.date) -> Iterator[Stored[R]]:
        """The records whose day of that name is `last` or earlier, in the order of those days, then by id."""
        ...


class UnitOfWork(Protocol):
    """Several changes, all or nothing. Leaving it without `commit` forgets them."""

    def repository(self, kind: Aggregate[R]) -> Repository[R]: ...

    def commit(self) -> None:
        """Keeps all changes, or raises `Conflict` and keeps none."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Store(Protocol):
    """Where units of work come from."""

    def unit_of_work(self) -> UnitOfWork: ...


@runtime_checkable
class Witness(Protocol):
    """A unit of work that is told what a change came to, before it is kept: for an audit trail."""

    def answered(self, answer: object) -> None: ...


def committed(store: Store, change: Callable[[UnitOfWork], T]) -> T:
    """Makes a change in a unit of work and commits it; begins again, reading anew, when somebody else was faster."""
    while True:
        with store.unit_of_work() as work:
            answer = change(work)
            if isinstance(work, Witness):
                work.answered(answer)
            try:
                work.commit()
            except Conflict:
                continue
            return answer


def found_in(repository: Repository[R], identity: str) -> Stored[R] | None:
    """The record, or None when there is none: for what may be new."""
    try:
        return repository.get(identity)
    except NotFound:
        return None


def asked_for(work: UnitOfWork, kind: Aggregate[R], identity: str) -> Stored[R]:
    """The record that a caller names; one that there is not is the caller's fault."""
    found = found_in(work.repository(kind), identity)
    if found is None:
        raise InvalidInput(f"there is no {kind.name.replace('-', ' ')} {identity!r:.200}")
    return found
