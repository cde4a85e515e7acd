"""Records in one SQLite file: JSON beside indexed keys, safe for threads and processes."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prmcore.errors import InvalidInput, PrmError
from prmcore.repository import Aggregate, Conflict, Stored
from prmcore.storage.unit import Change, Unit
from prmcore.values.wire import from_plain, to_plain

__all__ = ["SqliteStore", "StoreUnusable"]

# Each step takes the file from one version to the next; steps are only ever added.
_SCHEMA: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE record (
            kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL CHECK (version > 0), body TEXT NOT NULL,
            PRIMARY KEY (kind, id)
        ) WITHOUT ROWID""",
        """CREATE TABLE record_key (
            kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
            PRIMARY KEY (kind, name, value, id),
            FOREIGN KEY (kind, id) REFERENCES record (kind, id) ON DELETE CASCADE
        ) WITHOUT ROWID""",
        "CREATE INDEX record_key_by_record ON record_key (kind, id)",
    ),
)
_UP_TO = """SELECT k.value, k.id, r.version, r.body
    FROM record_key k CROSS JOIN record r ON r.kind = k.kind AND r.id = k.id
    WHERE k.kind = :kind AND k.name = :name AND k.value <= :until AND (k.value, k.id) > (:day, :last)
    ORDER BY k.value, k.id LIMIT :page"""  # a page after the day and id that were last
PAGE = 500  # records read at a time, so that no reader keeps a writer waiting


class StoreUnusable(PrmError):
    """The file is not a store, is from a newer version, or cannot be opened or locked."""


