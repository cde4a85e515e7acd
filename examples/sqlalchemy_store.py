"""A store over SQLAlchemy 2: prmcore's records in two tables of the database that your application already has.

`Unit` does what every store needs: it gathers changes and reads through them. What is left are five methods:
`read`, `scan`, `count` and `scan_days` what is committed, and `keep` all changes or none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from prmcore.errors import InvalidInput
from prmcore.repository import Aggregate, Conflict, Stored
from prmcore.storage import Change, Unit
from prmcore.values.wire import from_plain, to_plain

PAGE = 500  # records read at a time, so that no reader keeps a writer waiting


def text(longest: int) -> sa.types.TypeEngine[str]:
    """Text in the order of code points, as Python sorts, and not in that of the server's language."""
    return sa.String(longest).with_variant(sa.String(longest, collation="C"), "postgresql")


METADATA = sa.MetaData()
RECORD = sa.Table(
    "prmcore_record",
    METADATA,
    sa.Column("kind", text(100), primary_key=True),
    sa.Column("id", text(500), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
)
KEY = sa.Table(
    "prmcore_record_key",
    METADATA,
    sa.Column("kind", text(100), primary_key=True),
    sa.Column("name", text(100), primary_key=True),
    sa.Column("value", text(100), primary_key=True),
    sa.Column("id", text(500), primary_key=True),
    sa.ForeignKeyConstraint(["kind", "id"], [RECORD.c.kind, RECORD.c.id]),
    sa.Index("prmcore_record_key_by_record", "kind", "id"),
)


class SqlAlchemyStore:
    """Keeps records through an engine that the caller made; `METADATA.create_all(engine)` makes the tables."""

    def __init__(self, engine: sa.Engine) -> None:
        # A writer that waited for another has to see what that one wrote, and find its own version outdated. Stricter
        # levels would end it with an error of the database where a Conflict is due.
        waits = engine.dialect.name == "postgresql"
        self.engine = engine.execution_options(isolation_level="READ COMMITTED") if waits else engine

    def unit_of_work(self) -> Unit:
        return Unit(self)

    def close(self) -> None:
        self.engine.dispose()

    def read(self, kind: Aggregate[Any], identity: str) -> Stored[Any] | None:
        asked = sa.select(RECORD.c.version, RECORD.c.body).where(*_is(RECORD, kind.name, identity))
        with _said(f"the {kind.name} {identity!r:.200}"), self.engine.connect() as connection:
            row = connection.execute(asked).one_or_none()
        return None if row is None else _stored(kind, row.version, row.body)

    def scan(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> Iterator[tuple[str, Stored[Any]]]:
        """Records that have all wanted key values, by id, a page at a time."""
        asked = sa.select(RECORD).where(*_suits(kind, wanted)).order_by(RECORD.c.id).limit(PAGE)
        last = ""
        while True:
            with self.engine.connect() as connection:
                rows = connection.execute(asked.where(RECORD.c.id > last)).all()
            yield from ((row.id, _stored(kind, row.version, row.body)) for row in rows)
            if len(rows) < PAGE:
                return
            last = rows[-1].id

    def count(self, kind: Aggregate[Any], wanted: Mapping[str, str]) -> int:
        asked = sa.select(sa.func.count()).select_from(RECORD).where(*_suits(kind, wanted))
        with self.engine.connect() as connection:
            return connection.execute(asked).scalar_one()

    def scan_days(
        self, kind: Aggregate[Any], name: str, last: str
    ) -> Iterator[tuple[tuple[str, str], Stored[Any]]]:
        """Records whose day of that name is `last` or earlier, in the order of the days, a page at a time."""
        asked = (
            sa.select(KEY.c.value, RECORD)
            .join(RECORD, sa.and_(RECORD.c.kind == KEY.c.kind, RECORD.c.id == KEY.c.id))
            .where(KEY.c.kind == kind.name, KEY.c.name == name, KEY.c.value <= last)
            .order_by(KEY.c.value, KEY.c.id)
            .limit(PAGE)
        )
        place = ("", "")
        while True:
            following = sa.tuple_(KEY.c.value, KEY.c.id) > sa.tuple_(*place)
            with self.engine.connect() as connection:
                rows = connection.execute(asked.where(following)).all()
            for row in rows:
                place = (row.value, row.id)
                yield place, _stored(kind, row.version, row.body)
            if len(rows) < PAGE:
                return

    def keep(self, changes: list[Change]) -> None:
        """All changes in one transaction, in one order for all writers, so that no two wait for each other."""
        try:
            with self.engine.begin() as connection:
                for change in sorted(changes, key=lambda one: (one.kind.name, one.identity)):
                    with _said(f"the {change.kind.name} {change.identity!r:.200}"):
                        _keep(connection, change)
        except _Outdated as outdated:
            change = outdated.change
            held = self.read(change.kind, change.identity)
            found = 0 if held is None else held.version
            raise Conflict(change.kind.name, change.identity, change.expected, found) from None


class _Outdated(Exception):
    """The database holds another version than the one that a change replaces; it takes the transaction back."""

    def __init__(self, change: Change) -> None:
        self.change = change


def _keep(connection: sa.Connection, change: Change) -> None:
    """Writes one change, and its keys anew."""
    kind, identity = change.kind.name, change.identity
    after = {"version": change.expected + 1, "body": change.kind.stamped(to_plain(change.record))}
    if change.expected:
        current = (*_is(RECORD, kind, identity), RECORD.c.version == change.expected)
        if connection.execute(sa.update(RECORD).where(*current).values(after)).rowcount == 0:
            raise _Outdated(change)
        connection.execute(sa.delete(KEY).where(*_is(KEY, kind, identity)))
    else:
        try:
            connection.execute(sa.insert(RECORD).values(kind=kind, id=identity, **after))
        except sa.exc.IntegrityError:
            raise _Outdated(change) from None
    values = change.kind.values_of(change.record)
    keys = [
        {"kind": kind, "id": identity, "name": name, "value": indexed(value)}
        for name, held in values.items()
        for value in held
    ]
    if keys:
        connection.execute(sa.insert(KEY), keys)


def indexed(value: str) -> str:
    """A key value as it is compared: itself, or, where an index could not hold it, its hash."""
    if len(value) <= 100 and value.isprintable():
        return value
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def _suits(kind: Aggregate[Any], wanted: Mapping[str, str]) -> Iterator[sa.ColumnElement[bool]]:
    yield RECORD.c.kind == kind.name
    for name, value in wanted.items():
        has = (KEY.c.kind == kind.name, KEY.c.name == name, KEY.c.value == indexed(value))
        yield RECORD.c.id.in_(sa.select(KEY.c.id).where(*has))


def _is(table: sa.Table, kind: str, identity: str) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.kind == kind, table.c.id == identity


def _stored(kind: Aggregate[Any], version: int, body: Any) -> Stored[Any]:
    return Stored(from_plain(kind.upcast(body), kind.record), version)


@contextmanager
def _said(what: str) -> Iterator[None]:
    """What the database cannot hold, such as a NUL in PostgreSQL, is the caller's fault, and is said by name."""
    try:
        yield
    except (sa.exc.DataError, UnicodeEncodeError) as error:
        raise InvalidInput(f"{what} cannot be in this database: {getattr(error, 'orig', error)}") from error
