"""Both adapters keep the contract; what only one of them can get wrong is here too."""

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from prmcore.repository import Aggregate, Store
from prmcore.storage import MemoryStore, SqliteStore, StoreUnusable
from prmcore.testing import DurableRepositoryContract, RepositoryContract
from prmcore.testing.repository_contract import NOTES, Note, add


class TestMemoryStore(RepositoryContract):
    def make_store(self, folder: Path) -> Store:
        return MemoryStore()


class TestSqliteStore(DurableRepositoryContract):
    def opener(self, folder: Path) -> partial[SqliteStore]:
        return partial(SqliteStore, folder / "store.sqlite")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.sqlite"
    path.write_text("Dear partner, " * 100)
    with pytest.raises(StoreUnusable, match=r"letter\.sqlite"):
        SqliteStore(path)
    assert path.read_text().startswith("Dear partner")


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE customer (name TEXT)")
    other.close()
    with pytest.raises(StoreUnusable, match="something else"):
        SqliteStore(path)


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "newer.sqlite"
    SqliteStore(path).close()
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(StoreUnusable, match="newer prmcore"):
        SqliteStore(path)


def test_the_file_keeps_foreign_keys_and_a_write_ahead_log(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.sqlite")
    assert store._connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    store.close()


@pytest.mark.parametrize("keys", [{"number": 7}, {"number": 7, "tag": "x"}], ids=["one key", "two keys"])
def test_a_question_by_key_costs_what_it_finds_not_what_is_there(
    tmp_path: Path, keys: dict[str, int | str]
) -> None:
    def steps(others: int) -> int:
        """Of SQLite's machine, in dozens, for two records among so many."""
        store = SqliteStore(tmp_path / f"{others}.sqlite")
        add(store, *(Note(f"n{number}", number + 10, ("x",)) for number in range(others)))
        add(store, Note("found", 7, ("x",)), Note("n-too", 7, ("x", "y")))
        counted = []
        store._connection.set_progress_handler(lambda: counted.append(1), 12)
        with store.unit_of_work() as work:
            assert [found.record.id for found in work.repository(NOTES).query(**keys)] == ["found", "n-too"]
        store.close()
        return len(counted)

    assert steps(20) == steps(2000) < 20


def test_in_memory_a_question_by_key_reads_no_key_of_a_record_again() -> None:
    read: list[str] = []

    def number(note: Note) -> int:
        read.append(note.id)
        return note.number

    notes = Aggregate("note", Note, lambda note: note.id, {"number": number})
    store = MemoryStore()
    with store.unit_of_work() as work:
        for one in range(100):
            work.repository(notes).put(Note(f"n{one}", one))
        work.commit()
    read.clear()
    with store.unit_of_work() as work:
        assert [found.record.id for found in work.repository(notes).query(number=7)] == ["n7"]
    assert read == []