class SqliteStore:
    """Keeps records in a file, one connection a thread.

    A commit is on disk when `commit` returns; a writer that dies before leaves nothing. Several processes may use one
    file. Writers wait for each other up to `patience` seconds.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        write: Callable[[Any], Any] = to_plain,
        read: Callable[[Any, type[Any]], Any] = from_plain,
        patience: float = 30.0,
    ) -> None:
        self.path = Path(path)
        self._write, self._read, self._patience = write, read, patience
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        with self._said():
            if self._version(self._connection) != len(_SCHEMA):
                self._migrate(self._connection)

    def unit_of_work(self) -> Unit:
        return Unit(self)

    def close(self) -> None:
        """Closes the connections of all threads; the store can still be used, and opens new ones."""
        while self._opened:
            self._opened.pop().close()
        self._local = threading.local()

    def __del__(self) -> None:
        """A store that is dropped, or whose file was refused, leaves no connection open."""
        if hasattr(self, "_opened"):
            self.close()

    def read(self, kind: Aggregate[Any], identity: str) -> Stored[Any] | None:
        with self._said():
            row = self._connection.execute(
                "SELECT version, body FROM record WHERE kind = ? AND id = ?", (kind.name, identity)
            ).fetchone()
        return None if row is None else self._stored(kind, row[0], row[1])

    def scan(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> Iterator[tuple[str, Stored[Any]]]:
        query, bound = _query(kind.name, wanted)
        last = ""
        while True:
            with self._said():
                rows = self._connection.execute(query, {**bound, "last": last}).fetchall()
            for identity, version, body in rows:
                yield identity, self._stored(kind, version, body)
            if len(rows) < PAGE:
                return
            last = rows[-1][0]

    def count(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> int:
        source, conditions, bound = _suiting(kind.name, wanted)
        counted = f"SELECT COUNT(*) FROM {source} WHERE {' AND '.join(conditions)}"
        with self._said():
            found: int = self._connection.execute(counted, bound).fetchone()[0]
        return found

    def scan_days(
        self, kind: Aggregate[Any], name: str, last: str
    ) -> Iterator[tuple[tuple[str, str], Stored[Any]]]:
        bound = {"kind": kind.name, "name": name, "until": last, "page": PAGE}
        day, identity = "", ""
        while True:
            with self._said():
                rows = self._connection.execute(_UP_TO, {**bound, "day": day, "last": identity}).fetchall()
            for day, identity, version, body in rows:
                yield (day, identity), self._stored(kind, version, body)
            if len(rows) < PAGE:
                return

    def keep(self, changes: list[Change]) -> None:
        written = [
            (one, json.dumps(one.kind.stamped(self._write(one.record)), ensure_ascii=False, sort_keys=True))
            for one in changes
        ]
        connection = self._connection
        with self._said():
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._keep(connection, written)
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise

    def _keep(self, connection: sqlite3.Connection, written: list[tuple[Change, str]]) -> None:
        for change, _ in written:
            row = connection.execute(
                "SELECT version FROM record WHERE kind = ? AND id = ?", (change.kind.name, change.identity)
            ).fetchone()
            found = 0 if row is None else row[0]
            if found != change.expected:
                raise Conflict(change.kind.name, change.identity, change.expected, found)
        connection.executemany(
            "INSERT INTO record (kind, id, version, body) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET version = excluded.version, body = excluded.body",
            [(one.kind.name, one.identity, one.expected + 1, body) for one, body in written],
        )
        connection.executemany(
            "DELETE FROM record_key WHERE kind = ? AND id = ?",
            [(one.kind.name, one.identity) for one, _ in written if one.expected],
        )
        connection.executemany(
            "INSERT INTO record_key (kind, id, name, value) VALUES (?, ?, ?, ?)",
            [
                (one.kind.name, one.identity, name, value)
                for one, _ in written
                for name, values in one.kind.values_of(one.record).items()
                for value in values
            ],
        )

    def _stored(self, kind: Aggregate[Any], version: int, body: str) -> Stored[Any]:
        try:
            written = json.loads(body)
        except (TypeError, ValueError, RecursionError) as error:
            raise StoreUnusable(
                f"{self.path.name} cannot be used as a store: a {kind.name} in it is not JSON: {error}"
            ) from None
        return Stored(self._read(kind.upcast(written), kind.record), version)

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self.path, timeout=self._patience, isolation_level=None, check_same_thread=False
            )
            self._opened.append(connection)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            self._local.connection = connection
        return connection

    def _version(self, connection: sqlite3.Connection) -> int:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return version

    def _migrate(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            version = self._version(connection)
            if version > len(_SCHEMA):
                raise StoreUnusable(
                    f"{self.path.name} was written by a newer prmcore (schema {version}); this one knows {len(_SCHEMA)}"
                )
            tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            if version == 0 and tables:
                raise StoreUnusable(f"{self.path.name} is a SQLite file of something else; name a new file")
            for statement in (one for step in _SCHEMA[version:] for one in step):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(_SCHEMA)}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _said(self) -> Iterator[None]:
        """SQLite's own errors, with the file's name and what they mean."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:  # the second: of a name in a damaged file
            raise StoreUnusable(f"{self.path.name} cannot be used as a store: {error}") from error
        except UnicodeEncodeError as error:
            raise InvalidInput(
                f"found {error.object[error.start : error.end]!r:.60}; accepted: whole characters, such as a store can hold"
            ) from None


def _query(kind: str, wanted: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """A page of records after the id `last`."""
    source, conditions, bound = _suiting(kind, wanted)
    first = "k" if wanted else "r"
    where = " AND ".join([*conditions, f"{first}.id > :last"])
    return (
        f"SELECT r.id, r.version, r.body FROM {source} WHERE {where} ORDER BY {first}.id LIMIT :page",
        {**bound, "page": PAGE},
    )


def _suiting(kind: str, wanted: Mapping[str, str]) -> tuple[str, list[str], dict[str, Any]]:
    """Records with all wanted key values. It begins at one of the keys: so it costs what was found, not what is there."""
    bound: dict[str, Any] = {"kind": kind}
    source, conditions = "record r", ["r.kind = :kind"]
    for number, (name, value) in enumerate(sorted(wanted.items())):
        bound |= {f"name{number}": name, f"value{number}": value}
        key = f"k.kind = :kind AND k.name = :name{number} AND k.value = :value{number}"
        if number == 0:
            source = "record_key k CROSS JOIN record r ON r.kind = k.kind AND r.id = k.id"  # in this order
            conditions = [key]
        else:
            conditions.append(f"EXISTS (SELECT 1 FROM record_key k WHERE {key} AND k.id = r.id)")
    return source, conditions, bound
