"""Both adapters keep the contract; what only one of them can get wrong is here too."""

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from prmcore.repository import Store
from prmcore.storage import MemoryStore, SqliteStore, StoreUnusable
from prmcore.testing import DurableRepositoryContract, RepositoryContract


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
