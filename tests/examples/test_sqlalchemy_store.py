"""The how-to's store over SQLAlchemy keeps the same contract as the adapters that prmcore brings, on two databases."""

import threading
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from examples.sqlalchemy_store import KEY, METADATA, PAGE, RECORD, SqlAlchemyStore
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prmcore.errors import InvalidInput
from prmcore.incentives.funds.repository import FUND_BOOK_MOVES
from prmcore.incentives.repository import ENTRIES
from prmcore.partners import PARTNERS
from prmcore.repository import Aggregate, Conflict, Repository
from prmcore.storage import Unit
from prmcore.testing import DurableRepositoryContract, strategies
from prmcore.testing.repository_contract import NOTES, PATIENCE, Note, add

pytestmark = pytest.mark.slow


def on_sqlite(path: Path) -> SqlAlchemyStore:
    """A store over a SQLite file; writers wait for each other, and no connection outlives its use."""
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 60}, poolclass=sa.pool.NullPool)
    METADATA.create_all(engine)
    return SqlAlchemyStore(engine)


class TestOnSqlite(DurableRepositoryContract):
    def opener(self, folder: Path) -> partial[SqlAlchemyStore]:
        return partial(on_sqlite, folder / "store.sqlite")


def on_postgres(address: str, schema: str, **options: Any) -> SqlAlchemyStore:
    """A store in a schema of its own."""
    within = {"options": f"-c search_path={schema}"}
    engine = sa.create_engine(address, connect_args=within, poolclass=sa.pool.NullPool, **options)
    with engine.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
    METADATA.create_all(engine)
    return SqlAlchemyStore(engine)


class TestOnPostgres(DurableRepositoryContract):
    @pytest.fixture(autouse=True)
    def find_server(self, postgres: str) -> None:
        self.address = postgres

    def opener(self, folder: Path) -> partial[SqlAlchemyStore]:
        return partial(on_postgres, self.address, folder.name)


# What a database server can get wrong, and a file cannot.


@pytest.fixture
def store(postgres: str, tmp_path: Path) -> SqlAlchemyStore:
    return on_postgres(postgres, tmp_path.name)


def outcome(work: Unit) -> Exception | None:
    """What came of committing; None = it was kept."""
    try:
        work.commit()
    except Exception as error:
        return error
    return None


def changing(identity: str) -> sa.Update:
    return sa.update(RECORD).where(RECORD.c.id == identity).values(version=2)


def adding(identity: str) -> sa.Insert:
    return sa.insert(RECORD).values(
        kind=NOTES.name, id=identity, version=1, body={"id": identity, "number": 1}
    )


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.parametrize(
    ("identity", "write", "versions"), [("there", changing, (1, 2)), ("new", adding, (0, 1))]
)
def test_who_had_to_wait_for_a_faster_writer_has_a_conflict_at_any_level_of_the_engine(
    postgres: str,
    tmp_path: Path,
    level: str,
    identity: str,
    write: Callable[[str], sa.Executable],
    versions: tuple[int, int],
) -> None:
    store = on_postgres(postgres, tmp_path.name, isolation_level=level)
    add(store, Note("there", 1))
    answers: list[Exception | None] = []

    def slower() -> None:
        with store.unit_of_work() as work:
            work.repository(NOTES).put(Note(identity, 7), expected=versions[0])
            answers.append(outcome(work))

    waiting = threading.Thread(target=slower)
    with store.engine.begin() as faster:
        faster.execute(write(identity))
        waiting.start()
        wait_until_somebody_waits(store.engine)
    waiting.join(PATIENCE)
    (answer,) = answers
    assert isinstance(answer, Conflict)
    assert (answer.identity, answer.expected, answer.found) == (identity, *versions)


def wait_until_somebody_waits(engine: sa.Engine) -> None:
    """For a lock that another transaction holds."""
    asked = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    deadline = time.monotonic() + PATIENCE
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.execute(asked).scalar_one() == 0:
            assert time.monotonic() < deadline, "nobody waits"
            time.sleep(0.01)


def test_units_that_change_the_same_records_in_opposite_orders_do_not_lock_each_other_out(
    store: SqlAlchemyStore,
) -> None:
    names = [f"n{number}" for number in range(40)]
    add(store, *(Note(name, 0) for name in names))
    answers: list[Exception | None] = []
    start = threading.Barrier(2)

    def change(order: list[str]) -> None:
        for _ in range(8):
            with store.unit_of_work() as work:
                notes = work.repository(NOTES)
                for name in order:
                    found = notes.get(name)
                    notes.put(Note(name, found.record.number + 1), expected=found.version)
                start.wait(PATIENCE)
                answers.append(outcome(work))
                start.wait(PATIENCE)

    writers = [threading.Thread(target=change, args=(order,)) for order in (names, names[::-1])]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(PATIENCE)
    assert {type(answer) for answer in answers} == {type(None), Conflict}
    assert sum(isinstance(answer, Conflict) for answer in answers) == 8  # one of two, each time
    with store.unit_of_work() as work:
        assert {found.record.number for found in work.repository(NOTES)} == {8}


def test_records_come_by_code_point_whatever_the_language_of_the_server(store: SqlAlchemyStore) -> None:
    with store.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT 'a' < 'B'")).scalar_one() is True  # not so by code point
    add(store, *(Note(name, 1) for name in ("a", "B", "ä", "株", "あ", "𠮷", "～", "_", "b")))
    with store.unit_of_work() as work:
        found = [one.record.id for one in work.repository(NOTES)]
    assert found == ["B", "_", "a", "b", "ä", "あ", "株", "～", "𠮷"]


