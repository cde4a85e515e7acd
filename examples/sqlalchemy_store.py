"""A store over SQLAlchemy 2: prmcore's records in two tables of the database that your application already has.

`Unit` does what every store needs: it gathers changes and reads through them. What is left are five methods:
`read`, `scan`, `count` and `scan_days` what is committed, and `keep` all changes or none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from prmcore.repository import Aggregate, Conflict, Stored
from prmcore.storage import Change, Unit
from prmcore.values.wire import from_plain, to_plain

PAGE = 500  # records read at a time, so that no reader keeps a writer waiting
METADATA = sa.MetaData()
ID = sa.String(200).with_variant(
    sa.String(200, collation="C"), "postgresql"
)  # by code point, as Python sorts

RECORD = sa.Table(
    "prmcore_record",
    METADATA,
    sa.Column("kind", sa.String(100), primary_key=True),
    sa.Column("id", ID, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
KEY = sa.Table(
    "prmcore_record_key",
    METADATA,
    sa.Column("kind", sa.String(100), primary_key=True),
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("id", ID, primary_key=True),
    sa.ForeignKeyConstraint(["kind", "id"], [RECORD.c.kind, RECORD.c.id]),
    sa.Index("prmcore_record_key_by_record", "kind", "id"),
)


class SqlAlchemyStore:
    """Keeps records through an engine that the caller made; `METADATA.create_all(engine)` makes the tables."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def unit_of_work(self) -> Unit:
        return Unit(self)

    def close(self) -> None:
        self.engine.dispose()

    def read(self, kind: Aggregate[Any], identity: str) -> Stored[Any] | None:
        asked = sa.select(RECORD.c.version, RECORD.c.body).where(*_is(RECORD, kind.name, identity))
        with self.engine.connect() as connection:
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
            with self.engine.connect() as connection:
                rows = connection.execute(
                    asked.where(sa.tuple_(KEY.c.value, KEY.c.id) > sa.tuple_(*place))
                ).all()
            for row in rows:
                place = (row.value, row.id)
                yield place, _stored(kind, row.version, row.body)
            if len(rows) < PAGE:
                return

    def keep(self, changes: list[Change]) -> None:
        """All changes in one transaction, in one order for all writers, so that no two wait for each other."""
        ordered = sorted(changes, key=lambda change: (change.kind.name, change.identity))
        written = [(change, json.dumps(to_plain(change.record), ensure_ascii=False)) for change in ordered]
        with self.engine.begin() as connection:
            refused = next((change for change, body in written if not _kept(connection, change, body)), None)
            if refused is not None:
                connection.rollback()
        if refused is not None:
            held = self.read(refused.kind, refused.identity)
            found = 0 if held is None else held.version
            raise Conflict(refused.kind.name, refused.identity, refused.expected, found)


def _kept(connection: sa.Connection, change: Change, body: str) -> bool:
    """Writes one change; False when the database holds another version than the one it replaces."""
    kind, identity = change.kind.name, change.identity
    after = {"version": change.expected + 1, "body": body}
    if change.expected:
        current = (*_is(RECORD, kind, identity), RECORD.c.version == change.expected)
        if connection.execute(sa.update(RECORD).where(*current).values(after)).rowcount == 0:
            return False
        connection.execute(sa.delete(KEY).where(*_is(KEY, kind, identity)))
    else:
        try:
            connection.execute(sa.insert(RECORD).values(kind=kind, id=identity, **after))
        except sa.exc.IntegrityError:
            return False
    found = change.kind.values_of(change.record).items()
    keys = [
        {"kind": kind, "id": identity, "name": name, "value": one} for name, held in found for one in held
    ]
    if keys:
        connection.execute(sa.insert(KEY), keys)
    return True


def _suits(kind: Aggregate[Any], wanted: Mapping[str, str]) -> Iterator[sa.ColumnElement[bool]]:
    yield RECORD.c.kind == kind.name
    for name, value in wanted.items():
        held = sa.select(KEY.c.id).where(KEY.c.kind == kind.name, KEY.c.name == name, KEY.c.value == value)
        yield RECORD.c.id.in_(held)


def _is(table: sa.Table, kind: str, identity: str) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.kind == kind, table.c.id == identity


def _stored(kind: Aggregate[Any], version: int, body: str) -> Stored[Any]:
    return Stored(from_plain(json.loads(body), kind.record), version)