@pytest.fixture
def full(store: SqlAlchemyStore) -> SqlAlchemyStore:
    """A store of 20000 notes, two of each number, due on the days of a year in turn."""
    with store.engine.begin() as connection:
        for statement in (
            "INSERT INTO prmcore_record SELECT 'contract-note', 'n' || n, 1, jsonb_build_object('id', 'n' || n, 'number', n / 2)"
            " FROM generate_series(10000, 29999) n",
            "INSERT INTO prmcore_record_key SELECT 'contract-note', 'number', 'i:' || n / 2, 'n' || n"
            " FROM generate_series(10000, 29999) n",
            "INSERT INTO prmcore_record_key SELECT 'contract-note', 'due', 'd:' || date '2026-01-01' + n % 365, 'n' || n"
            " FROM generate_series(10000, 29999) n",
            "ANALYZE prmcore_record, prmcore_record_key",
        ):
            connection.execute(sa.text(statement))
    return store


def plan(store: SqlAlchemyStore, ask: Callable[[Repository[Note]], object]) -> list[dict[str, Any]]:
    """The steps in which PostgreSQL answers the last statement of a question."""
    statements: list[Any] = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *said: statements.append(said[2:4]))
    with store.unit_of_work() as work:
        ask(work.repository(NOTES))
    statement, parameters = statements[-1]
    with store.engine.connect() as connection:
        said = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
        steps = [said.scalar_one()[0]["Plan"]]
    for step in steps:
        steps += step.get("Plans", [])
    return steps


def of_keys(steps: list[dict[str, Any]]) -> dict[str, Any]:
    """The one step that reads keys."""
    (found,) = [step for step in steps if step.get("Relation Name") == KEY.name]
    return found


def test_what_is_due_is_read_from_the_index_and_from_where_the_last_page_ended(full: SqlAlchemyStore) -> None:
    last = date(2026, 12, 1)
    steps = plan(full, lambda notes: list(islice(notes.up_to("due", last), PAGE + 1)))
    assert not {"Seq Scan", "Sort"} & {step["Node Type"] for step in steps}
    assert of_keys(steps)["Index Name"] == "prmcore_record_key_pkey"
    assert "<= 'd:2026-12-01'" in of_keys(steps)["Index Cond"]
    # 55 are due on each of the first days of the year, so the 500th is due on the tenth
    assert "ROW(value, id) > ROW('d:2026-01-10', '" in of_keys(steps)["Index Cond"].replace("::text", "")


def test_a_question_by_key_is_answered_from_the_index(full: SqlAlchemyStore) -> None:
    steps = plan(full, lambda notes: list(notes.query(number=7000)))
    assert not {"Seq Scan", "Sort"} & {step["Node Type"] for step in steps}
    assert "(value = 'i:7000'" in of_keys(steps)["Index Cond"]


@pytest.mark.parametrize(
    "body", ["a\x00b", "\x00", "a\ud800b"], ids=["a NUL", "only NUL", "half a character"]
)
def test_what_postgresql_cannot_hold_is_refused_by_name_and_nothing_of_the_unit_is_kept(
    store: SqlAlchemyStore, body: str
) -> None:
    with store.unit_of_work() as work:
        work.repository(NOTES).put(Note("good", 1))
        work.repository(NOTES).put(Note("one", 1, (body,)))
        with pytest.raises(InvalidInput, match=r"the contract-note 'one' cannot be in this database"):
            work.commit()
    with store.unit_of_work() as work:
        assert work.repository(NOTES).count() == 0
        assert list(work.repository(NOTES).query(tag=body)) == []


def test_an_id_that_postgresql_cannot_hold_is_refused(store: SqlAlchemyStore) -> None:
    with store.unit_of_work() as work, pytest.raises(InvalidInput, match="cannot be in this database"):
        work.repository(NOTES).get("a\x00b")
    with store.unit_of_work() as work:
        work.repository(NOTES).put(Note("n" * 501, 1))
        with pytest.raises(InvalidInput, match=r"cannot be in this database: .*too long"):
            work.commit()


@pytest.mark.parametrize(
    "words",
    [
        "株式会社サンプル",
        "示例有限公司（上海）",
        "𠮷野家😀",
        "100%_\\'\"",
        "a\u2028b\u202ec\td\r\n",
        "語" * 3000,
    ],
    ids=["Japanese", "Chinese", "beyond 16 bits", "signs of SQL", "signs that are hidden", "long"],
)
def test_words_come_back_as_they_were_and_are_found(store: SqlAlchemyStore, words: str) -> None:
    add(store, Note("a", 1, (words,)), Note("b", 2, (f"{words}.", words[:-1])))
    with store.unit_of_work() as work:
        assert work.repository(NOTES).get("a").record.tags == (words,)
        assert [one.record.id for one in work.repository(NOTES).query(tag=words)] == ["a"]


@pytest.mark.parametrize("kind", [PARTNERS, ENTRIES, FUND_BOOK_MOVES], ids=lambda kind: kind.name)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_money_dates_and_fractions_come_back_exactly(
    store: SqlAlchemyStore, kind: Aggregate[Any], data: st.DataObject
) -> None:
    record = data.draw(strategies.of(kind.record))
    identity = kind.identity(record)
    held = store.read(kind, identity)
    with store.unit_of_work() as work:
        work.repository(kind).put(record, expected=0 if held is None else held.version)
        work.commit()
    with store.unit_of_work() as work:
        assert work.repository(kind).get(identity).record == record


def test_fields_of_records_can_be_asked_for_in_sql(store: SqlAlchemyStore) -> None:
    add(store, Note("a", 7, ("金",)), Note("b", 8, ("金", "銀")))
    asked = sa.select(RECORD.c.id).where(RECORD.c.body["number"].as_integer() > 7)
    with store.engine.connect() as connection:
        assert connection.execute(asked).scalars().all() == ["b"]
